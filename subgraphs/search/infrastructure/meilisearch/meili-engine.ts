/** The way to one Meilisearch: how long it may take, that a task is done and how it ended, and one sentence when it is not there. */
import { Meilisearch, type EnqueuedTaskPromise } from 'meilisearch';
import { AtlasError } from '../../../../platform/errors.ts';

export interface MeiliSettings {
  url: string;
  key?: string | undefined;
  /** What its indexes are called begins with it; another Atlas on the same Meilisearch has another. */
  prefix?: string;
  timeoutMs?: number;
  /** For how long a task is waited for: what was sent first is done first. */
  taskMs?: number;
}

const TIMEOUT_MS = 5_000;
const TASK_MS = 60_000;
const POLL_MS = 25;

export interface MeiliEngine {
  client: Meilisearch;
  prefix: string;
  /** Resolves when it has happened; rejects with what went wrong. `unless` is a code that is as good. */
  done(task: EnqueuedTaskPromise, unless?: string): Promise<void>;
}

export function openMeili({ url, key, prefix = 'atlas', timeoutMs = TIMEOUT_MS, taskMs = TASK_MS }: MeiliSettings): MeiliEngine {
  const client = new Meilisearch({ host: url, timeout: timeoutMs, ...(key && { apiKey: key }) });
  return {
    client, prefix,
    async done(task, unless) {
      const ended = await task.waitTask({ timeout: taskMs, interval: POLL_MS });
      if (ended.status !== 'succeeded' && (unless === undefined || ended.error?.code !== unless)) {
        throw new Error(`The task ${ended.uid} (${ended.type}) ended as ${ended.status}: ${ended.error?.code ?? 'without a code'}.`);
      }
    },
  };
}

export async function reached<T>(call: () => Promise<T>): Promise<T> {
  return call().catch((cause: unknown) => { throw cause instanceof AtlasError ? cause : new AtlasError('SEARCH_UNAVAILABLE', undefined, { cause }); });
}

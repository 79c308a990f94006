/**
 * Checks and plans documents in a thread of its own, one document after the other; the event loop only waits. A document
 * that takes too long is given up with its thread, and whoever waited behind it is planned by the next one.
 */
import { fileURLToPath } from 'node:url';
import { LRUCache } from 'lru-cache';
import { Piscina } from 'piscina';
import { AtlasError } from '../platform/errors.ts';
import type { Described, Planned, ToPlan } from './plan/thread.ts';

export interface Planner {
  readonly described: Described;
  /**
   * Rejects with GRAPHQL_VALIDATION_FAILED, with DOCUMENT_TOO_COMPLEX or DOCUMENT_NOT_PLANNED when no plan comes of it,
   * or with OVERLOADED when too many documents wait already.
   */
  plan(wanted: ToPlan): Promise<Plan>;
  close(): Promise<void>;
}

export type Plan = Extract<Planned, { plan: unknown }>;

export const PLAN_TIMEOUT_MS = 10_000;
/** Large supergraphs need some hundred; a planner that runs in a circle takes all there is. */
const MEMORY_MB_MAX = 1_024;
/** Documents that may wait for their plan; more come back later. */
const WAITING_MAX = 1_000;
/** What was too complex once would hold everybody up again: it is refused without a try for a while. */
const REFUSED = { max: 1_000, ttl: 600_000 };

/** From source the thread brings its own loader along; built, it is JavaScript like the rest. */
const THREAD = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './plan/thread.mjs' : './plan/thread.js', import.meta.url));

/** Rejects with what is wrong with the supergraph. */
export async function openPlanner(sdl: string, timeoutMs = PLAN_TIMEOUT_MS): Promise<Planner> {
  const thread = new Piscina({ filename: THREAD, minThreads: 1, maxThreads: 1, workerData: { sdl }, recordTiming: false, resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB_MAX } });
  thread.on('error', () => undefined); // whoever waits for the thread is told
  const describe = async () => (await thread.run(null, { name: 'describe' })) as Described;
  try {
    const described = await describe();
    const inTurn = turns();
    const refused = new LRUCache<string, AtlasError>(REFUSED);
    const planned = async (wanted: ToPlan, name: string): Promise<Planned> => {
      const known = refused.get(name);
      if (known) throw known;
      // A new thread reads the supergraph first: that time is not the document's.
      await describe();
      const deadline = new AbortController();
      const timer = setTimeout(() => deadline.abort(), timeoutMs);
      try {
        return (await thread.run(wanted, { name: 'plan', signal: deadline.signal })) as Planned;
      } catch (cause) {
        const error = failure(cause, deadline.signal.aborted);
        if (error.code === 'DOCUMENT_TOO_COMPLEX') refused.set(name, error);
        throw error;
      } finally {
        clearTimeout(timer);
      }
    };
    return {
      described,
      async plan(wanted) {
        const name = JSON.stringify(wanted);
        const found = await inTurn(() => planned(wanted, name));
        if ('plan' in found) return found;
        const [first] = found.faults;
        throw new AtlasError('GRAPHQL_VALIDATION_FAILED', first?.message, { faults: found.faults });
      },
      async close() {
        await inTurn.done(); // what was asked of it is still planned
        await thread.close();
      },
    };
  } catch (cause) {
    await thread.destroy();
    throw cause;
  }
}

/** The thread is gone when it ran out of time or of memory; anything else is the planner's own fault. */
function failure(cause: unknown, late: boolean): AtlasError {
  const spent = late || (cause as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY';
  return new AtlasError(spent ? 'DOCUMENT_TOO_COMPLEX' : 'DOCUMENT_NOT_PLANNED', undefined, { cause });
}

type Turns = (<T>(work: () => Promise<T>) => Promise<T>) & { done(): Promise<unknown> };

/** One after the other, in the order in which they came. */
function turns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const take = async <T>(work: () => Promise<T>): Promise<T> => {
    if (waiting >= WAITING_MAX) throw new AtlasError('OVERLOADED', 'Too many new documents wait to be planned; try again shortly.');
    waiting += 1;
    const result = last.then(work).finally(() => { waiting -= 1; });
    last = result.catch(() => undefined);
    return result;
  };
  return Object.assign(take, { done: () => last });
}

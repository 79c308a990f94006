/** What becomes of a job, in every process: each change is heard of, and what is shown is read anew, under the rights of that moment. Changes that come fast become one. */
import type { Log } from '../log.ts';
import { loop, type Loop } from '../loop.ts';
import { abortable } from '../stream/abortable.ts';
import type { JobGround } from './ground.ts';
import type { Job } from './jobs.ts';
import { JOBS_CHANNEL } from './tables.ts';

/** In case something was not heard. */
const LOOK_EVERY_MS = 5_000;

export interface Followers {
  /** As it is now, and after every change; it ends when the job has, when `read` finds nothing, or on the signal. */
  follow(id: string, read: () => Promise<Job | null>, signal: AbortSignal): AsyncIterableIterator<Job>;
  stop(): Promise<void>;
}

export function openFollowers(given: { hear: JobGround['hear']; log: Log }): Followers {
  const followers = new Map<string, Set<() => void>>();
  let looking: Loop | undefined;
  let unhear: (() => void) | undefined;
  const wakeAll = () => { for (const all of followers.values()) all.forEach((wake) => wake()); };

  const listen = (id: string, wake: () => void): (() => void) => {
    unhear ??= given.hear(JOBS_CHANNEL, (said) => (said === 'missed' ? wakeAll() : followers.get(said.word.split(' ', 1)[0]!)?.forEach((each) => each())));
    looking ??= loop({ name: 'followed jobs', everyMs: LOOK_EVERY_MS, log: given.log, round: async () => wakeAll() });
    const all = followers.get(id) ?? new Set();
    followers.set(id, all.add(wake));
    return () => { if (all.delete(wake) && all.size === 0 && followers.get(id) === all) followers.delete(id); };
  };

  async function* changes(id: string, read: () => Promise<Job | null>, signal: AbortSignal): AsyncGenerator<Job> {
    let changed = true;
    let wake: () => void = () => undefined;
    const hear = () => { changed = true; wake(); };
    const forget = listen(id, hear);
    signal.addEventListener('abort', hear, { once: true });
    try {
      for (let last = ''; ;) {
        while (!changed) await new Promise<void>((resolve) => { wake = resolve; });
        changed = false;
        if (signal.aborted) return;
        const job = await read();
        if (!job) return;
        const text = JSON.stringify(job);
        if (text !== last) yield job;
        if (job.finishedAt) return;
        last = text;
      }
    } finally {
      forget();
      signal.removeEventListener('abort', hear);
    }
  }

  return {
    follow: (id, read, signal) => abortable(changes(id, read, signal), signal),
    async stop() {
      unhear?.();
      await looking?.stop();
    },
  };
}

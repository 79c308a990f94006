/** One who wants to see everything, in this process: it reads the feed at its own pace and keeps no place in the database. */
import type { Log } from '../log.ts';
import type { Handler, Tail, Types } from './bus.ts';
import { eventOf, type Feed } from './feed.ts';

export function openTail(given: { types: Types; handler: Handler; after: number; gone?: (() => void) | undefined; feed: Feed; log: Log }): Tail {
  const { types, handler, feed, log } = given;
  let seen = given.after;
  let stopped = false;
  let reading: Promise<void> | null = null;

  const readAll = async (): Promise<void> => {
    for (let entries = await feed.read(seen); !stopped; entries = await feed.read(seen)) {
      // After they were read: what was removed before that is noticed, and what is removed later does not matter.
      if (given.gone && !(await feed.keeps(seen))) return giveUp(given.gone);
      if (entries.length === 0) return;
      for (const entry of entries) {
        if (stopped) return;
        if (types.includes('*') || types.includes(entry.type)) {
          await handler(eventOf(entry), String(entry.position)).catch((error: unknown) => log.warn({ err: error, type: entry.type }, 'Somebody who follows events failed on one; it goes on with the next.'));
        }
        seen = entry.position;
      }
    }
  };
  const giveUp = (gone: () => void) => {
    stopped = true;
    unsubscribe();
    gone();
  };
  const read = () => { reading ??= readAll().catch((error: unknown) => log.debug({ err: error }, 'The event log could not be read; it will be tried again.')).finally(() => { reading = null; }); };
  const unsubscribe = feed.onGrown(read);
  read();
  return {
    place: () => String(seen),
    behindMs: () => feed.behindMs(seen),
    async stop() {
      stopped = true;
      unsubscribe();
      await reading;
    },
  };
}

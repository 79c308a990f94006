/**
 * Many who tell at once, one request at a time: what comes while one is on its way goes with the next, in the order in
 * which it came. While Kafka is away it waits and is tried again, so whoever tells need not.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../log.ts';
import type { Sent } from './records.ts';

/** Of one request, in characters: brokers bound what they take at once, and one event may be large. */
const CHARACTERS_MAX = 400_000;
const AGAIN_FIRST_MS = 200;
const AGAIN_MAX_MS = 3_000;

interface Waiting { record: Sent; done: () => void; failed: (error: unknown) => void }

export interface Sending {
  /** Resolves once Kafka has them; rejects only when it is closed before. */
  send(records: readonly Sent[]): Promise<void>;
  close(): Promise<void>;
}

export function openSending(sendNow: (records: readonly Sent[]) => Promise<void>, log: Log): Sending {
  const closed = new AbortController();
  let waiting: Waiting[] = [];
  let running: Promise<void> | null = null;

  const take = (): Waiting[] => {
    let characters = 0;
    const count = waiting.findIndex(({ record }, index) => (characters += record.value.length) > CHARACTERS_MAX && index > 0);
    const taken = count < 0 ? waiting : waiting.slice(0, count);
    waiting = count < 0 ? [] : waiting.slice(count);
    return taken;
  };
  const sendUntilDone = async (records: readonly Sent[]): Promise<void> => {
    for (let wait = AGAIN_FIRST_MS; ; wait = Math.min(AGAIN_MAX_MS, wait * 2)) {
      if (closed.signal.aborted) throw new Error('The bus is closed.');
      try {
        await sendNow(records);
        if (wait > AGAIN_FIRST_MS) log.info('Kafka takes events again.');
        return;
      } catch (error) {
        if (wait === AGAIN_FIRST_MS) log.warn({ err: error }, 'Kafka does not take events; they wait, and are sent once it does.');
        await sleep(wait, undefined, { signal: closed.signal }).catch(() => undefined);
      }
    }
  };
  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = take();
      await sendUntilDone(batch.map(({ record }) => record)).then(() => batch.forEach(({ done }) => done()), (error: unknown) => batch.forEach(({ failed }) => failed(error)));
    }
  };
  const start = (): void => { running ??= run().finally(() => { running = null; if (waiting.length > 0) start(); }); };
  return {
    async send(records) {
      const all = Promise.all(records.map((record) => new Promise<void>((done, failed) => { waiting.push({ record, done, failed }); })));
      start();
      await all;
    },
    async close() {
      closed.abort();
      await running;
    },
  };
}

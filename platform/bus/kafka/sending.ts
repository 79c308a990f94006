/**
 * Many who tell at once, one request at a time: what comes while one is on its way goes with the next, in the order in
 * which it came. While Kafka is away it waits and is tried again, so whoever tells need not.
 */
import type { Log } from '../../log.ts';
import { untilDone } from '../until-done.ts';
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
    let failures = 0;
    const failed = (error: unknown) => {
      if ((failures += 1) === 1) log.warn({ err: error }, 'Kafka does not take events; they wait, and are sent once it does.');
    };
    if (!await untilDone(() => sendNow(records), { firstMs: AGAIN_FIRST_MS, maxMs: AGAIN_MAX_MS, failed, signal: closed.signal })) throw new Error('The bus is closed.');
    if (failures > 0) log.info('Kafka takes events again.');
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

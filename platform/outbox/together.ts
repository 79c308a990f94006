/**
 * Several events in one work. While one work of a key (a tenant) is under way, what comes for it waits, holding nothing,
 * and all of that is the next: the busier it is, the more an event costs less. What fails together is tried one by one, so
 * that one bad event does not make its neighbours bad.
 */
import pLimit from 'p-limit';
import type { Envelope } from '../event.ts';
import { LANES } from '../bus/tables.ts';

/** Each holds a connection of the service's pool. */
const WORKS_AT_ONCE = 3;
/** Lanes are handled in order, each one event at a time: more than there are lanes never come at once. */
export const TOGETHER_MAX = LANES;

interface Waiting<Event> { event: Event; resolve: () => void; reject: (error: unknown) => void }

export function together<Event extends Envelope>(given: { keyOf: (event: Event) => string; handle: (events: readonly [Event, ...Event[]]) => Promise<void> }): (event: Event) => Promise<void> {
  const { keyOf, handle } = given;
  const room = pLimit(WORKS_AT_ONCE);
  const waiting = new Map<string, Waiting<Event>[]>();
  const served = new Set<string>();

  const alone = async ({ event, resolve, reject }: Waiting<Event>): Promise<void> => room(() => handle([event])).then(resolve, reject);
  const all = async (batch: readonly Waiting<Event>[]): Promise<void> => {
    const [first, ...others] = batch;
    if (!first || others.length === 0) return first && alone(first);
    await room(() => handle([first.event, ...others.map(({ event }) => event)])).then(
      () => batch.forEach(({ resolve }) => resolve()),
      async () => { for (const each of batch) await alone(each); });
  };
  const serve = async (key: string): Promise<void> => {
    served.add(key);
    for (let batch = waiting.get(key); batch; batch = waiting.get(key)) {
      waiting.delete(key);
      await all(batch);
    }
    served.delete(key);
  };
  return (event) => new Promise<void>((resolve, reject) => {
    const key = keyOf(event);
    waiting.set(key, [...waiting.get(key) ?? [], { event, resolve, reject }]);
    if (!served.has(key)) void serve(key);
  });
}

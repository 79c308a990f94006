/**
 * Looks at what a provider has told of, and applies what is there. One at a time looks at a subscription, whatever it was
 * told about, so that of two looks the later one is also applied later.
 */
import type { Scope, Work } from '../../../platform/work.ts';
import type { PaidSubscriptions } from '../domain/provider-compare.ts';
import { subscriptionSubject, waitAfter, type Hold, type ProviderLooks, type Seen, type SignalPorts, type Subject } from '../domain/provider-signals.ts';

const BATCH_MAX = 20;
const AT_ONCE_MAX = 4;
const STALE_MAX = 500;
/** Longer than all that is asked of the provider in one look may take. */
const LEASE_MS = 180_000;
/** Somebody else looks at the same subscription. */
const BUSY_MS = 500;

export const systemScope: Scope = { kind: 'system', id: 'system:billing', userId: null, tenantId: null };

interface Given {
  work: Work<SignalPorts>;
  looks: ProviderLooks;
  apply: (seen: Seen) => Promise<void>;
  onFault: (error: unknown, subject: Subject) => void;
}

/** One round; true when there may be more. */
export const heedSignals = (given: Given) => async (): Promise<boolean> => {
  const due = await given.work(systemScope, ({ lanes }) => lanes.due(BATCH_MAX));
  const waiting = [...due];
  const one = async () => { for (let next = waiting.shift(); next; next = waiting.shift()) await heed(given, next); };
  await Promise.all(Array.from({ length: AT_ONCE_MAX }, one));
  return due.length === BATCH_MAX;
};

/** One round: whatever was told while nobody could hear it is seen within a day. */
export const lookDaily = ({ work, paid }: { work: Work<SignalPorts>; paid: PaidSubscriptions }) => async (): Promise<void> => {
  const subjects = (await paid()).map(({ reference }) => subscriptionSubject(reference));
  for (let from = 0; from < subjects.length; from += STALE_MAX) await work(systemScope, ({ lanes }) => lanes.wakeStale(subjects.slice(from, from + STALE_MAX)));
};

async function heed({ work, looks, apply, onFault }: Given, subject: Subject): Promise<void> {
  const hold = await work(systemScope, ({ lanes }) => lanes.take(subject, LEASE_MS));
  if (!hold) return;
  const held = [hold];
  let retryMs: number | null = null;
  try {
    const reference = await looks.referenceOf(subject);
    const whole = reference === null ? null : await holdSubscription(work, hold, reference);
    if (whole && whole !== hold) held.push(whole);
    if (reference !== null && !whole) retryMs = BUSY_MS;
    const seen = whole && await looks.look(subject);
    if (seen) await apply(seen);
  } catch (error) {
    onFault(error, subject);
    retryMs = waitAfter(hold.tries, Math.random());
  }
  const waitMs = retryMs;
  for (const one of held) await work(systemScope, ({ lanes }) => lanes.free(one, waitMs));
}

async function holdSubscription(work: Work<SignalPorts>, hold: Hold, reference: string): Promise<Hold | null> {
  const subject = subscriptionSubject(reference);
  return subject === hold.subject ? hold : work(systemScope, ({ lanes }) => lanes.take(subject, LEASE_MS));
}

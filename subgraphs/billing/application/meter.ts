import type { TenantId } from '../../../platform/ids.ts';
import type { Envelope } from '../../../platform/event.ts';
import { consumeAllOutside, type Consumer } from '../../../platform/outbox/inbox.ts';
import { together, TOGETHER_MAX } from '../../../platform/outbox/together.ts';
import type { Scope, Work } from '../../../platform/work.ts';
import { countedOf, sourceOf, type Counted, type CountedEvent } from '../domain/counted.ts';
import { usageEntry } from '../domain/ledger.ts';
import type { MeterPorts, Priced } from '../domain/meter-ports.ts';
import type { Period } from '../domain/period.ts';
import { chargeBudgets } from './charge-budgets.ts';
import { priceLines } from './price-lines.ts';

export const billingIn = (tenantId: TenantId): Scope & { tenantId: TenantId } => ({ kind: 'system', id: 'system:billing', userId: null, tenantId });

/** The one consumer that counts: never renamed, for its place in the log goes by it. */
export const METER = 'meter';

/**
 * Every event of every service that says what it counts for: kept line by line, added to the sums, entered in the books
 * and charged to budgets, in one work. The lines know what has been counted, so no event needs to be marked as handled; and
 * what waits for a tenant while it is being counted for is counted together. Whatever order they come in, the sums are the same.
 */
export const onUsage = (given: { work: Work<MeterPorts>; now: () => Date }): Consumer => {
  const hear = together<Envelope>({ keyOf: ({ tenant }) => tenant ?? '', handle: (events) => countAll(events.map(countedOf), given) });
  const consumer = consumeAllOutside(METER, (event) => (countedOf(event) ? hear(event) : Promise.resolve()));
  return { ...consumer, atOnce: TOGETHER_MAX };
};

/** All of one tenant; one that came twice is one. */
async function countAll(events: readonly (CountedEvent | null)[], { work, now }: { work: Work<MeterPorts>; now: () => Date }): Promise<void> {
  const lines = new Map(events.flatMap((event) => event?.lines ?? []).map((line) => [sourceOf(line), line]));
  const tenantId = events.find((event) => event !== null)!.tenantId;
  await work(billingIn(tenantId), (ports) => count(tenantId, [...lines.values()], now(), ports));
}

async function count(tenantId: TenantId, lines: readonly Counted[], now: Date, ports: MeterPorts): Promise<void> {
  const subscription = await ports.subscriptions.shared(tenantId);
  const priced = await priceLines(lines, tenantId, subscription, ports);
  const fresh = await ports.usages.add(tenantId, priced);
  const added = priced.filter((line) => fresh.has(sourceOf(line)));
  if (added.length === 0) return; // told again, or a log that was replayed
  if (subscription) await ports.ledger.post(added.flatMap((line) => entriesOf(line, tenantId, subscription.period())));
  await chargeBudgets(added, now, ports);
}

function entriesOf(line: Priced, tenantId: TenantId, running: Period) {
  const { metric, quantity, amount, currency, at } = line;
  if (amount === null || currency === null) return [];
  const entry = usageEntry({ running, tenantId, at, source: sourceOf(line), metric, quantity, amount: { amount, currency } });
  return entry ? [entry] : [];
}

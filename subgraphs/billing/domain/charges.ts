/** What a plan costs, as entries of the books: a period in advance, and the rest of one that changes in its midst. */
import { isZero, negated, share, type Decimal } from '../../../platform/decimal.ts';
import { entryOf, type NewEntry } from './ledger.ts';
import type { Period } from './period.ts';
import { feeOf, type Plan } from './plan.ts';
import type { Subscription } from './subscription.ts';

/** What is charged for a part of a month has so many places until the invoice rounds its sum. */
const PLACES = 12;
const day = (at: Date): string => at.toISOString().slice(0, 10);
const secondsOf = ({ from, to }: Period): number => Math.floor((to.getTime() - from.getTime()) / 1_000);

type Buyer = Pick<Subscription, 'id' | 'tenantId' | 'currency' | 'sandbox' | 'seats' | 'version'>;

function chargeEntry(buyer: Buyer, { amount, ...told }: { kind: 'SUBSCRIPTION' | 'PRORATION'; amount: Decimal; source: string; memo: string; at: Date; period: Date }): NewEntry[] {
  if (buyer.sandbox || isZero(amount)) return [];
  return [entryOf({
    ...told, tenantId: buyer.tenantId, currency: buyer.currency,
    postings: [{ account: 'unbilled', amount }, { account: 'revenue.subscription', amount: negated(amount) }],
  })];
}

/** The period that begins; it is billed with the one that has just ended. */
export const feeEntries = (buyer: Buyer, plan: Plan, { begins, billedWith }: { begins: Period; billedWith: Date }): NewEntry[] => chargeEntry(buyer, {
  kind: 'SUBSCRIPTION', amount: feeOf(plan, buyer.currency, buyer.seats), at: begins.from, period: billedWith,
  source: `${buyer.id}/${begins.from.toISOString()}`, memo: `${plan.name}, ${buyer.seats} seats, ${day(begins.from)} to ${day(begins.to)}`,
});

export interface Bought { plan: Plan; seats: number }
/** What is left of the period, to the second: given back as it was bought, and charged as it is from now on. */
export function prorationEntries(buyer: Buyer, { before, after, period, now }: { before: Bought; after: Bought; period: Period; now: Date }): NewEntry[] {
  const span = { part: Math.max(0, secondsOf({ from: now, to: period.to })), whole: secondsOf(period), places: PLACES };
  const part = ({ plan, seats }: Bought) => share(feeOf(plan, buyer.currency, seats), span);
  const line = (which: 'before' | 'after', { plan, seats }: Bought, amount: Decimal) => chargeEntry(buyer, {
    kind: 'PRORATION', amount, at: now, period: period.from, source: `${buyer.id}/${buyer.version}/${which}`,
    memo: `${plan.name}, ${seats} seats, ${which === 'before' ? 'unused' : 'from'} ${day(now)}`,
  });
  return [...line('before', before, negated(part(before))), ...line('after', after, part(after))];
}

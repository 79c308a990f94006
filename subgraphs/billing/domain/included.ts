/** What of a period's usage a plan has already paid for, credited when the period is closed. */
import { compare, decimal, isZero, minus, negated, share, times, ZERO, type Decimal } from '../../../platform/decimal.ts';
import { entryOf, type NewEntry } from './ledger.ts';
import { DAY_MS, type Period } from './period.ts';
import type { Included } from './plan.ts';

/** Which metrics an allowance is for; where it is for several, the dearer ones come first. */
const METRICS: Record<keyof Included, readonly string[]> = { points: ['api.points'], tokens: ['ai.output-tokens', 'ai.input-tokens'], storageBytes: ['storage.gb-days'] };
/** Beyond them an amount that is shared is cut off: no price has so many. */
const PLACES = 18;

/** What of one metric was used in a period, and what it is worth. */
export interface Used { metric: string; quantity: Decimal; amount: Decimal }

/** Bytes are allowed all the while, and counted in gigabytes and days. */
function allowanceOf(name: keyof Included, included: Included, period: Period): Decimal {
  const allowed = decimal(included[name]);
  return name === 'storageBytes' ? times(share(allowed, { part: period.to.getTime() - period.from.getTime(), whole: DAY_MS, places: PLACES }), decimal('0.000000001')) : allowed;
}

/** Of each metric what is credited; `included` null: all of it. */
export function creditsOf(included: Included | null, used: readonly Used[], period: Period): { metric: string; quantity: Decimal; amount: Decimal }[] {
  if (included === null) return used.map(({ metric, quantity, amount }) => ({ metric, quantity, amount }));
  const byMetric = new Map(used.map((one) => [one.metric, one]));
  return (Object.keys(METRICS) as (keyof Included)[]).flatMap((name) => {
    let left = allowanceOf(name, included, period);
    return METRICS[name].flatMap((metric) => {
      const one = byMetric.get(metric);
      if (!one || isZero(left) || compare(one.quantity, ZERO) <= 0) return [];
      const whole = compare(one.quantity, left) <= 0;
      const credit = whole ? one : { metric, quantity: left, amount: share(one.amount, { part: left, whole: one.quantity, places: PLACES }) };
      left = whole ? minus(left, one.quantity) : ZERO;
      return [{ metric, quantity: credit.quantity, amount: credit.amount }];
    });
  });
}

export const creditEntries = (given: { tenantId: NewEntry['tenantId']; currency: string; period: Date; at: Date; source: string; credits: readonly Used[] }): NewEntry[] =>
  given.credits.filter(({ amount }) => !isZero(amount)).map(({ metric, quantity, amount }) => entryOf({
    tenantId: given.tenantId, currency: given.currency, period: given.period, at: given.at, kind: 'INCLUDED', metric, quantity,
    source: `${given.source}/${metric}`, memo: `${metric}, included`,
    postings: [{ account: 'included', amount }, { account: 'unbilled', amount: negated(amount) }],
  }));


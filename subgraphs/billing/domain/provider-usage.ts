/** What a provider has been told of usage: so many of a metric on a day, in whole numbers. */
import { minus, type Decimal } from '../../../platform/decimal.ts';
import type { TenantId } from '../../../platform/ids.ts';

/** `from` is what it was told before, `to` what it is told now; `round`: how often it has been told of this day before. */
export interface Telling { metric: string; day: Date; round: number; from: Decimal; to: Decimal }

export interface UsageTold {
  /** What is to be told, noted before it is: whoever dies while telling is followed by one who tells the same. */
  claim(tenantId: TenantId, given: { since: Date; max: number }): Promise<Telling[]>;
  done(tenantId: TenantId, tellings: readonly Telling[]): Promise<void>;
}
export interface Payer { tenantId: TenantId; customer: string }
export type Payers = () => Promise<Payer[]>;

const DAY_MS = 86_400_000;
/** As an event of the day, or of this moment while the day lasts. Its name says which telling it is, so that it counts once, and a sum that comes back to what it was is told all the same. */
export const usageOf = ({ tenantId, customer }: Payer, { metric, day, round, from, to }: Telling, now: Date) => ({
  key: `${tenantId}:${metric}:${day.toISOString().slice(0, 10)}:${round}`, customer, metric, quantity: minus(to, from),
  at: new Date(Math.min(now.getTime(), day.getTime() + DAY_MS - 1)),
});

/**
 * What a process has reserved of one hard budget: operations draw on it in memory, and what an operation was not worth
 * comes back to it. Of a budget in another currency than the tenant's nothing is drawn: the meter counts nothing there.
 */
import { compare, decimal, minus, share, sum, times, ZERO, type Decimal } from '../../platform/decimal.ts';
import type { BudgetUnit, Granted, Returned } from '../../platform/billing/ports.ts';
import type { Tariff } from '../../platform/billing/tariff.ts';

/** Billing may take back what has expired, a while later; this much before it nothing is begun with it. */
const MARGIN_MS = 5_000;
/** With less than a quarter left of what was last granted more is asked for, before anybody has to wait for it. */
const LOW_PARTS = 4;
const PLACES = 12;
/** More than so many grants lie here when others of the same caller are used up sooner: the rest is somebody else's to use. */
const GRANTS_KEPT = 4;
/** What was drawn by a stream may come back long after nothing more was. */
const FORGOTTEN_MS = 3_600_000;

export class Purse {
  readonly budgetId: string;
  readonly unit: BudgetUnit;
  private room: Decimal = ZERO;
  private low: Decimal = ZERO;
  private high: Decimal = ZERO;
  private currency: string | null = null;
  private resetAt = '';
  private endsAt = 0;
  private renewAt = 0;

  constructor({ budgetId, unit }: Pick<Granted, 'budgetId' | 'unit'>) {
    this.budgetId = budgetId;
    this.unit = unit;
  }

  grant({ granted, currency, resetAt, expiresAt }: Granted, now: number): void {
    // What is left of another period's is nobody's any more.
    this.room = this.resetAt === resetAt ? sum(this.room, granted) : granted;
    this.low = share(granted, { part: 1, whole: LOW_PARTS, places: PLACES });
    this.high = times(granted, GRANTS_KEPT);
    Object.assign(this, { currency, resetAt });
    const lasts = Date.parse(expiresAt) - now;
    this.endsAt = now + lasts - Math.min(MARGIN_MS, lasts / 2);
    this.renewAt = now + lasts / 2;
  }

  /** What so many points take of it. */
  needs(points: number, tariff: Tariff | null): Decimal {
    if (this.unit === 'POINTS') return decimal(points);
    return tariff?.currency === this.currency ? tariff.points(points) : ZERO;
  }
  /** `evenExpired`: nobody can be asked for more. */
  has(amount: Decimal, now: number, evenExpired = false): boolean {
    return (evenExpired ? now < Date.parse(this.resetAt) : now < this.endsAt) && compare(this.room, amount) >= 0;
  }
  /** May go below nothing: what was worth more than was thought is owed to whoever comes next. */
  take(amount: Decimal): void { this.room = minus(this.room, amount); }
  put(amount: Decimal, resetAt: string): void { if (this.resetAt === resetAt) this.room = sum(this.room, amount); }
  /** Which period's it is. */
  get period(): string { return this.resetAt; }

  isLow(now: number): boolean { return now >= this.renewAt || compare(this.room, this.low) < 0; }
  isForgotten(now: number): boolean { return now >= this.endsAt + FORGOTTEN_MS; }
  /** How much is missing of this; zero or less when nothing is. */
  lacks(amount: Decimal, now: number): Decimal { return now < this.endsAt ? minus(amount, this.room) : amount; }

  /** What is not wanted here any more, or not so soon; all of it at the end. */
  spare(now: number, isEnd = false): Returned | null {
    const kept = isEnd || now >= this.endsAt ? ZERO : this.high;
    if (compare(this.room, kept) <= 0) return null;
    const amount = minus(this.room, kept);
    this.room = kept;
    return { budgetId: this.budgetId, resetAt: this.resetAt, amount };
  }
}

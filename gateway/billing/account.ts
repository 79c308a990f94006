/** The budgets that a person or a key comes under, and what this process has reserved of them. */
import { compare, minus, sum, ZERO, type Decimal } from '../../platform/decimal.ts';
import type { Purse } from './purse.ts';
import type { BudgetUnit, Refused, Spender, Want } from '../../platform/billing/ports.ts';
import type { Tariff } from '../../platform/billing/tariff.ts';

/** That there is no other budget is believed for so long; events say it sooner. */
const BELIEVED_MS = 60_000;
/** Who was refused is refused again without asking for a moment: a program that goes on all the same costs nobody much. */
const REFUSED_MS = 1_000;
const AGAIN_MS = 1_000;

/** What one operation has drawn. */
export class Drawn {
  private readonly from: readonly { purse: Purse; period: string }[];

  constructor(purses: readonly Purse[], private readonly tariff: Tariff | null, private points: number) {
    this.from = purses.map((purse) => ({ purse, period: purse.period }));
  }

  more(points: number): void { this.points += points; }
  /** What was drawn for nothing goes back. */
  settle(points: number): void {
    for (const { purse, period } of this.from) purse.put(minus(purse.needs(this.points, this.tariff), purse.needs(points, this.tariff)), period);
  }
}
/** Of those who come under no hard budget, which are most. */
export const FREELY: Pick<Drawn, 'more' | 'settle'> = { more: () => undefined, settle: () => undefined };

export class Account {
  purses: readonly Purse[] = [];
  /** Somebody has said which budgets there are. */
  isHeard = false;
  asking: Promise<void> | null = null;
  private askAt = 0;
  private silentUntil = 0;
  private refused: { by: Refused; until: number } | null = null;

  constructor(readonly spender: Spender) {}

  draw(points: number, tariff: Tariff | null, now: number, evenExpired = false): Pick<Drawn, 'more' | 'settle'> | null {
    if (!this.isHeard && !evenExpired) return null;
    if (this.purses.length === 0) return FREELY;
    const needs = this.purses.map((purse) => purse.needs(points, tariff));
    if (!this.purses.every((purse, at) => purse.has(needs[at]!, now, evenExpired))) return null;
    this.purses.forEach((purse, at) => purse.take(needs[at]!));
    return new Drawn(this.purses, tariff, points);
  }

  /** What is missing at most, and what would be there for a while, of the budgets in this unit. */
  wants(unit: BudgetUnit, needed: Decimal, block: Decimal, now: number): Want {
    const lacking = this.isHeard ? this.purses.filter((purse) => purse.unit === unit).map((purse) => purse.lacks(needed, now)) : [needed];
    const atLeast = lacking.reduce(most, ZERO);
    return { unit, atLeast, amount: sum(atLeast, block) };
  }

  heard(purses: readonly Purse[], now: number): void {
    this.purses = purses;
    this.isHeard = true;
    this.askAt = now + BELIEVED_MS;
  }
  /** Something has changed, and who comes next waits for what it is. */
  forget(): void {
    this.isHeard = false;
    this.refused = null;
  }
  /** It could be asked in the background, while there is room. */
  wantsNews(now: number): boolean {
    return this.asking === null && !this.isSilent(now) && now >= (this.refused?.until ?? 0) && (now >= this.askAt || this.purses.some((purse) => purse.isLow(now)));
  }

  /** Nobody answered: nobody is asked for a moment. */
  unanswered(now: number): void {
    this.silentUntil = now + AGAIN_MS;
  }
  isSilent(now: number): boolean { return now < this.silentUntil; }

  refuse(by: Refused, now: number): void {
    this.refused = { by, until: now + REFUSED_MS };
  }
  /** The budget that has just refused as much as this. */
  refusalOf(needsOf: (by: Refused) => Decimal, now: number): Refused | null {
    if (!this.refused || now >= this.refused.until) return null;
    const { by } = this.refused;
    const needed = needsOf(by);
    const lacking = this.purses.find(({ budgetId }) => budgetId === by.budgetId)?.lacks(needed, now) ?? needed;
    return compare(lacking, by.remaining) > 0 ? by : null;
  }
}

const most = (one: Decimal, other: Decimal): Decimal => (compare(one, other) >= 0 ? one : other);

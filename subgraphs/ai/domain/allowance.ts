/** What is reserved for one holder: whether what it uses is within that, what is missing, and what is left of it. */
import { compare, decimal, minus, sum, ZERO, type Decimal } from '../../../platform/decimal.ts';
import type { BudgetUnit, Lease, Returned, Want } from './budgets.ts';
import { worthOf, type Quantities, type Tariff } from './tariff.ts';

/** Half of the time for which whoever keeps budgets grants one. */
const RENEW_BEFORE_MS = 30_000;

export class Allowance {
  private readonly held = new Map<string, Lease>();
  /** Somebody has said which budgets there are. */
  private isHeard = false;

  constructor(private readonly tariff: Tariff | null) {}

  grant(leases: readonly Lease[]): void {
    this.isHeard = true;
    for (const lease of leases) {
      const before = this.held.get(lease.budgetId);
      // What is left of another period's is nobody's any more.
      this.held.set(lease.budgetId, before?.resetAt === lease.resetAt ? { ...lease, granted: sum(before.granted, lease.granted) } : lease);
    }
  }
  /** What somebody else was granted before for the same; what has expired meanwhile may be another's. */
  goOn(leases: readonly Lease[], now: number): void {
    this.grant(leases);
    for (const { budgetId, expiresAt } of this.held.values()) if (Date.parse(expiresAt) <= now) this.held.delete(budgetId);
    this.isHeard = this.held.size > 0;
  }

  /** Nothing holds its holder. */
  get isFree(): boolean { return this.isHeard && this.held.size === 0; }
  holds(used: Quantities): boolean { return this.isHeard && [...this.held.values()].every(({ unit, granted }) => compare(this.worth(unit, used), granted) <= 0); }
  endsSoon(now: number): boolean { return [...this.held.values()].some(({ expiresAt }) => Date.parse(expiresAt) - RENEW_BEFORE_MS <= now); }

  /** What is missing for so much at least, and would be well for so much. `all`: also where nothing is, so that it lasts. */
  wants(needed: Quantities, wished: Quantities, all = false): Want[] {
    const units: readonly BudgetUnit[] = this.tariff ? ['TOKENS', 'MONEY'] : ['TOKENS'];
    return units.filter((unit) => !this.isHeard || this.of(unit).length > 0)
      .map((unit): Want => ({ unit, amount: this.lacking(unit, wished), atLeast: this.lacking(unit, needed) }))
      .filter(({ amount }) => all || amount !== ZERO);
  }
  /** What will not be used of each; `usedOf` says what has been, of a collection or (null) in all. */
  rests(usedOf: (collectionId: string | null) => Quantities): Returned[] {
    return [...this.held.values()].map(({ budgetId, unit, collectionId, granted, resetAt }) => ({ budgetId, resetAt, amount: minus(granted, this.worth(unit, usedOf(collectionId))) })).filter(({ amount }) => compare(amount, ZERO) > 0);
  }

  private of(unit: BudgetUnit): Lease[] { return [...this.held.values()].filter((lease) => lease.unit === unit); }
  private worth(unit: BudgetUnit, used: Quantities): Decimal { return unit === 'TOKENS' ? decimal(used.inputTokens + used.outputTokens) : worthOf(used, this.tariff); }
  private lacking(unit: BudgetUnit, used: Quantities): Decimal {
    const worth = this.worth(unit, used);
    if (!this.isHeard) return worth;
    return this.of(unit).map(({ granted }) => minus(worth, granted)).reduce((most, one) => (compare(one, most) > 0 ? one : most), ZERO);
  }
}

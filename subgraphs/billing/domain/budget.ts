import { Aggregate } from '../../../platform/aggregate.ts';
import { compare, isZero, ZERO, type Decimal } from '../../../platform/decimal.ts';
import { newId, type ApiKeyId, type CollectionId, type Id, type TenantId, type UserId } from '../../../platform/ids.ts';
import { invalid } from '../../../platform/text.ts';
import { budgetDeleted, budgetReached, budgetSet } from '../events.ts';
import type { Counted } from './counted.ts';
import { unitOf, type BudgetUnit } from './metric.ts';
import { periodOf } from './counting-period.ts';
import type { Period } from './period.ts';

export type BudgetId = Id<'bud'>;
export type BudgetPeriod = 'DAY' | 'MONTH';
/** Of whom or what it counts the use; all three null: of the whole tenant. */
export interface Target { userId: UserId | null; keyId: ApiKeyId | null; collectionId: CollectionId | null }
export interface BudgetTerms { amount: Decimal; currency: string | null; hard: boolean }

/** As much as one tenant has; every lease and every event looks at all of them. */
export const BUDGETS_MAX = 200;
/** Hundredths of it; each is told once a period. */
export const STEPS = [50, 80, 100] as const;
export type Step = (typeof STEPS)[number];

/** How much may be used in each day or month: a hard one is refused beyond, a soft one only told of. */
export class Budget extends Aggregate {
  readonly id: BudgetId;
  readonly tenantId: TenantId;
  readonly period: BudgetPeriod;
  readonly unit: BudgetUnit;
  readonly userId: UserId | null;
  readonly keyId: ApiKeyId | null;
  readonly collectionId: CollectionId | null;
  amount: Decimal;
  currency: string | null;
  hard: boolean;
  readonly createdAt: Date;

  private constructor(given: { tenantId: TenantId; period: BudgetPeriod; unit: BudgetUnit } & Target & BudgetTerms) {
    super();
    this.id = newId('bud');
    this.tenantId = given.tenantId;
    this.period = given.period;
    this.unit = given.unit;
    this.userId = given.userId;
    this.keyId = given.keyId;
    this.collectionId = given.collectionId;
    this.amount = given.amount;
    this.currency = given.currency;
    this.hard = given.hard;
    this.createdAt = new Date();
  }

  static set(given: { tenantId: TenantId; period: BudgetPeriod; unit: BudgetUnit } & Target & BudgetTerms): Budget {
    if ([given.userId, given.keyId, given.collectionId].filter((one) => one !== null).length > 1) throw invalid('At most one of userId, apiKeyId and collectionId.', 'userId');
    const budget = new Budget(given);
    budget.refuseNonsense();
    budget.record(budgetSet(budget.facts(), { audit: budget.audit(undefined, budget.terms()) }));
    return budget;
  }

  /** The same budget with other terms: what has been used of it stays used. */
  change({ amount, currency, hard }: BudgetTerms): void {
    const before = this.terms();
    Object.assign(this, { amount, currency, hard });
    this.refuseNonsense();
    if (JSON.stringify(before) === JSON.stringify(this.terms())) return;
    this.record(budgetSet(this.facts(), { audit: this.audit(before, this.terms()) }));
  }

  delete(): void {
    this.record(budgetDeleted({ tenantId: this.tenantId, budgetId: this.id }, { audit: this.audit(this.terms(), undefined) }));
  }

  reach(step: Step, spent: Decimal, { from, to }: Period): void {
    this.record(budgetReached({ ...this.facts(), share: step, spent, periodFrom: from.toISOString(), resetAt: to.toISOString() }, { audit: this.audit(undefined, { share: step, spent }) }));
  }

  periodAt(at: Date): Period {
    return periodOf(this.period, at);
  }

  private refuseNonsense(): void {
    if (compare(this.amount, ZERO) <= 0) throw invalid('More than nothing.', AMOUNT_OF[this.unit]);
    if ((this.unit === 'MONEY') !== (this.currency !== null)) throw invalid('Money has a currency, and nothing else has.', AMOUNT_OF[this.unit]);
  }
  private terms() { return { amount: this.amount, currency: this.currency, hard: this.hard }; }
  private facts() {
    const { tenantId, period, unit, amount, currency, hard, userId, keyId, collectionId } = this;
    return { tenantId, budgetId: this.id, period, unit, amount, currency, hard, userId, keyId, collectionId };
  }
  private audit(before: unknown, after: unknown) { return { entityType: 'Budget', entityId: this.id, before, after }; }
}

/** Into how small parts it is shared out. */
export const placesOf = (unit: BudgetUnit): number => (unit === 'MONEY' ? 12 : 0);

/** The input that says how much. */
export const AMOUNT_OF: Readonly<Record<BudgetUnit, string>> = { MONEY: 'limit', TOKENS: 'tokens', POINTS: 'points' };

/** Of a reservation: who is about to use something, and of which collections. */
export interface Asker { userId: string | null; keyId: string | null; collectionIds: readonly string[] }
export const concerns = (target: Target, asker: Asker): boolean =>
  (target.userId === null || target.userId === asker.userId) && (target.keyId === null || target.keyId === asker.keyId)
  && (target.collectionId === null || asker.collectionIds.includes(target.collectionId));

type Worth = Pick<Counted, 'metric' | 'quantity' | 'userId' | 'keyId' | 'collectionId'> & { amount: Decimal | null; currency: string | null };

/** How much of this budget a line uses up; null: nothing, it is about something else. */
export function useOf(budget: Target & Pick<Budget, 'unit' | 'currency'>, line: Worth): Decimal | null {
  if (!concerns(budget, { userId: line.userId || null, keyId: line.keyId || null, collectionIds: line.collectionId ? [line.collectionId] : [] })) return null;
  if (budget.unit === 'MONEY') return line.amount !== null && line.currency === budget.currency && !isZero(line.amount) ? line.amount : null;
  return unitOf(line.metric) === budget.unit ? line.quantity : null;
}

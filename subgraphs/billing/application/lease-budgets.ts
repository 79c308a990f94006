import { parseDecimal, type Decimal } from '../../../platform/decimal.ts';
import { AtlasError } from '../../../platform/errors.ts';
import { isId, type TenantId } from '../../../platform/ids.ts';
import { invalid } from '../../../platform/text.ts';
import type { Work } from '../../../platform/work.ts';
import type { Wish } from '../domain/account.ts';
import { concerns, type Asker, type Budget, type BudgetId } from '../domain/budget.ts';
import type { Held, MeterPorts } from '../domain/meter-ports.ts';
import type { BudgetUnit } from '../domain/metric.ts';
import { billingIn } from './meter.ts';

export interface LeaseBudgetsInput {
  tenantId: string; userId?: string | null; keyId?: string | null; collectionIds?: readonly string[] | null; holder: string;
  wants: readonly { unit: BudgetUnit; amount: string; atLeast: string }[];
}
interface Terms { budgetId: BudgetId; unit: BudgetUnit; currency: string | null; limit: Decimal; remaining: Decimal; resetAt: Date; hard: boolean }
export interface LeaseGranted extends Terms { collectionId: string | null; granted: Decimal; expiresAt: Date }
/** The first that has not even what is needed. */
export type LeaseRefused = Terms;
export interface LeasesAnswer { leases: LeaseGranted[]; refusal: LeaseRefused | null }
export type LeaseBudgets = ReturnType<typeof leaseBudgets>;

const HOLDER = /^[A-Za-z0-9:_.-]{1,100}$/;

/** A part of each budget that whoever asks comes under, reserved for one holder: of all of them, or of none. */
export const leaseBudgets = (given: { work: Work<MeterPorts>; now: () => Date }) => async (input: LeaseBudgetsInput): Promise<LeasesAnswer> => {
  const { tenantId, asker, wishes } = askedIn(input);
  return given.work(billingIn(tenantId), async ({ subscriptions, budgets, accounts }) => {
    const now = given.now();
    const all = (await budgets.all()).filter((budget) => wishes.has(budget.unit) && concerns(budget, asker));
    // What is used is worth something in the tenant's own currency: a budget of another that it had before holds nobody.
    const currency = all.some(({ unit }) => unit === 'MONEY') ? (await subscriptions.of(tenantId))?.currency : undefined;
    const concerned = all.filter((budget) => budget.unit !== 'MONEY' || budget.currency === currency);
    if (concerned.length === 0) return { leases: [], refusal: null };
    const held = await accounts.held(concerned.map((budget) => ({ budget, from: budget.periodAt(now).from })), [input.holder]);
    const offers = held.map(({ budget, account }) => account.offer(wishes.get(budget.unit)!));
    const refused = held.find((_, at) => offers[at] === null);
    if (refused) return { leases: [], refusal: termsOf(refused) };
    const leases = held.map((one, at): LeaseGranted => {
      const granted = offers[at]!;
      const expiresAt = one.account.grant(input.holder, granted, now);
      return { ...termsOf(one), collectionId: one.budget.collectionId, granted, expiresAt };
    });
    await accounts.save(tenantId, held.filter(({ budget }) => budget.hard));
    return { leases, refusal: null };
  });
};

const termsOf = ({ budget, account, from }: Held): Terms => ({
  budgetId: budget.id, unit: budget.unit, currency: budget.currency, limit: budget.amount, remaining: account.remaining(), resetAt: budget.periodAt(from).to, hard: budget.hard,
});

function askedIn({ tenantId, userId, keyId, collectionIds, holder, wants }: LeaseBudgetsInput): { tenantId: TenantId; asker: Asker; wishes: ReadonlyMap<Budget['unit'], Wish> } {
  const wishes = new Map(wants.map(({ unit, amount, atLeast }): [BudgetUnit, Wish] => [unit, { amount: amountOf(amount), atLeast: amountOf(atLeast) }]));
  return { tenantId: namedIn(tenantId, holder), asker: { userId: userId ?? null, keyId: keyId ?? null, collectionIds: collectionIds ?? [] }, wishes };
}

export function namedIn(tenantId: string, holder: string): TenantId {
  if (!isId('tnt', tenantId)) throw invalid('This is no id of a tenant.', 'tenantId');
  if (!HOLDER.test(holder)) throw invalid('A holder is a short name.', 'holder');
  return tenantId;
}
export function amountOf(typed: string): Decimal {
  const amount = parseDecimal(typed);
  if (amount === null || amount.startsWith('-')) throw new AtlasError('INVALID_INPUT', 'This is no amount.', { path: ['input'] });
  return amount;
}

import { minus, type Decimal } from '../../../platform/decimal.ts';
import type { TenantId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Budget, BudgetId } from '../domain/budget.ts';
import type { MeterPorts } from '../domain/meter-ports.ts';

/** A budget with how it stands in the running period. */
export interface BudgetSeen { budget: Budget; spent: Decimal; leased: Decimal; remaining: Decimal; from: Date; resetAt: Date }
export type SeeBudgets = ReturnType<typeof seeBudgets>;

export const seeBudgets = (given: { look: Look<MeterPorts>; now: () => Date }) => {
  const standing = async (budgets: readonly Budget[], accounts: MeterPorts['accounts']): Promise<BudgetSeen[]> => {
    const now = given.now();
    const seen = await accounts.seen(budgets.map((budget) => ({ budget, from: budget.periodAt(now).from })));
    return budgets.map((budget, at) => {
      const { spent, leased } = seen[at]!;
      const { from, to } = budget.periodAt(now);
      return { budget, spent, leased, remaining: minus(minus(budget.amount, spent), leased), from, resetAt: to };
    });
  };
  return {
    all: (viewer: Viewer, tenantId: TenantId): Promise<BudgetSeen[]> => given.look({ ...viewer, tenantId }, async ({ budgets, accounts }) => standing(await budgets.all(), accounts)),
    one: (viewer: Viewer, id: BudgetId): Promise<BudgetSeen | null> => given.look(viewer, async ({ budgets, accounts }) => (await standing(await budgets.byIds([id]), accounts))[0] ?? null),
  };
};

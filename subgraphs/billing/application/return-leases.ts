import { isId } from '../../../platform/ids.ts';
import { invalid } from '../../../platform/text.ts';
import type { Look, Work } from '../../../platform/work.ts';
import { QUIET_MS } from '../domain/account.ts';
import type { AccountKey, Budgets, MeterPorts, TenantsWithExpired } from '../domain/meter-ports.ts';
import type { BudgetId } from '../domain/budget.ts';
import { amountOf, namedIn } from './lease-budgets.ts';
import { billingIn } from './meter.ts';

/** `amount`: of what was granted, what the holder will not use. What it has used and not yet told stays reserved until it is counted. */
export interface ReturnLeasesInput { tenantId: string; holder: string; leases: readonly { budgetId: string; resetAt: Date; amount: string }[] }
export type ReturnLeases = ReturnType<typeof returnLeases>;

export const returnLeases = (given: { work: Work<MeterPorts> }) => async (input: ReturnLeasesInput): Promise<{ returned: boolean }> => {
  const tenantId = namedIn(input.tenantId, input.holder);
  const asked = input.leases.map(({ budgetId, resetAt, amount }) => {
    if (!isId('bud', budgetId)) throw invalid('This is no id of a budget.', 'leases');
    return { budgetId, before: new Date(resetAt.getTime() - 1), amount: amountOf(amount) };
  });
  return given.work(billingIn(tenantId), async ({ budgets, accounts }) => {
    const keys = await keysOf(asked.map(({ budgetId, before }) => ({ budgetId, at: before })), budgets);
    const held = await accounts.held(keys, [input.holder]);
    for (const { budgetId, before, amount } of asked) {
      held.find(({ budget, from }) => budget.id === budgetId && budget.periodAt(before).from.getTime() === from.getTime())?.account.giveBack(input.holder, amount);
    }
    await accounts.save(tenantId, held);
    return { returned: true };
  });
};

const EXPIRED_MAX = 500;

/** One round of the loop that takes back what nobody returned. */
export const returnExpired = (given: { work: Work<MeterPorts>; look: Look<MeterPorts>; tenants: TenantsWithExpired; now: () => Date }) => async (): Promise<void> => {
  const before = new Date(given.now().getTime() - QUIET_MS);
  for (const tenantId of await given.tenants(before)) {
    await given.work(billingIn(tenantId), async ({ budgets, accounts }) => {
      const found = await accounts.expired(before, EXPIRED_MAX);
      const held = await accounts.held(await keysOf(found.map(({ budgetId, from }) => ({ budgetId, at: from })), budgets), null);
      for (const { account } of held) account.expire(given.now());
      await accounts.save(tenantId, held);
    });
  }
};

/** Of budgets that are there still. */
async function keysOf(places: readonly { budgetId: BudgetId; at: Date }[], budgets: Budgets): Promise<AccountKey[]> {
  const known = new Map((await budgets.byIds(places.map(({ budgetId }) => budgetId))).map((budget) => [budget.id, budget]));
  const keys = places.flatMap(({ budgetId, at }) => {
    const budget = known.get(budgetId);
    return budget ? [{ budget, from: budget.periodAt(at).from }] : [];
  });
  return [...new Map(keys.map((key) => [`${key.budget.id} ${key.from.getTime()}`, key])).values()];
}

/** Budgets for a test: a hard one that a tenant's owner sets, and how it stands once everything is counted. */
import { eventually } from './eventually.ts';
import type { Kit } from './services.ts';
import { done, newTenant, type TestTenant } from './tenants.ts';
import { budgetsOf, knownToBilling } from './usage.ts';

const SET = 'mutation($input: SetBudgetInput!) { setBudget(input: $input) { budget { id } userErrors { code message path } } }';

export async function billedTenant(kit: Kit): Promise<TestTenant> {
  const tenant = await newTenant(kit);
  await knownToBilling(kit, tenant.id);
  return tenant;
}
/** Hard, of this day; its id. */
export const hardBudget = async (kit: Kit, { owner }: TestTenant, input: Record<string, unknown>): Promise<string> =>
  done(await kit.ask('billing', SET, { input: { period: 'DAY', hard: true, ...input } }, owner.viewer)).budget.id as string;

export interface Standing { id: string; spent: string; leased: string; remaining: string }
/** Once nothing of it is reserved any more. */
export const settled = (kit: Kit, tenant: TestTenant, id: string): Promise<Standing> => eventually('everything that was reserved to be counted or given back', async () => {
  const found = (await budgetsOf(kit, tenant.id, tenant.owner.viewer) as Standing[]).find((budget) => budget.id === id)!;
  return found.leased === '0' ? found : null;
}, 30_000);

/** What is counted and held to budgets: money is seen by those who look after a tenant, and what somebody used by themselves. */
import { newId } from '../../../platform/ids.ts';
import type { TenantState } from '../canaries.ts';
import { belongs, isKnown, passes, roleOf, tenantOf, type Principal } from '../rights.ts';
import type { World } from '../world.ts';
import { mutation, only, someCollection, someKey, unseen, type Operation } from './choose.ts';

const BUDGET = 'id period unit amount limit { amount currency } hard userId apiKeyId collectionId spent leased remaining resetAt';
const LINE = '{ metric dimension quantity amount { amount currency } latencyMsP50 latencyMsP95 }';
const manages = (by: Principal): boolean => only(by, passes(by, 'ADMIN', null));
/** Of each world: the budgets that were set in it, and in which tenant. */
const set = new WeakMap<World, { id: string; tenant: TenantState }[]>();
const budgetsOf = (world: World) => set.get(world) ?? set.set(world, []).get(world)!;

export const usageOperations: readonly Operation[] = [
  {
    field: 'Query.tenant', weight: 4,
    make(world, by) {
      const tenant = world.pick(world.tenants);
      const dimension = world.pick(['USER', 'API_KEY', 'COLLECTION', 'MODEL', null]);
      const hidden = isKnown(by) && belongs(by, tenant) ? {} : { hidden: [tenant.slug, world.word()] as const };
      if (world.chance(0.4)) return { document: `query($slug: String) { tenant(slug: $slug) { id budgets { ${BUDGET} } } }`, variables: { slug: tenant.slug }, ...hidden };
      return { document: `query($slug: String, $by: [UsageDimension!]) { tenant(slug: $slug) { id usage(by: $by) { total ${LINE} series { from lines ${LINE} } } } }`, variables: { slug: tenant.slug, by: dimension ? [dimension] : null }, ...hidden };
    },
  },
  {
    field: 'Mutation.setBudget', weight: 1,
    make(world, by) {
      const of = world.pick([{}, { userId: world.pick(world.people).id }, { apiKeyId: someKey(world, by)?.id ?? null }, { collectionId: someCollection(world, by)?.id ?? null }]);
      return {
        document: mutation('setBudget', `budget { ${BUDGET} }`), variables: { input: { period: 'MONTH', hard: false, points: String(10 ** 9), ...of } }, expects: manages(by),
        effect(data) { const { budget } = data as { budget: { id: string } | null }; if (budget) budgetsOf(world).push({ id: budget.id, tenant: tenantOf(by)! }); },
      };
    },
  },
  {
    field: 'Mutation.deleteBudget', weight: 0.5,
    make(world, by) {
      const kept = budgetsOf(world);
      const budget = kept.length > 0 ? world.pick(kept) : { id: newId('bud'), tenant: null };
      const may = manages(by) && budget.tenant === tenantOf(by);
      return { document: mutation('deleteBudget', 'budgetId'), variables: { input: { id: budget.id } }, expects: may, ...unseen(may, budget.id), effect() { kept.splice(0, kept.length, ...kept.filter(({ id }) => id !== budget.id)); } };
    },
  },
  {
    field: 'Mutation.recordUsage', weight: 1,
    make(world, by) {
      const word = world.word();
      return {
        document: mutation('recordUsage', 'recordId'), variables: { input: { metric: `custom.${word}`, quantity: '1.5', attributes: { region: word } } }, expects: only(by, passes(by, 'ADMIN', 'usage:write')),
        effect() { world.canaries.plant([word], { in: 'administration', tenant: tenantOf(by)!, ...(by.person && roleOf(by) ? { maker: by.person } : {}) }); },
      };
    },
  },
];

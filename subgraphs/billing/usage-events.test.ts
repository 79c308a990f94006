/** What is told of budgets and of partners' own usage: as it is frozen, and as users reads it for its letter. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { misfitsOf, sampleOf } from '../../test/kit/event-contracts.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { newPerson } from '../../test/kit/people.ts';
import { startServices, type Kit } from '../../test/kit/services.ts';
import { done, newMember, newTenant, within, type TestTenant } from '../../test/kit/tenants.ts';
import { count, knownToBilling, line, usageEvent } from '../../test/kit/usage.ts';

const mutation = (name: string, more: string) => `mutation($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${more} userErrors { message } } }`;
const TYPES = ['billing.budget-set', 'billing.budget-reached', 'billing.budget-deleted', 'billing.usage-recorded'];

let kit: Kit;
let tenant: TestTenant;
let ann: Awaited<ReturnType<typeof newPerson>>;
let ben: typeof ann;
beforeAll(async () => {
  kit = await startServices(['users', 'tenants', 'billing']);
  [ann, ben] = [await newPerson(kit), await newPerson(kit)];
  const owner = { userId: ann.viewer.userId!, viewer: ann.viewer };
  tenant = await newTenant(kit, { name: 'Acme' }, owner);
  await newMember(kit, tenant, 'ADMIN', { userId: ben.viewer.userId!, viewer: ben.viewer });
  await newMember(kit, tenant, 'MEMBER');
  await knownToBilling(kit, tenant.id);
  const by = async (name: string, input: object, more = '') => done(await kit.ask('billing', mutation(name, more), { input }, within(owner, tenant, 'OWNER').viewer));
  const { budget } = await by('setBudget', { period: 'MONTH', hard: true, limit: { amount: '0.001', currency: 'USD' } }, 'budget { id }');
  await count(kit, [usageEvent(tenant.id, [line('api.points', 510)])]);
  await kit.eventsOf('billing.budget-reached');
  await by('recordUsage', { metric: 'custom.pages-printed', quantity: '12.5', attributes: { region: 'north' } });
  await by('deleteBudget', { id: budget.id });
  await kit.eventsOf('billing.budget-deleted');
  await kit.eventsOf('billing.usage-recorded');
});
afterAll(() => kit?.stop());

const shape = (value: unknown): unknown => {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  return Array.isArray(value) ? value.map(shape) : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, shape(part)]));
};

describe('what billing tells its neighbours of usage and budgets', () => {
  it.each(TYPES)('%s has the shape of its frozen sample and keeps to its schema', async (type) => {
    const [told] = await kit.eventsOf(type);
    expect(misfitsOf(told!)).toEqual([]);
    expect(shape(JSON.parse(JSON.stringify({ ...told, traceparent: null })))).toEqual(shape(JSON.parse(JSON.stringify(sampleOf(type, 1)))));
  });

  it('reaches owners and admins as a letter each, and nobody else', async () => {
    const lettersTo = (email: string) => kit.letters.filter(({ to, subject }) => to === email && subject === '50 % of a budget of Acme is used');
    const [letter] = await eventually('both letters', () => lettersTo(ben.email).length > 0 && lettersTo(ann.email).length > 0 && lettersTo(ann.email));
    expect(letter!.text).toContain('0.00051 of 0.001 USD for this month are used');
    expect(kit.letters.filter(({ subject }) => subject.startsWith('50 %'))).toHaveLength(2);
  });
});

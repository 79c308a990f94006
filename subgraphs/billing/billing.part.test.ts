import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../platform/ids.ts';
import { systemViewer } from '../../platform/viewer.ts';
import { eventually } from '../../test/kit/eventually.ts';
import type { Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, newTenant, stranger } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

const ENTITLEMENTS = 'query($tenantId: ID!) { entitlements(tenantId: $tenantId) { tenantId version plan planVersion currency features limits prices seats } }';

let kit: Kit;
beforeAll(async () => { kit = await startTogether(['tenants', 'billing']); });
afterAll(() => kit?.stop());

const entitlements = async (tenantId: string) => dataOf(await kit.ask('billing', ENTITLEMENTS, { tenantId }, systemViewer('gateway'))).entitlements;

describe('plans', () => {
  it('answers what is sold, the least first, with exact prices', async () => {
    const { plans } = dataOf(await kit.ask('billing', '{ plans { key version name seatsIncluded included { points } limits { name limit } prices { month { amount currency } units { metric amount } } } }'));
    expect(plans.map(({ key, version }: { key: string; version: number }) => [key, version])).toEqual([['FREE', 1], ['TEAM', 1], ['BUSINESS', 1]]);
    expect(plans[0].included).toBeNull();
    expect(plans[1].prices[0]).toMatchObject({ month: { amount: '49', currency: 'USD' }, units: expect.arrayContaining([{ metric: 'api.points', amount: '0.000001' }]) });
    expect(plans[1].included).toEqual({ points: '20000000' });
  });
});

describe('a new tenant', () => {
  it('has what costs nothing, and its neighbours are told what follows from it', async () => {
    const tenant = await newTenant(kit);
    const told = await eventually('the entitlements', () => kit.events.find(({ type, tenant: of }) => type === 'billing.entitlements-changed' && of === tenant.id));
    expect(told.body).toMatchObject({ tenantId: tenant.id, plan: 'FREE', planVersion: 1, currency: 'USD', seats: 10, prices: { 'api.points': '0.000001' } });
    expect(await entitlements(tenant.id)).toEqual({ ...told.body as object, version: told.subjectVersion });
  });

  it('is worth nothing in a sandbox, whatever it does', async () => {
    const tenant = await newTenant(kit, { sandbox: true });
    const told = await eventually('the entitlements', () => kit.events.find(({ type, tenant: of }) => type === 'billing.entitlements-changed' && of === tenant.id));
    expect(told.body).toMatchObject({ plan: 'FREE', prices: {} });
  });
});

describe('entitlements', () => {
  it('of a tenant that nothing is known of are those that it begins with', async () => {
    expect(await entitlements(newId('tnt'))).toMatchObject({ version: 0, plan: 'FREE', seats: 10 });
  });
  it('refuses whoever is no service', async () => {
    for (const viewer of [undefined, stranger().viewer, systemViewer('tenants')]) {
      expect(codeOf(await kit.ask('billing', ENTITLEMENTS, { tenantId: newId('tnt') }, viewer))).toMatch(/FORBIDDEN|UNAUTHENTICATED/);
    }
  });
});

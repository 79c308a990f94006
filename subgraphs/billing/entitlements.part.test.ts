import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../platform/ids.ts';
import { keyViewer } from '../../platform/viewer.ts';
import { askOfTenant, cancel, change, checkout, invoicesOf, ofTenant, portal, whenSubscribed } from '../../test/kit/billing.ts';
import { keyOf } from '../../test/kit/collections.ts';
import { eventually } from '../../test/kit/eventually.ts';
import type { Kit } from '../../test/kit/services.ts';
import { ACCEPT, codeOf, dataOf, done, INVITE, inTenants, newMember, newTenant, stranger, tokenIn, within, type TestTenant } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

let kit: Kit;
let tenant: TestTenant;
beforeAll(async () => {
  kit = await startTogether(['tenants', 'billing']);
  tenant = await newTenant(kit);
  await whenSubscribed(kit, tenant, { plan: 'FREE' });
});
afterAll(() => kit?.stop());

const featuresOf = async ({ owner }: TestTenant): Promise<string[]> => dataOf(await kit.ask('tenants', '{ tenant { features } }', {}, owner.viewer)).tenant.features;
const invite = (of: TestTenant, email: string) => kit.ask('tenants', INVITE, { input: { email, role: 'GUEST' } }, of.owner.viewer);

describe('a plan', () => {
  it('switches on what it holds, beside what was switched on by hand, and off again', async () => {
    const sandbox = await newTenant(kit, { sandbox: true });
    await whenSubscribed(kit, sandbox, { plan: 'FREE' });
    done(await kit.ask('tenants', 'mutation { setFeature(input: { name: "beta", enabled: true }) { userErrors { code } } }', {}, sandbox.owner.viewer));
    done(await change(kit, sandbox.owner, { plan: 'BUSINESS' }));
    await eventually('the features', async () => (await featuresOf(sandbox)).join() === 'answers,approvals,audit.export,beta,webhooks.unlimited');
    done(await change(kit, sandbox.owner, { plan: 'TEAM' }));
    await eventually('fewer features', async () => (await featuresOf(sandbox)).join() === 'answers,beta,webhooks.unlimited');
  });

  it('has so many seats: who has taken the last is told at the invitation, and at the door', async () => {
    const full = await newTenant(kit);
    await whenSubscribed(kit, full, { plan: 'FREE' });
    for (let members = 1; members < 9; members += 1) await newMember(kit, full, 'GUEST');
    const [last, late] = ['last@example.com', 'late@example.com'];
    for (const email of [last, late]) done(await invite(full, email));
    const tokens = [tokenIn(await kit.letterTo(last)), tokenIn(await kit.letterTo(late))];
    // Two come at once for the one seat that is left.
    const answers = await Promise.all(tokens.map((token) => kit.ask('tenants', ACCEPT, { input: { token } }, stranger().viewer)));
    expect(answers.map(codeOf).sort()).toEqual(['PLAN_LIMIT', undefined]);
    expect(codeOf(await invite(full, 'another@example.com'))).toBe('PLAN_LIMIT');
    done(await change(kit, full.owner, { plan: 'TEAM', seats: 11 }));
    await eventually('a seat more', async () => codeOf(await invite(full, 'another@example.com')) === undefined);
  });
});

describe('a tenant that was there before billing', () => {
  it('has what costs nothing, once it is told of again', async () => {
    const id = newId('tnt');
    const owner = within(stranger(), { id, sandbox: false }, 'OWNER');
    await inTenants(kit, id, `INSERT INTO tenants.tenant (id, slug, name, sandbox, features, created_at, member_changes, version, recalled) VALUES ('${id}', 'older', 'Older', false, '{}', now(), 0, 1, false)`);
    await whenSubscribed(kit, { id, slug: 'older', sandbox: false, owner }, { plan: 'FREE', state: 'ACTIVE' });
  });
});

describe('money', () => {
  const FIELDS = ['plan { key }', 'subscription { plan }', 'invoices { nodes { id } }', 'invoicePreview { periodTo }', 'ledger { nodes { entryId } }'];

  it('is seen by owners and admins, and by keys that may read of it', async () => {
    const admin = await newMember(kit, tenant, 'ADMIN');
    for (const viewer of [tenant.owner.viewer, admin.viewer, keyOf(tenant, admin, 'ADMIN', ['billing:read']).viewer]) {
      expect(await ofTenant(kit, tenant, viewer, FIELDS.join(' '))).toMatchObject({ plan: { key: 'FREE' }, subscription: { plan: 'FREE' }, invoices: { nodes: [] } });
    }
  });

  it('is seen by no member, no guest, no other key and nobody of another tenant', async () => {
    const other = await newTenant(kit);
    const strangers = [
      within(stranger(), tenant, 'MEMBER').viewer, within(stranger(), tenant, 'GUEST').viewer, keyOf(tenant, tenant.owner, 'OWNER', ['tenants:admin', 'usage:write']).viewer,
      keyViewer({ keyId: newId('key'), tenantId: other.id, scopes: ['billing:read'], collectionIds: null, sandbox: false }),
    ];
    for (const viewer of strangers) for (const field of FIELDS) expect([field, codeOf(await askOfTenant(kit, tenant, viewer, field))]).toEqual([field, 'FORBIDDEN']);
  });

  it('is spent by owners and admins alone, and by no key', async () => {
    const viewers = [within(stranger(), tenant, 'MEMBER'), keyOf(tenant, tenant.owner, 'OWNER', ['billing:read', 'tenants:admin'])];
    for (const by of viewers) {
      const answers = [await change(kit, by, { plan: 'TEAM' }), await cancel(kit, by), await checkout(kit, by, { plan: 'TEAM' }), await portal(kit, by)];
      expect(answers.map(codeOf)).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
    }
  });

  it('of another tenant is not found by the id of its bill', async () => {
    const paying = await newTenant(kit);
    await whenSubscribed(kit, paying, { plan: 'FREE' });
    done(await checkout(kit, paying.owner, { plan: 'TEAM' }));
    const [{ id }] = await eventually('a bill', async () => { const found = await invoicesOf(kit, paying); return found.length > 0 && found; });
    const node = async (viewer: TestTenant['owner']['viewer']) => dataOf(await kit.ask('billing', 'query($of: [_Any!]!) { _entities(representations: $of) { ... on Invoice { id number } } }', { of: [{ __typename: 'Invoice', nodeId: id }] }, viewer))._entities[0];
    expect(await node(paying.owner.viewer)).toMatchObject({ id });
    expect(await node(tenant.owner.viewer)).toBeNull();
    expect(await node(within(stranger(), paying, 'MEMBER').viewer)).toBeNull();
  });
});

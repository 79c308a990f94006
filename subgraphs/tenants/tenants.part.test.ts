import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, type ApiKeyId } from '../../platform/ids.ts';
import { anonymous, keyViewer } from '../../platform/viewer.ts';
import type { Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, newMember, newTenant, payloadOf, stranger, within } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

const CREATE = 'mutation($input: CreateTenantInput!) { createTenant(input: $input) { tenant { id slug name viewerRole features sandbox createdAt members { nodes { role user { id } } } } userErrors { code path } } }';
const UPDATE = 'mutation($input: UpdateTenantInput!) { updateTenant(input: $input) { tenant { slug name } userErrors { code path } } }';
const FEATURE = 'mutation($input: SetFeatureInput!) { setFeature(input: $input) { tenant { features } userErrors { code path } } }';
const TENANT = 'query($slug: String) { tenant(slug: $slug) { id slug viewerRole } }';
const ENTITY = 'query($of: [_Any!]!) { _entities(representations: $of) { __typename ... on Tenant { id slug } } }';

let kit: Kit;
beforeAll(async () => { kit = await startTogether(['tenants']); });
afterAll(() => kit.stop());

describe('createTenant', () => {
  it('answers: the caller is its owner', async () => {
    const { viewer, userId } = stranger();
    const { tenant } = payloadOf(await kit.ask('tenants', CREATE, { input: { name: '  Initech Łódź & Söhne ' } }, viewer));
    expect(tenant).toMatchObject({ slug: 'initech-odz-sohne', name: 'Initech Łódź & Söhne', viewerRole: 'OWNER', features: [], sandbox: false });
    expect(tenant.members.nodes).toEqual([{ role: 'OWNER', user: { id: userId } }]);
  });

  it('answers: makes a slug nobody chose unlike those that are taken', async () => {
    const [first, second, nameless, reserved] = await Promise.all(['Hooli', 'Hooli', '東京', 'Admin'].map((name) => newTenant(kit, { name })));
    expect([first!.slug, second!.slug].sort()[0]).toBe('hooli');
    expect(first!.slug).not.toBe(second!.slug);
    expect(nameless!.slug).toMatch(/^tenant-/);
    expect(reserved!.slug).toMatch(/^admin-/);
  });

  it('answers the same to the same idempotency key', async () => {
    const { viewer } = stranger();
    const input = { name: 'Once', slug: 'only-once' };
    const [first, again] = await Promise.all([1, 2].map(() => kit.ask('tenants', CREATE, { input }, viewer, { idempotencyKey: 'k1' })));
    expect(payloadOf(first!)).toEqual(payloadOf(again!));
    expect(payloadOf(again!).tenant.viewerRole).toBe('OWNER');
  });

  it('refuses bad input', async () => {
    const { viewer } = stranger();
    await newTenant(kit, { slug: 'taken-one' });
    const code = async (input: object) => codeOf(await kit.ask('tenants', CREATE, { input }, viewer));
    expect(await code({ name: '   ' })).toBe('INVALID_INPUT');
    expect(await code({ name: 'x'.repeat(201) })).toBe('INVALID_INPUT');
    expect(await code({ name: 'a\u0007b' })).toBe('INVALID_INPUT');
    for (const slug of ['ab', 'UPPER', '-dash', 'dash-', 'a_b', 'x'.repeat(41), 'a b c']) expect(await code({ name: 'x', slug })).toBe('INVALID_INPUT');
    for (const slug of ['www', 'graphql', 'taken-one']) expect(await code({ name: 'x', slug })).toBe('SLUG_TAKEN');
  });

  it('refuses a stranger', async () => {
    expect(codeOf(await kit.ask('tenants', CREATE, { input: { name: 'x' } }, anonymous))).toBe('UNAUTHENTICATED');
  });
});

describe('updateTenant and setFeature', () => {
  it('answer', async () => {
    const { owner } = await newTenant(kit);
    expect(payloadOf(await kit.ask('tenants', UPDATE, { input: { name: 'Umbrella', slug: 'umbrella' } }, owner.viewer)).tenant).toEqual({ name: 'Umbrella', slug: 'umbrella' });
    expect(payloadOf(await kit.ask('tenants', UPDATE, { input: { name: null } }, owner.viewer)).tenant.name).toBe('Umbrella');
    await kit.ask('tenants', FEATURE, { input: { name: 'beta.search', enabled: true } }, owner.viewer);
    expect(payloadOf(await kit.ask('tenants', FEATURE, { input: { name: 'beta.search', enabled: true } }, owner.viewer)).tenant.features).toEqual(['beta.search']);
    expect(payloadOf(await kit.ask('tenants', FEATURE, { input: { name: 'beta.search', enabled: false } }, owner.viewer)).tenant.features).toEqual([]);
  });

  it('refuse bad input', async () => {
    const { owner } = await newTenant(kit);
    await newTenant(kit, { slug: 'already-there' });
    expect(codeOf(await kit.ask('tenants', UPDATE, { input: { slug: 'already-there' } }, owner.viewer))).toBe('SLUG_TAKEN');
    expect(codeOf(await kit.ask('tenants', FEATURE, { input: { name: 'No Way', enabled: true } }, owner.viewer))).toBe('INVALID_INPUT');
  });

  it('refuse a stranger and a mere member', async () => {
    const tenant = await newTenant(kit);
    const member = await newMember(kit, tenant, 'MEMBER');
    for (const [document, input] of [[UPDATE, { name: 'x' }], [FEATURE, { name: 'x', enabled: true }]] as const) {
      expect(codeOf(await kit.ask('tenants', document, { input }, anonymous))).toBe('UNAUTHENTICATED');
      expect(codeOf(await kit.ask('tenants', document, { input }, member.viewer))).toBe('FORBIDDEN');
      expect(codeOf(await kit.ask('tenants', document, { input }, stranger().viewer))).toBe('TENANT_REQUIRED');
    }
  });
});

describe('tenant and tenants', () => {
  it('answer: the one the request is in, one by slug, and all of them in pages', async () => {
    const one = await newTenant(kit);
    const two = await newTenant(kit, { slug: 'second-home' }, one.owner);
    expect(dataOf(await kit.ask('tenants', TENANT, {}, one.owner.viewer)).tenant).toEqual({ id: one.id, slug: one.slug, viewerRole: 'OWNER' });
    expect(dataOf(await kit.ask('tenants', TENANT, { slug: 'second-home' }, one.owner.viewer)).tenant.id).toBe(two.id);
    expect(dataOf(await kit.ask('tenants', TENANT, {}, stranger().viewer)).tenant).toBeNull();

    const LIST = 'query($after: String) { tenants(first: 1, after: $after) { nodes { id members { nodes { user { id } } } } pageInfo { hasNextPage endCursor } } }';
    const first = dataOf(await kit.ask('tenants', LIST, {}, one.owner.viewer)).tenants;
    const second = dataOf(await kit.ask('tenants', LIST, { after: first.pageInfo.endCursor }, one.owner.viewer)).tenants;
    expect([first.nodes[0].id, second.nodes[0].id]).toEqual([one.id, two.id]);
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
    // Each tenant's fields go by the caller's role in that tenant, whichever the request is in.
    expect(second.nodes[0].members.nodes).toEqual([{ user: { id: one.owner.userId } }]);
  });

  it('answer a key: its own tenant, as what its scopes amount to', async () => {
    const tenant = await newTenant(kit);
    const other = await newTenant(kit);
    const key = (scopes: string[]) => keyViewer({ keyId: newId('key') as ApiKeyId, tenantId: tenant.id, scopes, collectionIds: null, sandbox: false });
    const role = async (scopes: string[]) => dataOf(await kit.ask('tenants', TENANT, {}, key(scopes))).tenant.viewerRole;
    expect([await role(['tenants:admin']), await role(['items:write']), await role(['search:read'])]).toEqual(['ADMIN', 'MEMBER', 'GUEST']);
    expect(dataOf(await kit.ask('tenants', TENANT, { slug: other.slug }, key(['tenants:admin']))).tenant).toBeNull();
    expect(dataOf(await kit.ask('tenants', '{ tenants { nodes { id } } }', {}, key([]))).tenants.nodes).toEqual([{ id: tenant.id }]);
    expect(codeOf(await kit.ask('tenants', '{ tenant { members { nodes { role } } } }', {}, key(['search:read'])))).toBe('FORBIDDEN');
  });

  it('refuse another tenant: it is not there, by slug, by id and by what a client typed', async () => {
    const theirs = await newTenant(kit);
    const { viewer } = stranger();
    expect(dataOf(await kit.ask('tenants', TENANT, { slug: theirs.slug }, viewer)).tenant).toBeNull();
    const of = [{ __typename: 'Tenant', nodeId: theirs.id }, { __typename: 'Tenant', id: theirs.id }, { __typename: 'Tenant', nodeId: newId('tnt') }, { __typename: 'Tenant', nodeId: 'nonsense' }];
    expect(dataOf(await kit.ask('tenants', ENTITY, { of }, viewer))._entities).toEqual([null, null, null, null]);
    expect(dataOf(await kit.ask('tenants', ENTITY, { of }, theirs.owner.viewer))._entities.map((entity: unknown) => entity !== null)).toEqual([true, true, false, false]);
  });

  it('refuse lists above the caller’s role in that very tenant', async () => {
    const mine = await newTenant(kit);
    const theirs = await newTenant(kit);
    await newMember(kit, theirs, 'GUEST', mine.owner);
    const guestThere = within(mine.owner, mine, 'OWNER'); // an owner where the request is, a guest in the other
    const answer = await kit.ask('tenants', '{ tenants { nodes { id members { nodes { role } } invitations { nodes { id } } apiKeys { nodes { id } } } } }', {}, guestThere.viewer);
    const [here, there] = [mine.id, theirs.id].map((id) => (answer.data!.tenants as any).nodes.find((node: { id: string }) => node.id === id));
    expect(here.invitations).not.toBeNull();
    expect(there).toMatchObject({ invitations: null, apiKeys: null });
    expect(there.members.nodes).toHaveLength(2);
    expect(answer.errors!.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
  });
});

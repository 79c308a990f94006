/** The first hour of a team: register, make a tenant, invite, make a key, ask as the key, take it all back. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  AcceptInvitationDocument, type AtlasClient, ChangeMemberRoleDocument, CreateApiKeyDocument, CreateTenantDocument, type InputError, InviteMemberDocument, LoginDocument, LogoutDocument,
  MeDocument, MembersDocument, NodeDocument, nodesOf, RegisterDocument, RemoveMemberDocument, type RequestError, RevokeApiKeyDocument, TenantDocument, TenantRole, TenantsDocument,
} from '../../clients/typescript/index.ts';
import type { Running } from '../kit/arrangements.ts';
import { eventually } from '../kit/eventually.ts';

const PASSWORD = 'a long enough pass phrase';
const WITHIN_MS = 1_000;
const USER_ERRORS = 'userErrors { code message path }';
const NOTES = `query($collectionId: ID!, $itemId: ID!) {
  collections { nodes { name } }
  collection(id: $collectionId) { viewerRole itemCount createdBy { name } members { nodes { role user { name } } } }
  item(id: $itemId) { title tags metadata version collection { id } createdBy { name } }
}`;

export const firstHour = (running: () => Running): void => describe('the first hour', () => {
  let atlas: Running;
  let ada: AtlasClient;
  let bob: AtlasClient;
  let adaId: string;
  let bobId: string;
  let collectionId: string;
  let itemId: string;
  beforeAll(() => { atlas = running(); });

  const register = async (name: string) => {
    const { register: made } = await atlas.client().mutate(RegisterDocument, { input: { email: `${name.toLowerCase()}@example.com`, password: PASSWORD, name } });
    return { client: atlas.client({ session: made!.session! }), id: made!.user!.id };
  };
  const codeOf = (call: Promise<unknown>): Promise<string> => call.then(() => 'answered', (error: RequestError | InputError) => error.code);
  const invite = async (email: string, role: TenantRole) => {
    await ada.mutate(InviteMemberDocument, { input: { email, role } });
    return atlas.tokenTo(email, /^inv_\S+$/m);
  };

  it('registers two people and knows each by their session', async () => {
    ({ client: ada, id: adaId } = await register('Ada'));
    ({ client: bob, id: bobId } = await register('Bob'));
    expect((await ada.query(MeDocument, {})).me).toMatchObject({ id: adaId, email: 'ada@example.com', name: 'Ada' });
    expect(await codeOf(atlas.client().query(MeDocument, {}))).toBe('UNAUTHENTICATED');
    expect(await codeOf(register('Ada'))).toBe('EMAIL_TAKEN');
  });

  it('makes a tenant, and lets its people act in it', async () => {
    const { createTenant } = await ada.mutate(CreateTenantDocument, { input: { name: 'Analytical Engines', slug: 'engines' } });
    expect(createTenant!.tenant).toMatchObject({ slug: 'engines', name: 'Analytical Engines' });
    ada = ada.with({ tenant: 'engines' });
    expect((await ada.query(TenantDocument, {})).tenant).toMatchObject({ slug: 'engines', viewerRole: TenantRole.Owner });
    expect(await codeOf(bob.with({ tenant: 'engines' }).query(TenantDocument, {}))).toBe('TENANT_NOT_FOUND');
    expect(await codeOf(bob.with({ tenant: 'no-such-tenant' }).query(TenantDocument, {}))).toBe('TENANT_NOT_FOUND');
  });

  it('keeps strangers invisible to one another until they share a tenant', async () => {
    const unknown = await bob.query(NodeDocument, { id: 'usr_00000000000000000000000000' });
    expect(await bob.query(NodeDocument, { id: adaId })).toEqual(unknown);
    expect(unknown).toEqual({ node: null });
    expect((await ada.query(NodeDocument, { id: adaId })).node).toEqual({ __typename: 'User', id: adaId });
  });

  it('invites by mail, once', async () => {
    const token = await invite('bob@example.com', TenantRole.Guest);
    const { acceptInvitation } = await bob.mutate(AcceptInvitationDocument, { input: { token } });
    expect(acceptInvitation!.tenant).toMatchObject({ slug: 'engines', viewerRole: TenantRole.Guest });
    expect(await codeOf(bob.mutate(AcceptInvitationDocument, { input: { token } }))).toMatch(/TOKEN_INVALID|ALREADY_MEMBER/);
    bob = bob.with({ tenant: 'engines' });
  });

  it('shares a collection with the guest, who sees it and what is in it, and may not change it', async () => {
    const { createCollection } = await ada.mutate<any, object>(`mutation { createCollection(input: { name: "Notes on the engine" }) { collection { id viewerRole } ${USER_ERRORS} } }`, {});
    expect(createCollection.collection.viewerRole).toBe('OWNER');
    collectionId = createCollection.collection.id;
    const { createItem } = await ada.mutate<any, object>(`mutation($input: CreateItemInput!) { createItem(input: $input) { item { id version } ${USER_ERRORS} } }`,
      { input: { collectionId, title: 'Note G', body: 'How Bernoulli’s numbers are *computed*.', tags: ['numbers'], metadata: { year: 1843 } } });
    itemId = createItem.item.id;
    expect((await bob.query<any, object>(NOTES, { collectionId, itemId }))).toEqual({ collections: { nodes: [] }, collection: null, item: null });
    await ada.mutate(`mutation($input: ShareCollectionInput!) { shareCollection(input: $input) { member { role } ${USER_ERRORS} } }`, { input: { collectionId, userId: bobId, role: 'VIEWER' } });
    expect(await bob.query<any, object>(NOTES, { collectionId, itemId })).toEqual({
      collections: { nodes: [{ name: 'Notes on the engine' }] },
      collection: { viewerRole: 'VIEWER', itemCount: 1, createdBy: { name: 'Ada' }, members: { nodes: [{ role: 'OWNER', user: { name: 'Ada' } }, { role: 'VIEWER', user: { name: 'Bob' } }] } },
      item: { title: 'Note G', tags: ['numbers'], metadata: { year: 1843 }, version: 1, collection: { id: collectionId }, createdBy: { name: 'Ada' } },
    });
    await expect(bob.mutate(`mutation($input: UpdateItemInput!) { updateItem(input: $input) { item { id } ${USER_ERRORS} } }`, { input: { id: itemId, expectedVersion: 1, title: 'Mine' } }))
      .rejects.toMatchObject({ code: 'FORBIDDEN', missing: 'collection role EDITOR' });
  });

  it('gives what is not shared and what is not there in the same bytes, whoever asks', async () => {
    const { createCollection } = await ada.mutate<any, object>(`mutation { createCollection(input: { name: "Ada’s alone" }) { collection { id } ${USER_ERRORS} } }`, {});
    const other = createCollection.collection.id as string;
    const { createItem } = await ada.mutate<any, object>(`mutation($input: CreateItemInput!) { createItem(input: $input) { item { id } ${USER_ERRORS} } }`, { input: { collectionId: other, title: 'Hers', body: '' } });
    const { createApiKey } = await ada.mutate<any, object>(`mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id collections { id name } } ${USER_ERRORS} } }`,
      { input: { name: 'reader', scopes: ['collections:read', 'tenants:admin'], collectionIds: [collectionId, other] } });
    expect(createApiKey.apiKey.collections).toEqual([{ id: collectionId, name: 'Notes on the engine' }, { id: other, name: 'Ada’s alone' }]);
    const held = await ada.mutate<any, object>(`mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret ${USER_ERRORS} } }`, { input: { name: 'held', scopes: ['collections:read', 'tenants:admin'], collectionIds: [collectionId] } });
    const { client: eve } = await register('Eve');
    await eve.mutate(CreateTenantDocument, { input: { name: 'Eve and sons', slug: 'eve' } });
    const strangers: Record<string, AtlasClient> = { guest: bob, key: atlas.client({ key: held.createApiKey.secret }), 'another tenant': eve.with({ tenant: 'eve' }), 'no tenant': eve, nobody: atlas.client() };
    for (const [who, client] of Object.entries(strangers)) {
      const node = async (id: string) => JSON.stringify(await client.query<any, object>('query($id: ID!) { node(id: $id) { __typename id ... on Collection { name members { nodes { role } } } ... on Item { title body } } }', { id }).catch((error: RequestError) => error.code));
      const unknown = [await node('col_00000000000000000000000000'), await node('itm_00000000000000000000000000')];
      expect([who, [await node(other), await node(createItem.item.id)]]).toEqual([who, unknown]);
      expect([who, unknown]).toEqual([who, ['{"node":null}', '{"node":null}']]);
    }
    expect(await ada.query<any, object>('query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', { ids: [other, createItem.item.id] })).toEqual({ nodes: [{ __typename: 'Collection', id: other }, { __typename: 'Item', id: createItem.item.id }] });
    // A list of ids that a key is held to shows no more of them than the caller may see.
    const keys = await atlas.client({ key: held.createApiKey.secret }).query<any, object>('{ tenant { apiKeys { nodes { name collections { id } } } } }', {});
    expect(keys.tenant.apiKeys.nodes).toContainEqual({ name: 'reader', collections: [{ id: collectionId }, null] });
  });

  it('tells in the audit trail of what was made, and leads to it', async () => {
    const entities = async () => (await ada.query<any, object>('{ tenant { auditEvents(first: 100) { nodes { action entityId entity { __typename id ... on Collection { name } ... on Item { title } } } } } }', {})).tenant.auditEvents.nodes;
    const told = await eventually('the trail to tell of the item', async () => { const all = await entities(); return all.some(({ entityId }: { entityId: string }) => entityId === itemId) && all; });
    expect(told).toContainEqual({ action: 'collections.item-created', entityId: itemId, entity: { __typename: 'Item', id: itemId, title: 'Note G' } });
    expect(told).toContainEqual({ action: 'collections.collection-created', entityId: collectionId, entity: { __typename: 'Collection', id: collectionId, name: 'Notes on the engine' } });
  });

  it('shows a guest names and no e-mails, and a member both', async () => {
    const seen = async () => (await bob.query(MembersDocument, {})).tenant!.members!.nodes.map(({ user }) => [user!.name, user!.email ?? null]).sort();
    expect(await seen()).toEqual([['Ada', null], ['Bob', 'bob@example.com']]);
    await ada.mutate(ChangeMemberRoleDocument, { input: { userId: bobId, role: TenantRole.Member } });
    await eventually('the new role to be felt', async () => (await seen())[0]![1] !== null, WITHIN_MS);
    expect(await seen()).toEqual([['Ada', 'ada@example.com'], ['Bob', 'bob@example.com']]);
    expect((await bob.query(NodeDocument, { id: adaId })).node).toEqual({ __typename: 'User', id: adaId });
  });

  it('says what is missing to whoever may not', async () => {
    await expect(bob.mutate(InviteMemberDocument, { input: { email: 'eve@example.com', role: TenantRole.Member } })).rejects.toMatchObject({ code: 'FORBIDDEN', status: 403, missing: 'role ADMIN' });
    await expect(atlas.client().query(TenantDocument, {})).rejects.toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
  });

  it('makes a key that may do what its scopes say, in its own tenant, and nothing after it is revoked', async () => {
    const { createApiKey } = await ada.mutate(CreateApiKeyDocument, { input: { name: 'sync', scopes: ['tenants:read'] } });
    const partner = atlas.client({ key: createApiKey!.secret! });
    expect(createApiKey!.secret).toMatch(/^atl_live_/);
    expect((await partner.query(TenantDocument, {})).tenant).toMatchObject({ slug: 'engines' });
    await expect(partner.mutate(InviteMemberDocument, { input: { email: 'eve@example.com', role: TenantRole.Member } })).rejects.toMatchObject({ code: 'FORBIDDEN', missing: 'scope tenants:admin' });
    expect(await codeOf(atlas.client({ key: `${createApiKey!.secret!.slice(0, -1)}x` }).query(TenantDocument, {}))).toBe('UNAUTHENTICATED');
    await ada.mutate(RevokeApiKeyDocument, { input: { id: createApiKey!.apiKey!.id } });
    await eventually('the revocation to be felt', async () => await codeOf(partner.query(TenantDocument, {})) === 'UNAUTHENTICATED', WITHIN_MS);
  });

  it('does once what is sent twice', async () => {
    const idempotencyKey = crypto.randomUUID();
    const make = () => ada.mutate(CreateTenantDocument, { input: { name: 'Twice', slug: 'twice' } }, { idempotencyKey });
    const [first, second] = await Promise.all([make(), make()]);
    expect(second).toEqual(first);
    expect(await codeOf(ada.mutate(CreateTenantDocument, { input: { name: 'Other', slug: 'other' } }, { idempotencyKey }))).toBe('IDEMPOTENCY_MISMATCH');
    const slugs: string[] = [];
    for await (const tenant of nodesOf(async (after) => (await ada.query(TenantsDocument, { first: 1, after })).tenants)) slugs.push(tenant.slug);
    expect(slugs.sort()).toEqual(['engines', 'twice']);
  });

  it('does each mutation of a document once, whatever else stands beside it', async () => {
    const make = (slugs: readonly string[]) => ada.mutate<Record<string, { tenant: { id: string; slug: string } }>, object>(
      `mutation { ${slugs.map((slug, n) => `m${n}: createTenant(input: { name: "Several", slug: "${slug}" }) { tenant { id slug } userErrors { code } }`).join(' ')} }`, {}, { idempotencyKey: 'several' });
    const first = await make(['several-a', 'several-b']);
    expect([first.m0!.tenant.slug, first.m1!.tenant.slug]).toEqual(['several-a', 'several-b']);
    expect(await make(['several-a', 'several-b'])).toEqual(first);
    // The second has another input under the same key: it alone is refused.
    expect(await codeOf(make(['several-a', 'several-c']))).toBe('IDEMPOTENCY_MISMATCH');
  });

  it('forgets a member and a session within a second', async () => {
    await ada.mutate(RemoveMemberDocument, { input: { userId: bobId } });
    await eventually('the removal to be felt', async () => await codeOf(bob.query(TenantDocument, {})) === 'TENANT_NOT_FOUND', WITHIN_MS);
    const { login } = await atlas.client().mutate(LoginDocument, { input: { email: 'bob@example.com', password: PASSWORD } });
    const again = atlas.client({ session: login!.session!, triesMax: 1 });
    expect((await again.query(MeDocument, {})).me!.id).toBe(bobId);
    await again.mutate(LogoutDocument, { input: {} });
    await eventually('the logout to be felt', async () => await codeOf(again.query(MeDocument, {})) === 'SESSION_ENDED', WITHIN_MS);
  });

  it('never said a secret or an address while it did so', async () => {
    for (const secret of [PASSWORD, 'atl_live_', 'Bearer ', '$argon2', 'inv_']) expect(atlas.printed()).not.toContain(secret);
  });
});

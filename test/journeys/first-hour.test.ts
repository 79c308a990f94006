/** The first hour of a team: register, make a tenant, invite, make a key, ask as the key, take it all back. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AcceptInvitationDocument, type AtlasClient, ChangeMemberRoleDocument, CreateApiKeyDocument, CreateTenantDocument, type InputError, InviteMemberDocument, LoginDocument, LogoutDocument,
  MeDocument, MembersDocument, NodeDocument, nodesOf, RegisterDocument, RemoveMemberDocument, type RequestError, RevokeApiKeyDocument, TenantDocument, TenantRole, TenantsDocument,
} from '../../clients/typescript/index.ts';
import { ARRANGEMENTS, startArrangement, type Running } from '../kit/arrangements.ts';
import { eventually } from '../kit/eventually.ts';

const PASSWORD = 'a long enough pass phrase';
const WITHIN_MS = 1_000;

describe.each(Object.entries(ARRANGEMENTS))('the first hour, %s', (_, groups) => {
  let atlas: Running;
  let ada: AtlasClient;
  let bob: AtlasClient;
  let adaId: string;
  let bobId: string;
  beforeAll(async () => { atlas = await startArrangement(groups); }, 60_000);
  afterAll(() => atlas?.stop());

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

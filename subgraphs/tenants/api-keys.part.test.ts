import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseApiKey } from '../../platform/api-key.ts';
import { newId, type ApiKeyId } from '../../platform/ids.ts';
import { anonymous, keyViewer, systemViewer } from '../../platform/viewer.ts';
import { startServices, type Kit } from '../../test/kit/services.ts';
import { codeOf, CREATE_KEY, dataOf, done, newKey, newMember, newTenant, payloadOf, type Person } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

const UPDATE = 'mutation($input: UpdateApiKeyInput!) { updateApiKey(input: $input) { apiKey { name scopes allowedAddresses expiresAt } userErrors { code path } } }';
const ROTATE = 'mutation($input: RotateApiKeyInput!) { rotateApiKey(input: $input) { apiKey { id prefix } secret userErrors { code path } } }';
const HELD_CREATE = 'mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id trustedDocumentsOnly } secret userErrors { code path } } }';
const HELD_UPDATE = 'mutation($input: UpdateApiKeyInput!) { updateApiKey(input: $input) { apiKey { trustedDocumentsOnly } userErrors { code path } } }';
const REVOKE = 'mutation($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { apiKey { id revokedAt } userErrors { code path } } }';
const PRINCIPAL = 'query($tenantId: ID!, $hash: String!) { principalOfKey(tenantId: $tenantId, hash: $hash) { keyId tenantId scopes collectionIds allowedAddresses trustedDocumentsOnly sandbox } }';
const ENTITY = 'query($of: [_Any!]!) { _entities(representations: $of) { ... on ApiKey { id name } } }';
const ROLE = 'mutation($input: ChangeMemberRoleInput!) { changeMemberRole(input: $input) { userErrors { code } } }';

let kit: Kit;
beforeAll(async () => { kit = await startTogether(['tenants']); });
afterAll(() => kit.stop());

const create = (by: Person, input: object) => kit.ask('tenants', CREATE_KEY, { input: { name: 'robot', scopes: ['collections:read'], ...input } }, by.viewer);
const update = (by: Person, input: object) => kit.ask('tenants', UPDATE, { input }, by.viewer);
const rotate = (by: Person, input: object) => kit.ask('tenants', ROTATE, { input }, by.viewer);
const revoke = (by: Person, id: string) => kit.ask('tenants', REVOKE, { input: { id } }, by.viewer);
const principal = async (secret: string) => {
  const { tenantId, hash } = parseApiKey(secret)!;
  return dataOf(await kit.ask('tenants', PRINCIPAL, { tenantId, hash }, systemViewer('gateway'))).principalOfKey;
};
const collection = newId('col');

describe('createApiKey', () => {
  it('answers the secret once, and the gateway what it opens', async () => {
    const { owner, id: tenantId } = await newTenant(kit);
    const { apiKey, secret } = done(await create(owner, { scopes: ['items:write', 'collections:read', 'items:write'], collectionIds: [collection], allowedAddresses: ['192.0.2.7/24', '::ffff:10.0.0.1', '2001:DB8::1'] }));
    expect(secret).toMatch(/^atl_live_\w{60,}$/);
    expect(secret.startsWith(apiKey.prefix)).toBe(true);
    expect(apiKey).toMatchObject({ scopes: ['collections:read', 'items:write'], allowedAddresses: ['192.0.2.0/24', '10.0.0.1', '2001:db8::1'], createdBy: { id: owner.userId }, lastUsedAt: null });
    expect(await principal(secret)).toEqual({ keyId: apiKey.id, tenantId, scopes: ['collections:read', 'items:write'], collectionIds: [collection], allowedAddresses: ['192.0.2.0/24', '10.0.0.1', '2001:db8::1'], trustedDocumentsOnly: false, sandbox: false });
  });

  it('answers a key that is held to trusted documents, until that is lifted', async () => {
    const { owner } = await newTenant(kit);
    const made = done(await kit.ask('tenants', HELD_CREATE, { input: { name: 'app', scopes: ['ai:ask'], trustedDocumentsOnly: true } }, owner.viewer));
    expect(made.apiKey.trustedDocumentsOnly).toBe(true);
    expect((await principal(made.secret)).trustedDocumentsOnly).toBe(true);
    const change = async (input: object) => done(await kit.ask('tenants', HELD_UPDATE, { input: { id: made.apiKey.id, ...input } }, owner.viewer)).apiKey.trustedDocumentsOnly as boolean;
    expect(await change({ name: 'renamed' })).toBe(true);
    expect(await change({ trustedDocumentsOnly: false })).toBe(false);
    expect((await principal(made.secret)).trustedDocumentsOnly).toBe(false);
    expect(await change({ trustedDocumentsOnly: true })).toBe(true);
    expect(await change({ trustedDocumentsOnly: null })).toBe(false);
    const told = (await kit.eventsOf('tenants.api-key-updated', 4)).filter(({ subject }) => subject === made.apiKey.id);
    expect(told.map(({ body }) => (body as { trustedDocumentsOnly: boolean }).trustedDocumentsOnly)).toEqual([true, false, true, false]);
    expect(told.at(-1)!.audit).toMatchObject({ before: { trustedDocumentsOnly: true }, after: { trustedDocumentsOnly: false } });
  });

  it('answers atl_test in a sandbox tenant only', async () => {
    const { owner } = await newTenant(kit, { sandbox: true });
    const { secret } = await newKey(kit, owner);
    expect(secret).toMatch(/^atl_test_/);
    expect((await principal(secret)).sandbox).toBe(true);
  });

  it('answers a replay with the same secret', async () => {
    const { owner } = await newTenant(kit);
    const twice = await Promise.all([1, 2].map(() => kit.ask('tenants', CREATE_KEY, { input: { name: 'r', scopes: ['ai:ask'] } }, owner.viewer, { idempotencyKey: 'key' })));
    expect(payloadOf(twice[0]!)).toEqual(payloadOf(twice[1]!));
    expect(payloadOf(twice[0]!).secret).toMatch(/^atl_live_/);
  });

  it('refuses bad input', async () => {
    const { owner } = await newTenant(kit);
    const bad: [object, string, string[]][] = [
      [{ name: ' ' }, 'INVALID_INPUT', ['input', 'name']],
      [{ scopes: [] }, 'INVALID_INPUT', ['input', 'scopes']],
      [{ scopes: ['ai:ask', 'root'] }, 'SCOPE_UNKNOWN', ['input', 'scopes', '1']],
      [{ collectionIds: [] }, 'INVALID_INPUT', ['input', 'collectionIds']],
      [{ collectionIds: ['col_x'] }, 'INVALID_INPUT', ['input', 'collectionIds', '0']],
      [{ expiresAt: new Date(Date.now() - 1_000).toISOString() }, 'INVALID_INPUT', ['input', 'expiresAt']],
      ...['127.1', '0x7f.0.0.1', '10.0.0.0/33', 'example.com', 'fe80::1%eth0', '', '10.0.0.1/'].map((address): [object, string, string[]] => [{ allowedAddresses: ['192.0.2.1', address] }, 'INVALID_INPUT', ['input', 'allowedAddresses', '1']]),
    ];
    for (const [input, code, path] of bad) expect(payloadOf(await create(owner, input)).userErrors[0]).toMatchObject({ code, path });
  });

  it('refuses a stranger, a guest, a key, and more than the creator may', async () => {
    const tenant = await newTenant(kit);
    const [member, guest] = [await newMember(kit, tenant, 'MEMBER'), await newMember(kit, tenant, 'GUEST')];
    expect(codeOf(await create({ ...guest, viewer: anonymous }, {}))).toBe('UNAUTHENTICATED');
    expect(codeOf(await create(guest, {}))).toBe('FORBIDDEN');
    expect(codeOf(await create(member, { scopes: ['tenants:admin'] }))).toBe('FORBIDDEN');
    expect(codeOf(await create(member, { scopes: ['items:write'] }))).toBeUndefined();
    const key = keyViewer({ keyId: newId('key') as ApiKeyId, tenantId: tenant.id, scopes: ['tenants:admin'], collectionIds: null, sandbox: false });
    expect(codeOf(await create({ ...guest, viewer: key }, {}))).toBe('FORBIDDEN');
  });
});

describe('a key', () => {
  it('does no more than its creator may today, and dies with the membership', async () => {
    const tenant = await newTenant(kit);
    const admin = await newMember(kit, tenant, 'ADMIN');
    const { secret } = await newKey(kit, admin, { scopes: ['tenants:admin', 'items:write', 'search:read'] });
    const become = (role: string) => kit.ask('tenants', ROLE, { input: { userId: admin.userId, role } }, tenant.owner.viewer);
    await become('MEMBER');
    expect((await principal(secret)).scopes).toEqual(['items:write', 'search:read']);
    await become('GUEST');
    expect((await principal(secret)).scopes).toEqual(['search:read']);
    done(await kit.ask('tenants', 'mutation($input: RemoveMemberInput!) { removeMember(input: $input) { userErrors { code } } }', { input: { userId: admin.userId } }, tenant.owner.viewer));
    expect(await principal(secret)).toBeNull();
    await newMember(kit, tenant, 'ADMIN', admin);
    expect(await principal(secret)).toBeNull();
  });

  it('ends when it expires', async () => {
    const { owner } = await newTenant(kit);
    const { secret } = await newKey(kit, owner, { expiresAt: new Date(Date.now() + 2_000).toISOString() });
    expect(await principal(secret)).not.toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 2_050));
    expect(await principal(secret)).toBeNull();
  });

  it('remembers when it was last used, without a write per call', async () => {
    const other = await startServices(['tenants']);
    const tenant = await newTenant(other);
    const { secret } = await newKey(other, tenant.owner);
    const { tenantId, hash } = parseApiKey(secret)!;
    await other.ask('tenants', PRINCIPAL, { tenantId, hash }, systemViewer('gateway'));
    const used = async () => dataOf(await other.ask('tenants', '{ tenant { apiKeys { nodes { lastUsedAt } } } }', {}, tenant.owner.viewer)).tenant.apiKeys.nodes[0].lastUsedAt;
    expect(await used()).toBeNull();
    await other.atlas.services.get('tenants')!.stop(); // what was noted is written at the end
    expect(await used()).not.toBeNull();
    await other.stop();
  });
});

describe('updateApiKey', () => {
  it('answers: what is left out stays, null lifts a limit', async () => {
    const { owner } = await newTenant(kit);
    const { id, secret } = await newKey(kit, owner, { collectionIds: [collection], allowedAddresses: ['192.0.2.1'], expiresAt: '2999-01-01T00:00:00Z' });
    expect(done(await update(owner, { id, name: 'renamed' })).apiKey).toEqual({ name: 'renamed', scopes: ['collections:read'], allowedAddresses: ['192.0.2.1'], expiresAt: new Date('2999-01-01') });
    done(await update(owner, { id, scopes: ['ai:ask'], allowedAddresses: null, collectionIds: null, expiresAt: null }));
    expect(await principal(secret)).toMatchObject({ scopes: ['ai:ask'], collectionIds: null, allowedAddresses: null });
  });

  it('refuses a member who adds what they may not, and whoever did not make it', async () => {
    const tenant = await newTenant(kit);
    const [member, other] = [await newMember(kit, tenant, 'MEMBER'), await newMember(kit, tenant, 'MEMBER')];
    const { id } = await newKey(kit, member);
    expect(codeOf(await update(member, { id, scopes: ['billing:read'] }))).toBe('FORBIDDEN');
    for (const answer of [update(other, { id, name: 'mine' }), rotate(other, { id }), revoke(other, id)]) expect(codeOf(await answer)).toBe('NOT_FOUND');
    expect(codeOf(await update(tenant.owner, { id, name: 'theirs' }))).toBeUndefined();
  });
});

describe('rotateApiKey and revokeApiKey', () => {
  it('answer: the old secret works on for the overlap, and nothing after the revocation', async () => {
    const { owner } = await newTenant(kit);
    const { id, secret } = await newKey(kit, owner);
    const second = done(await rotate(owner, { id })).secret;
    expect([await principal(secret), await principal(second)].map((found) => found?.keyId)).toEqual([id, id]);
    const third = done(await rotate(owner, { id, overlapSeconds: 0 })).secret;
    expect([await principal(secret), await principal(second), await principal(third)].map((found) => found?.keyId)).toEqual([undefined, undefined, id]);
    expect(done(await revoke(owner, id)).apiKey.revokedAt).not.toBeNull();
    done(await revoke(owner, id));
    expect(await principal(third)).toBeNull();
  });

  it('refuse bad input', async () => {
    const { owner } = await newTenant(kit);
    const { id } = await newKey(kit, owner);
    for (const overlapSeconds of [-1, 604_801]) expect(codeOf(await rotate(owner, { id, overlapSeconds }))).toBe('INVALID_INPUT');
    await revoke(owner, id);
    expect(codeOf(await rotate(owner, { id }))).toBe('INVALID_INPUT');
    for (const unknown of [newId('key'), 'key_x', '']) expect(codeOf(await revoke(owner, unknown))).toBe('NOT_FOUND');
  });

  it('refuse an ADMIN no key, a stranger every key, and another tenant’s owner', async () => {
    const [tenant, foreign] = [await newTenant(kit), await newTenant(kit)];
    const admin = await newMember(kit, tenant, 'ADMIN');
    const { id } = await newKey(kit, tenant.owner, { scopes: ['tenants:admin'] });
    expect(codeOf(await rotate(admin, { id }))).toBeUndefined();
    for (const answer of [update(foreign.owner, { id, name: 'x' }), rotate(foreign.owner, { id }), revoke(foreign.owner, id)]) expect(codeOf(await answer)).toBe('NOT_FOUND');
    expect(codeOf(await revoke({ ...admin, viewer: anonymous }, id))).toBe('UNAUTHENTICATED');
    const of = [{ __typename: 'ApiKey', nodeId: id }, { __typename: 'ApiKey', nodeId: newId('key') }];
    const seen = async ({ viewer }: Person) => dataOf(await kit.ask('tenants', ENTITY, { of }, viewer))._entities.map((found: { id: string } | null) => found?.id ?? null);
    expect([await seen(foreign.owner), await seen(await newMember(kit, tenant, 'MEMBER')), await seen(admin)]).toEqual([[null, null], [null, null], [id, null]]);
  });
});

describe('apiKeyScopes', () => {
  it('answer anyone', async () => {
    expect(dataOf(await kit.ask('tenants', '{ apiKeyScopes { name description reaches } }')).apiKeyScopes).toHaveLength(11);
  });
});

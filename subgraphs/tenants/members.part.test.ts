import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, type ApiKeyId } from '../../platform/ids.ts';
import { anonymous, keyViewer } from '../../platform/viewer.ts';
import type { Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, newKey, newMember, newTenant, payloadOf, within, type Person } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

const CHANGE = 'mutation($input: ChangeMemberRoleInput!) { changeMemberRole(input: $input) { member { role joinedAt user { id } } userErrors { code path } } }';
const REMOVE = 'mutation($input: RemoveMemberInput!) { removeMember(input: $input) { member { role user { id } } userErrors { code path } } }';
const LEAVE = 'mutation($input: LeaveTenantInput!) { leaveTenant(input: $input) { tenantId userErrors { code path } } }';
const MEMBERS = 'query($first: Int, $after: String) { tenant { members(first: $first, after: $after) { nodes { role user { id } } pageInfo { hasNextPage hasPreviousPage endCursor } } } }';
const RELATIONS = 'query($userIds: [ID!]!) { relations(userIds: $userIds) { userId kind } }';

let kit: Kit;
beforeAll(async () => { kit = await startTogether(['tenants']); });
afterAll(() => kit.stop());

const change = (by: Person, userId: string, role: string) => kit.ask('tenants', CHANGE, { input: { userId, role } }, by.viewer);
const remove = (by: Person, userId: string) => kit.ask('tenants', REMOVE, { input: { userId } }, by.viewer);
const leave = (by: Person, tenantId?: string) => kit.ask('tenants', LEAVE, { input: { tenantId } }, by.viewer);

describe('members', () => {
  it('answer in pages, the longest first', async () => {
    const tenant = await newTenant(kit);
    const others = [await newMember(kit, tenant, 'ADMIN'), await newMember(kit, tenant, 'MEMBER'), await newMember(kit, tenant, 'GUEST')];
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { nodes, pageInfo }: any = dataOf(await kit.ask('tenants', MEMBERS, { first: 2, after }, others[2]!.viewer)).tenant.members;
      seen.push(...nodes.map((node: { user: { id: string } }) => node.user.id));
      expect(pageInfo.hasPreviousPage).toBe(after !== null);
      ({ endCursor: after, hasNextPage: more } = pageInfo);
    }
    expect(seen).toEqual([tenant.owner, ...others].map(({ userId }) => userId));
  });

  it('refuse bad input: forged cursors and sizes', async () => {
    const { owner } = await newTenant(kit);
    for (const [page, code] of [[{ after: 'nonsense' }, 'CURSOR_INVALID'], [{ first: 0 }, 'PAGE_SIZE'], [{ first: 101 }, 'PAGE_SIZE']] as const) {
      expect(codeOf(await kit.ask('tenants', MEMBERS, page, owner.viewer))).toBe(code);
    }
  });
});

describe('changeMemberRole', () => {
  it('answers an OWNER for everybody, an ADMIN for all but owners', async () => {
    const tenant = await newTenant(kit);
    const [admin, member] = [await newMember(kit, tenant, 'ADMIN'), await newMember(kit, tenant, 'MEMBER')];
    expect(payloadOf(await change(admin, member.userId, 'ADMIN')).member).toMatchObject({ role: 'ADMIN', user: { id: member.userId } });
    expect(codeOf(await change(admin, member.userId, 'OWNER'))).toBe('FORBIDDEN');
    expect(codeOf(await change(admin, tenant.owner.userId, 'MEMBER'))).toBe('FORBIDDEN');
    expect(payloadOf(await change(tenant.owner, member.userId, 'OWNER')).member.role).toBe('OWNER');
    expect(payloadOf(await change(tenant.owner, tenant.owner.userId, 'GUEST')).member.role).toBe('GUEST');
  });

  it('answers a replay with what it answered', async () => {
    const tenant = await newTenant(kit);
    const member = await newMember(kit, tenant, 'MEMBER');
    const twice = [1, 2].map(() => kit.ask('tenants', CHANGE, { input: { userId: member.userId, role: 'GUEST' } }, tenant.owner.viewer, { idempotencyKey: 'again' }));
    const [first, second] = await Promise.all(twice);
    expect(payloadOf(first!)).toEqual(payloadOf(second!));
  });

  it('refuses bad input: the last owner, and who is not here', async () => {
    const tenant = await newTenant(kit);
    expect(codeOf(await change(tenant.owner, tenant.owner.userId, 'MEMBER'))).toBe('LAST_OWNER');
    for (const userId of [newId('usr'), 'usr_nonsense', '', tenant.id]) expect(codeOf(await change(tenant.owner, userId, 'MEMBER'))).toBe('NOT_FOUND');
  });

  it('refuses a stranger, a member, and whoever was an admin until a moment ago', async () => {
    const tenant = await newTenant(kit);
    const admin = await newMember(kit, tenant, 'ADMIN');
    const member = await newMember(kit, tenant, 'MEMBER');
    expect(codeOf(await kit.ask('tenants', CHANGE, { input: { userId: member.userId, role: 'GUEST' } }, anonymous))).toBe('UNAUTHENTICATED');
    expect(codeOf(await change(member, member.userId, 'ADMIN'))).toBe('FORBIDDEN');
    await change(tenant.owner, admin.userId, 'MEMBER');
    expect(codeOf(await change(admin, member.userId, 'GUEST'))).toBe('FORBIDDEN');
    const key = keyViewer({ keyId: newId('key') as ApiKeyId, tenantId: tenant.id, scopes: ['tenants:admin'], collectionIds: null, sandbox: false });
    expect(codeOf(await change({ userId: member.userId, viewer: key }, tenant.owner.userId, 'MEMBER'))).toBe('FORBIDDEN');
    expect(payloadOf(await change({ userId: member.userId, viewer: key }, member.userId, 'GUEST')).member.role).toBe('GUEST');
  });

  it('refuses another tenant: its members are not here', async () => {
    const [mine, theirs] = [await newTenant(kit), await newTenant(kit)];
    const member = await newMember(kit, theirs, 'MEMBER');
    expect(codeOf(await change(mine.owner, member.userId, 'GUEST'))).toBe('NOT_FOUND');
    expect(codeOf(await remove(mine.owner, member.userId))).toBe('NOT_FOUND');
    // Whoever claims a role there without being there has none.
    expect(codeOf(await change(within(mine.owner, theirs, 'OWNER'), member.userId, 'GUEST'))).toBe('FORBIDDEN');
  });
});

describe('removeMember and leaveTenant', () => {
  it('answer, and take the keys of who is gone with them', async () => {
    const tenant = await newTenant(kit);
    const [admin, member] = [await newMember(kit, tenant, 'ADMIN'), await newMember(kit, tenant, 'MEMBER')];
    await newKey(kit, member);
    expect(payloadOf(await remove(admin, member.userId)).member).toEqual({ role: 'MEMBER', user: { id: member.userId } });
    expect(payloadOf(await leave(admin)).tenantId).toBe(tenant.id);
    expect(codeOf(await leave(admin, tenant.id))).toBe('NOT_FOUND');
    const { members, apiKeys } = dataOf(await kit.ask('tenants', '{ tenant { members { nodes { role } } apiKeys { nodes { revokedAt } } } }', {}, tenant.owner.viewer)).tenant;
    expect(members.nodes).toEqual([{ role: 'OWNER' }]);
    expect(apiKeys.nodes).toEqual([{ revokedAt: expect.anything() }]);
  });

  it('refuse the last owner, also when two leave at once', async () => {
    const lonely = await newTenant(kit);
    expect(codeOf(await leave(lonely.owner))).toBe('LAST_OWNER');
    for (let round = 0; round < 5; round += 1) {
      const tenant = await newTenant(kit);
      const second = await newMember(kit, tenant, 'OWNER');
      const answers = await Promise.all([leave(tenant.owner), round % 2 ? leave(second) : remove(second, second.userId)]);
      expect(answers.map(codeOf).sort()).toEqual(['LAST_OWNER', undefined]);
    }
  });

  it('refuse an ADMIN who removes an OWNER', async () => {
    const tenant = await newTenant(kit);
    await newMember(kit, tenant, 'OWNER');
    const admin = await newMember(kit, tenant, 'ADMIN');
    expect(codeOf(await remove(admin, tenant.owner.userId))).toBe('FORBIDDEN');
  });
});

describe('relations', () => {
  it('answer who shares a tenant, and as what', async () => {
    const [one, two] = [await newTenant(kit), await newTenant(kit)];
    const member = await newMember(kit, one, 'MEMBER');
    const guest = await newMember(kit, one, 'GUEST');
    await newMember(kit, two, 'GUEST', guest);
    const relations = async (by: Person, ...userIds: string[]) => Object.fromEntries(dataOf(await kit.ask('tenants', RELATIONS, { userIds }, by.viewer)).relations.map(({ userId, kind }: any) => [userId, kind]));
    expect(await relations(member, one.owner.userId, guest.userId, two.owner.userId, newId('usr'), 'x')).toEqual({ [one.owner.userId]: 'PEER', [guest.userId]: 'PEER' });
    expect(await relations(guest, one.owner.userId, two.owner.userId)).toEqual({ [one.owner.userId]: 'GUEST', [two.owner.userId]: 'GUEST' });
    // A key is shown what its creator would be, and nobody when it may not list members.
    const key = (role: 'GUEST' | 'MEMBER', scopes: string[]) => keyViewer({ keyId: newId('key') as ApiKeyId, tenantId: one.id, role, scopes, collectionIds: null, sandbox: false });
    expect(await relations({ ...guest, viewer: key('MEMBER', ['tenants:read']) }, guest.userId, two.owner.userId)).toEqual({ [guest.userId]: 'PEER' });
    expect(await relations({ ...guest, viewer: key('GUEST', ['tenants:read']) }, guest.userId)).toEqual({ [guest.userId]: 'GUEST' });
    expect(await relations({ ...guest, viewer: key('MEMBER', ['search:read']) }, guest.userId)).toEqual({});
    expect(codeOf(await kit.ask('tenants', RELATIONS, { userIds: Array(501).fill(newId('usr')) }, member.viewer))).toBe('INVALID_INPUT');
    expect(codeOf(await kit.ask('tenants', RELATIONS, { userIds: [] }, anonymous))).toBe('UNAUTHENTICATED');
  });
});

import { isId, type TenantId, type UserId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';
import type { Role } from '../domain/role.ts';
import { invalid } from '../../../platform/text.ts';
import { TENANTS_MAX } from './refuse-one-more-tenant.ts';

export interface UserRelation { userId: UserId; kind: 'PEER' | 'GUEST' }
export type RelatePeople = ReturnType<typeof relatePeople>;

const PEOPLE_MAX = 500;

/** Which of these people share a tenant with the caller, and whether the caller is more than a guest in one of those. Who sees whom goes by it: it never lags. */
export const relatePeople = (given: { look: Look<Ports> }) => async (viewer: Viewer, userIds: readonly string[]): Promise<UserRelation[]> => {
  if (userIds.length > PEOPLE_MAX) throw invalid(`At most ${PEOPLE_MAX} people at once.`, 'userIds');
  const asked = new Set(userIds.filter((id): id is UserId => isId('usr', id)));
  const found = new Map<UserId, UserRelation['kind']>();
  for (const { tenantId, role } of await placesOf(viewer, given.look)) {
    // Row-level security shows one tenant's members at a time: one short look each, the likeliest tenant first.
    const open = [...asked].filter((id) => found.get(id) !== 'PEER');
    if (open.length === 0) break;
    const here = await given.look({ ...viewer, tenantId }, ({ memberships }) => memberships.among(tenantId, open));
    for (const { userId } of here) if (role !== 'GUEST' || !found.has(userId)) found.set(userId, role === 'GUEST' ? 'GUEST' : 'PEER');
  }
  return [...found].map(([userId, kind]) => ({ userId, kind }));
};

async function placesOf(viewer: Viewer, look: Look<Ports>): Promise<{ tenantId: TenantId; role: Role }[]> {
  const { userId, tenantId } = viewer;
  // A key is shown no more than its creator would be, and nobody at all when it may not list members.
  if (userId === null) return tenantId && viewer.scopes.includes('tenants:read') ? [{ tenantId, role: viewer.role ?? 'GUEST' }] : [];
  const own = await look(viewer, ({ memberships }) => memberships.own(userId, { first: TENANTS_MAX - 1, after: null }));
  return [...own].sort((a, b) => Number(b.tenantId === tenantId) - Number(a.tenantId === tenantId));
}

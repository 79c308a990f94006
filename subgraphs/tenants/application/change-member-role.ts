import { isId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import { memberOf, type Member } from '../domain/membership.ts';
import type { Ports } from '../domain/ports.ts';
import type { Role } from '../domain/role.ts';
import { notFound, roleToday, tenantOf } from './act-in-tenant.ts';

export type ChangeMemberRole = ReturnType<typeof changeMemberRole>;

export const changeMemberRole = (given: { work: Work<Ports> }) => (viewer: Viewer, input: { userId: string; role: Role }): Promise<{ member: Member }> => {
  const tenantId = tenantOf(viewer);
  return given.work(viewer, async (ports) => {
    const { tenants, memberships } = ports;
    const tenant = await tenants.locked(tenantId);
    const membership = isId('usr', input.userId) ? await memberships.of(tenantId, input.userId) : null;
    if (!tenant || !membership) throw notFound('userId');
    tenant.changeRole(membership, input.role, { role: await roleToday(viewer, ports), owners: await memberships.owners(tenantId) });
    return { member: memberOf(membership) };
  });
};

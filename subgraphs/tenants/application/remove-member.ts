import { isId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import { memberOf, type Member } from '../domain/membership.ts';
import type { Ports } from '../domain/ports.ts';
import { notFound, roleToday, tenantOf } from './act-in-tenant.ts';
import { partWith } from './part-with-member.ts';

export type RemoveMember = ReturnType<typeof removeMember>;

export const removeMember = (given: { work: Work<Ports> }) => (viewer: Viewer, input: { userId: string }): Promise<{ member: Member }> => {
  const tenantId = tenantOf(viewer);
  return given.work(viewer, async (ports) => {
    const { tenants, memberships } = ports;
    const tenant = await tenants.locked(tenantId);
    const membership = isId('usr', input.userId) ? await memberships.of(tenantId, input.userId) : null;
    if (!tenant || !membership) throw notFound('userId');
    tenant.remove(membership, { role: await roleToday(viewer, ports), owners: await memberships.owners(tenantId) });
    await partWith(membership, ports);
    return { member: memberOf(membership) };
  });
};

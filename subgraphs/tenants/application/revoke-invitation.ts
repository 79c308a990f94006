import { isId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Invitation } from '../domain/invitation.ts';
import type { Ports } from '../domain/ports.ts';
import { refuseUnlessManages } from '../domain/role.ts';
import { notFound, roleToday, tenantOf } from './act-in-tenant.ts';

export type RevokeInvitation = ReturnType<typeof revokeInvitation>;

export const revokeInvitation = (given: { work: Work<Ports> }) => (viewer: Viewer, input: { id: string }): Promise<{ invitation: Invitation }> => {
  const tenantId = tenantOf(viewer);
  return given.work(viewer, async (ports) => {
    const invitation = isId('inv', input.id) ? await ports.invitations.locked(tenantId, input.id) : null;
    if (!invitation) throw notFound('id');
    refuseUnlessManages(await roleToday(viewer, ports), invitation.role);
    invitation.revoke();
    return { invitation };
  });
};

import { AtlasError } from '../../../platform/errors.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import { Invitation } from '../domain/invitation.ts';
import type { Ports } from '../domain/ports.ts';
import { refuseUnlessManages, type Role } from '../domain/role.ts';
import { emailOf } from '../../../platform/text.ts';
import { roleToday, tenantOf } from './act-in-tenant.ts';

const OPEN_MAX = 500;
export type InviteMember = ReturnType<typeof inviteMember>;

/** The letter is sent by `on-member-invited.ts`, once this has committed. */
export const inviteMember = (given: { work: Work<Ports> }) => (viewer: Viewer, input: { email: string; role: Role }): Promise<{ invitation: Invitation }> => {
  const tenantId = tenantOf(viewer);
  const email = emailOf(input.email, 'email');
  return given.work(viewer, async (ports) => {
    const { tenants, memberships, invitations } = ports;
    refuseUnlessManages(await roleToday(viewer, ports), input.role);
    // An invitation holds no seat: who is invited beside others is counted when they come.
    const [tenant] = await tenants.byIds([tenantId]);
    tenant?.refuseOneMore(await memberships.count(tenantId), 'email');
    const earlier = await invitations.lockedTo(tenantId, email);
    if (earlier) {
      // To replace an invitation is to withdraw it: an ADMIN may not withdraw an OWNER's.
      refuseUnlessManages(await roleToday(viewer, ports), earlier.role);
      earlier.renew(input.role, viewer.userId);
      return { invitation: earlier };
    }
    if (await invitations.open(tenantId) >= OPEN_MAX) throw new AtlasError('LIMIT_REACHED', `A tenant has at most ${OPEN_MAX} open invitations.`);
    const invitation = Invitation.to({ tenantId, email, role: input.role, by: viewer.userId });
    invitations.add(invitation);
    return { invitation };
  });
};

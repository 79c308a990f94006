import { AtlasError } from '../../../platform/errors.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import { tokenInvalid, type Invitation } from '../domain/invitation.ts';
import { memberOf, type Member } from '../domain/membership.ts';
import type { Ports, Tokens } from '../domain/ports.ts';
import type { Tenant } from '../domain/tenant.ts';
import { manages } from '../domain/role.ts';
import { personOf } from './act-in-tenant.ts';
import { refuseOneMoreTenant } from './refuse-one-more-tenant.ts';

export type AcceptInvitation = ReturnType<typeof acceptInvitation>;

/** An invitation of somebody who has left, or who may no longer give that role, is void. One that a key made is the tenant's own. */
async function refuseWordOfNobody({ tenantId, invitedBy, role }: Invitation, memberships: Ports['memberships']): Promise<void> {
  if (invitedBy === null) return;
  const inviter = await memberships.of(tenantId, invitedBy);
  if (!inviter || !manages(inviter.role, role)) throw tokenInvalid();
}

/**
 * Whoever holds the token and is signed in joins. The letter went to the invited address, so the token proves that it was
 * read there; the account may have another address, for people have several.
 */
export const acceptInvitation = (given: { work: Work<Ports>; tokens: Tokens }) => async (viewer: Viewer, input: { token: string }): Promise<{ tenant: Tenant; member: Member }> => {
  const userId = personOf(viewer);
  const token = given.tokens.readInvitation(input.token.trim());
  if (!token) throw tokenInvalid();
  const { tenantId, hash } = token;
  return given.work({ ...viewer, tenantId }, async ({ tenants, memberships, invitations }) => {
    // Locked first, so that of two who come at once the second finds it used; a token of nobody locks nothing.
    const invitation = await invitations.lockedByHash(tenantId, hash);
    if (!invitation?.isOpen()) throw tokenInvalid();
    const tenant = await tenants.locked(tenantId);
    if (!tenant) throw tokenInvalid();
    await refuseWordOfNobody(invitation, memberships);
    if (await memberships.of(tenantId, userId)) throw new AtlasError('ALREADY_MEMBER', 'You are a member already; the invitation stays open for somebody else.');
    tenant.refuseOneMore(await memberships.count(tenantId), 'token');
    await refuseOneMoreTenant(memberships, userId);
    invitation.accept(userId);
    const membership = tenant.join(userId, invitation.role);
    memberships.add(membership);
    return { tenant, member: memberOf(membership) };
  });
};

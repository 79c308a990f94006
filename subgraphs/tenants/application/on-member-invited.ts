import { consumeOutside } from '../../../platform/outbox/inbox.ts';
import type { Scope, Work } from '../../../platform/work.ts';
import type { Letters, Ports, Tokens } from '../domain/ports.ts';
import { memberInvited } from '../events.ts';

const CONSUMER = 'on-member-invited';

/**
 * Sends the letter. Its token is made here, so that no event holds a secret, and from the event, so that a letter which
 * has to be sent twice (a crash between sending and remembering) says the same twice. The token works before the letter
 * leaves; the letter counts as sent only afterwards: at least once.
 */
export const onMemberInvited = (given: { work: Work<Ports>; tokens: Tokens; letters: Letters }) => consumeOutside(memberInvited, async (event) => {
  const { tenantId, invitationId } = event.body;
  const scope: Scope = { kind: 'system', id: 'system:tenants', userId: null, tenantId };
  const { token, hash } = given.tokens.invitation(tenantId, event.id);

  const letter = await given.work(scope, async ({ tenants, invitations }) => {
    const invitation = await invitations.locked(tenantId, invitationId);
    const [tenant] = await tenants.byIds([tenantId]);
    // Sent already, revoked, or invited again in the meantime: the newer event has its own letter.
    if (!tenant || !invitation?.isOpen()) return null;
    if (invitation.letterFor === event.id || invitation.expiresAt.toISOString() !== event.body.expiresAt) return null;
    invitation.tokenHash = hash;
    const { email, role, expiresAt } = invitation;
    return { to: email, role, expiresAt, tenant: { name: tenant.name, sandbox: tenant.sandbox } };
  });
  if (letter) await given.letters.invite({ ...letter, token });

  await given.work(scope, async ({ heard, invitations }) => {
    if (!await heard.firstTime(CONSUMER, event.id) || !letter) return;
    const invitation = await invitations.locked(tenantId, invitationId);
    if (invitation?.tokenHash === hash) invitation.letterFor = event.id;
  });
});

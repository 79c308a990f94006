import { AtlasError } from '../../../platform/errors.ts';
import { refuseWeakPassword } from '../domain/password.ts';
import type { User } from '../domain/user.ts';
import { personScope, type Caller, type Tools } from './ports.ts';

export type ChangePassword = (caller: Caller, input: { currentPassword: string; newPassword: string }) => Promise<{ user: User }>;

/** Ends every other session: whoever changes a password may do so because somebody else knows the old one. */
export const changePassword = (given: Tools): ChangePassword => async (caller, input) => {
  const wrong = new AtlasError('CREDENTIALS_WRONG', 'This is not your current password.', { path: ['input', 'currentPassword'] });
  const userId = caller.viewer.userId!;
  const scope = personScope(caller);
  const [found] = await given.desk.look(scope, ({ users }) => users.byIds([userId]));
  if (!found) throw new AtlasError('UNAUTHENTICATED');
  refuseWeakPassword({ password: input.newPassword, field: 'newPassword', person: found, common: given.common });

  const attempt = await given.attempts.begin('sign-in', { account: found.email, address: caller.client.address });
  if (!(await given.passwords.verify(found.passwordHash, input.currentPassword))) throw wrong;
  const passwordHash = await given.passwords.hash(input.newPassword);
  const changed = await given.desk.work(scope, async ({ users, sessions, tokens }) => {
    const now = new Date();
    const user = await users.held(userId, 'change');
    if (user?.passwordHash !== found.passwordHash) throw wrong; // changed elsewhere in the meantime
    user.changePassword(passwordHash, 'changed');
    for (const session of await sessions.heldOf(userId, now)) if (session.id !== caller.viewer.sessionId) session.end('password-changed', now);
    await tokens.dropOf(userId, 'reset-password', now);
    return { user };
  });
  await attempt.succeeded();
  return changed;
};

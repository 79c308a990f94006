import { AtlasError } from '../../../platform/errors.ts';
import { refuseWeakPassword } from '../domain/password.ts';
import type { User } from '../domain/user.ts';
import { personScope, type Caller, type Tools } from './ports.ts';

export type ResetPassword = (caller: Caller, input: { token: string; newPassword: string }) => Promise<{ user: User }>;

/** The token came by mail, so it also proves the e-mail. A password that is refused does not use it up. */
export const resetPassword = (given: Tools): ResetPassword => async (caller, input) => {
  const invalid = new AtlasError('TOKEN_INVALID', undefined, { path: ['input', 'token'] });
  const scope = personScope(caller);
  const hash = given.mint.hash(input.token);
  const attempt = await given.attempts.begin('token', { account: null, address: caller.client.address });
  const owner = await given.desk.look(scope, async ({ users, tokens }) => {
    const userId = await tokens.owner('reset-password', hash, new Date());
    return userId ? (await users.byIds([userId]))[0] : undefined;
  });
  if (!owner) throw invalid;
  await attempt.succeeded();
  refuseWeakPassword({ password: input.newPassword, field: 'newPassword', person: owner, common: given.common });

  const passwordHash = await given.passwords.hash(input.newPassword);
  return given.desk.work(scope, async ({ users, sessions, tokens }) => {
    const now = new Date();
    const userId = await tokens.take('reset-password', hash, now);
    const user = userId && (await users.held(userId, 'change'));
    if (!user) throw invalid;
    user.changePassword(passwordHash, 'reset');
    user.verifyEmail(now);
    for (const session of await sessions.heldOf(user.id, now)) session.end('password-reset', now);
    await tokens.dropOf(user.id, 'reset-password', now);
    return { user };
  });
};

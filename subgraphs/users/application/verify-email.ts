import { AtlasError } from '../../../platform/errors.ts';
import type { User } from '../domain/user.ts';
import { personScope, type Caller, type Tools } from './ports.ts';

export type VerifyEmail = (caller: Caller, input: { token: string }) => Promise<{ user: User }>;

export const verifyEmail = (given: Pick<Tools, 'desk' | 'attempts' | 'mint'>): VerifyEmail => async (caller, input) => {
  const attempt = await given.attempts.begin('token', { account: null, address: caller.client.address });
  const verified = await given.desk.work(personScope(caller), async ({ users, tokens }) => {
    const now = new Date();
    const userId = await tokens.take('verify-email', given.mint.hash(input.token), now);
    const user = userId && (await users.held(userId, 'change'));
    if (!user) throw new AtlasError('TOKEN_INVALID', undefined, { path: ['input', 'token'] });
    user.verifyEmail(now);
    return { user };
  });
  await attempt.succeeded();
  return verified;
};

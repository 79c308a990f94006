import { ERRORS } from '../../../platform/errors.ts';
import { normalEmail } from '../../../platform/text.ts';
import { Stranger } from '../domain/stranger.ts';
import { personScope, type Caller, type Kept, type SignedIn, type Tools } from './ports.ts';
import { startSession } from './start-session.ts';

export type LogIn = (caller: Caller, input: { email: string; password: string }) => Promise<SignedIn>;

/**
 * A known and an unknown e-mail do the same at the same cost: one look, one hash, one work that tells of the failure.
 * The failure is a result and not an error, so that the work which tells of it commits.
 */
export const logIn = (given: Tools): LogIn => async (caller, input) => {
  const email = normalEmail(input.email);
  const attempt = await given.attempts.begin('sign-in', { account: email, address: caller.client.address });
  const found = await given.desk.look(personScope(caller), ({ users }) => users.withEmail(email));
  const right = await given.passwords.verify(found?.passwordHash ?? null, input.password);

  const answer = await given.desk.work(personScope(caller), async (kept): Promise<SignedIn> => {
    // Held, so that a password that is being changed ends this session too, or this session does not begin.
    const user = right && found ? await kept.users.held(found.id, 'share') : await kept.users.withEmail(email);
    if (user && right && user.passwordHash === found?.passwordHash) return { user, session: await startSession(given, kept, user, caller) };
    return refusal(kept, user, caller);
  });
  if (answer.session) await attempt.succeeded();
  return answer;
};

function refusal(kept: Kept, user: { failToSignIn(address: string | null): void } | null, { client }: Caller): SignedIn {
  if (user) {
    user.failToSignIn(client.address);
  } else {
    const stranger = new Stranger(client.address);
    stranger.failToSignIn();
    kept.witness(stranger);
  }
  return { user: null, session: null, userErrors: [{ code: 'CREDENTIALS_WRONG', message: ERRORS.CREDENTIALS_WRONG.meaning, path: ['input'] }] };
}

import { AtlasError } from '../../../platform/errors.ts';
import { refuseWeakPassword } from '../domain/password.ts';
import { emailOf } from '../../../platform/text.ts';
import { nameFrom } from '../domain/profile.ts';
import { User } from '../domain/user.ts';
import { personScope, type Caller, type SignedIn, type Tools } from './ports.ts';
import { startSession } from './start-session.ts';

export type RegisterUser = (caller: Caller, input: { email: string; password: string; name: string }) => Promise<SignedIn>;

export const registerUser = (given: Tools): RegisterUser => async (caller, input) => {
  const email = emailOf(input.email);
  const name = nameFrom(input.name);
  refuseWeakPassword({ password: input.password, field: 'password', person: { email, name }, common: given.common });

  // Counted, because the answer says whether an e-mail has an account.
  const attempt = await given.attempts.begin('register', { account: email, address: caller.client.address });
  const passwordHash = await given.passwords.hash(input.password); // slow: before the work, not in it
  const registered = await given.desk.work(personScope(caller), async (kept) => {
    if (await kept.users.withEmail(email)) throw emailTaken();
    const user = User.register({ email, name, passwordHash, now: new Date() });
    kept.users.add(user);
    return { user, session: await startSession(given, kept, user, caller) };
  });
  await attempt.succeeded();
  return registered;
};

/** Also what the unique constraint says, when two register at the same moment. */
export const emailTaken = (): AtlasError => new AtlasError('EMAIL_TAKEN', undefined, { path: ['input', 'email'] });

import type { UserId } from '../../../platform/ids.ts';
import { User } from '../domain/user.ts';
import { ownScope, type Tools } from './ports.ts';

export interface DemoUser { email: string; password: string; userId: UserId }

const NAMES = ['owner', 'admin', 'member', 'guest'];

/** People to look around as. Made once; called again, the same. Their e-mails need no proof, so they get no letters. */
export const makeDemoUsers = (given: Pick<Tools, 'desk' | 'passwords'> & { passwordFor: (email: string) => string }) => async (): Promise<DemoUser[]> => {
  const made: DemoUser[] = [];
  for (const name of NAMES) {
    const email = `${name}@demo.atlas`;
    const password = given.passwordFor(email);
    made.push({ email, password, userId: await makeDemoUser(given, email, `Demo ${name}`, password) });
  }
  return made;
};

async function makeDemoUser(given: Pick<Tools, 'desk' | 'passwords'>, email: string, name: string, password: string): Promise<UserId> {
  const known = await given.desk.look(ownScope, ({ users }) => users.withEmail(email));
  if (known && (await given.passwords.verify(known.passwordHash, password))) return known.id;
  const passwordHash = await given.passwords.hash(password);
  return given.desk.work(ownScope, async ({ users }) => {
    const now = new Date();
    const user = (await users.withEmail(email)) ?? User.register({ email, name, passwordHash, now });
    if (user.passwordHash !== passwordHash) user.changePassword(passwordHash, 'reset');
    user.verifyEmail(now);
    users.add(user);
    return user.id;
  });
}

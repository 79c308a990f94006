/**
 * A letter with a token, about something that happened. The token is made from the event, so however often the event
 * is handled there is one token; its hash is kept before the letter leaves, and the event is done after it has left.
 */
import type { Envelope } from '../../../platform/event.ts';
import type { UserId } from '../../../platform/ids.ts';
import type { Letter, Letters } from '../domain/letter.ts';
import { TOKEN_KEEP_MS, type TokenPurpose } from '../domain/one-time-token.ts';
import type { User } from '../domain/user.ts';
import { ownScope, type Tools } from './ports.ts';

export type LetterTools = Pick<Tools, 'desk' | 'mint'> & { letters: Letters; publicUrl: string };
type Write = (given: { to: string; name: string; token: string; publicUrl: string }) => Letter;

export async function writeLetter(given: LetterTools, about: {
  event: Envelope; consumer: string; purpose: TokenPurpose; userId: UserId; wanted: (user: User) => boolean; write: Write;
}): Promise<void> {
  const { event, consumer, purpose, userId } = about;
  const token = given.mint.tokenFor(purpose, event.id);
  const expiresAt = new Date(new Date(event.at).getTime() + TOKEN_KEEP_MS[purpose]);

  const user = await given.desk.work(ownScope, async ({ users, tokens, handled }) => {
    if (await handled.has(consumer, event.id)) return null;
    const [found] = await users.byIds([userId]);
    if (!found || !about.wanted(found)) return null;
    await tokens.keep({ hash: given.mint.hash(token), purpose, userId, expiresAt });
    return found;
  });
  if (!user) return;
  await given.letters.send(about.write({ to: user.email, name: user.name, token, publicUrl: given.publicUrl }));
  await given.desk.work(ownScope, ({ handled }) => handled.mark(consumer, event.id));
}

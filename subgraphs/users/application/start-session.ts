/** The part that register and login share: a session, and the tokens that carry it. */
import { newId } from '../../../platform/ids.ts';
import type { RefreshToken } from '../domain/refresh-token.ts';
import { Session } from '../domain/session.ts';
import type { User } from '../domain/user.ts';
import type { Caller, Kept, SessionTokens, Tools } from './ports.ts';

export async function startSession(given: Tools, { sessions }: Kept, user: User, { client }: Caller): Promise<SessionTokens> {
  const token = given.refreshTokens.first(newId('ses'));
  const session = Session.start({ userId: user.id, token, client, now: new Date(), keepMs: given.sessionKeepMs });
  sessions.add(session);
  return tokensOf(given, session, token);
}

/** Signing is local and takes less than a millisecond, so it may stand in a work. */
export async function tokensOf(given: Pick<Tools, 'accessTokens'>, session: Session, refresh: RefreshToken): Promise<SessionTokens> {
  const { token, expiresAt } = await given.accessTokens.issue({ userId: session.userId, sessionId: session.id });
  return { accessToken: token, refreshToken: refresh.text, expiresAt };
}

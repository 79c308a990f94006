import { AtlasError } from '../../../platform/errors.ts';
import type { SessionId } from '../../../platform/ids.ts';
import { personScope, type Caller, type Tools } from './ports.ts';

export type LogOut = (caller: Caller, input: { refreshToken?: string | null | undefined }) => Promise<{ sessionId: SessionId | null }>;

/**
 * Ends the session of the caller, or the one that a refresh token carries on: an access token may have expired, and
 * still one wants to be able to leave. Leaving twice is leaving once.
 */
export const logOut = (given: Pick<Tools, 'desk' | 'refreshTokens'>): LogOut => async (caller, { refreshToken }) => {
  const token = refreshToken ? given.refreshTokens.read(refreshToken) : null;
  if (refreshToken && !token) throw new AtlasError('TOKEN_INVALID', undefined, { path: ['input', 'refreshToken'] });
  const sessionId = token?.sessionId ?? caller.viewer.sessionId;
  if (!sessionId) throw new AtlasError('UNAUTHENTICATED', undefined, { missing: 'a session or its refresh token' });
  return given.desk.work(personScope(caller), async ({ sessions }) => {
    const session = await sessions.held(sessionId);
    session?.end('signed-out', new Date());
    return { sessionId };
  });
};

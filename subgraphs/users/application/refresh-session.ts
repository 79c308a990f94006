import { AtlasError, ERRORS } from '../../../platform/errors.ts';
import { personScope, type Caller, type Mendable, type SessionTokens, type Tools } from './ports.ts';
import { tokensOf } from './start-session.ts';

export interface Refreshed { session: SessionTokens | null; userErrors?: Mendable[] }
export type RefreshSession = (caller: Caller, input: { refreshToken: string }) => Promise<Refreshed>;

const PATH = ['input', 'refreshToken'];

/** A token that two parties hold ends the session; that too is a result and not an error, so that the end commits. */
export const refreshSession = (given: Tools): RefreshSession => async (caller, input) => {
  const token = given.refreshTokens.read(input.refreshToken);
  if (!token) throw new AtlasError('TOKEN_INVALID', undefined, { path: PATH });
  const next = given.refreshTokens.after(token);
  return given.desk.work(personScope(caller), async ({ sessions }): Promise<Refreshed> => {
    const session = await sessions.held(token.sessionId);
    const refreshed = session?.refresh({ token, next, now: new Date(), keepMs: given.sessionKeepMs, graceMs: given.refreshGraceMs });
    if (session && refreshed) return { session: await tokensOf(given, session, next) };
    return { session: null, userErrors: [{ code: 'TOKEN_INVALID', message: ERRORS.TOKEN_INVALID.meaning, path: PATH }] };
  });
};

/** Refresh tokens and tokens of letters, derived with the installation's secret. */
import { createHash, randomBytes } from 'node:crypto';
import { isId, type Id, type SessionId } from '../../../platform/ids.ts';
import type { Secret } from '../../../platform/secret.ts';
import type { TokenMint } from '../domain/one-time-token.ts';
import type { RefreshToken, RefreshTokens } from '../domain/refresh-token.ts';

const LENGTH_MAX = 300;
const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** `<session>.<generation>.<link of the chain>.<mark over the three>`: the mark tells a genuine old token from a made-up one without asking the database. */
export function refreshTokensWith(secret: Secret): RefreshTokens {
  const tokenOf = (sessionId: SessionId, generation: number, link: string): RefreshToken => {
    const body = `${sessionId}.${generation}.${link}`;
    return { sessionId, generation, hash: hashOf(link), text: `${body}.${secret.mark('refresh token', body)}` };
  };
  const linkOf = (text: string): string => text.split('.')[2]!;
  return {
    first: (sessionId) => tokenOf(sessionId, 0, randomBytes(32).toString('base64url')),
    after: ({ sessionId, generation, text }) => tokenOf(sessionId, generation + 1, secret.mark('refresh chain', linkOf(text))),
    read(text) {
      if (text.length > LENGTH_MAX) return null;
      const [sessionId = '', generation = '', link = '', mark = '', ...more] = text.split('.');
      const genuine = more.length === 0 && secret.isMark('refresh token', `${sessionId}.${generation}.${link}`, mark) && isId('ses', sessionId);
      return genuine ? tokenOf(sessionId as SessionId, Number(generation), link) : null;
    },
  };
}

export const tokenMintWith = (secret: Secret): TokenMint => ({
  tokenFor: (purpose, eventId: Id<'evt'>) => secret.mark(`one-time token: ${purpose}`, eventId),
  hash: hashOf,
});

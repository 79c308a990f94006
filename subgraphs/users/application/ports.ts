/** What the use cases are made from, and who calls them. */
import type { Desk, Scope } from '../../../platform/work.ts';
import type { SessionId } from '../../../platform/ids.ts';
import type { AccessTokens } from '../domain/access-token.ts';
import type { Attempts } from '../domain/attempts.ts';
import type { Handled } from '../domain/letter.ts';
import type { OneTimeTokens, TokenMint } from '../domain/one-time-token.ts';
import type { CommonPasswords, Passwords } from '../domain/password.ts';
import type { RefreshTokens } from '../domain/refresh-token.ts';
import type { Client, Sessions } from '../domain/session.ts';
import type { Stranger } from '../domain/stranger.ts';
import type { User, Users } from '../domain/user.ts';

export interface Kept {
  users: Users;
  sessions: Sessions;
  tokens: OneTimeTokens;
  handled: Handled;
  /** Tells of somebody who has no account. */
  witness(stranger: Stranger): void;
}
export type UsersDesk = Desk<Kept>;

export interface Tools {
  desk: UsersDesk;
  attempts: Attempts;
  passwords: Passwords;
  common: CommonPasswords;
  accessTokens: AccessTokens;
  refreshTokens: RefreshTokens;
  mint: TokenMint;
  /** Life of a session that is not refreshed. */
  sessionKeepMs: number;
  refreshGraceMs: number;
}

export interface Caller { viewer: Scope & { sessionId: SessionId | null }; client: Client }

/** An account belongs to no tenant: what happens to it is told to none, whichever tenant the caller has picked. */
export const personScope = ({ viewer }: Caller): Scope => ({ kind: viewer.kind, id: viewer.id, userId: viewer.userId, tenantId: null });
/** Work that nobody asked for. */
export const ownScope: Scope = { kind: 'system', id: 'system:users', userId: null, tenantId: null };

export interface SessionTokens { accessToken: string; refreshToken: string; expiresAt: Date }
export interface Mendable { code: string; message: string; path: string[] | null }
/** What of a payload a work returns: kept whole for a repeated request. `userErrors` only where the refusal itself is kept. */
export interface SignedIn { user: User | null; session: SessionTokens | null; userErrors?: Mendable[] }

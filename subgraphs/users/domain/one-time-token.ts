/** A secret that travels by mail and opens one thing once. Only its hash is kept. */
import type { Id, UserId } from '../../../platform/ids.ts';

export type TokenPurpose = 'verify-email' | 'reset-password';

export const TOKEN_KEEP_MS: Record<TokenPurpose, number> = {
  'verify-email': 7 * 24 * 3_600_000,
  'reset-password': 3_600_000,
};

export interface OneTimeTokens {
  /** Kept again, it changes nothing: a letter that is sent twice holds one token. */
  keep(token: { hash: string; purpose: TokenPurpose; userId: UserId; expiresAt: Date }): Promise<void>;
  /** Whose it is, without using it; null when unknown, used or expired. */
  owner(purpose: TokenPurpose, hash: string, now: Date): Promise<UserId | null>;
  /** Whose it was; from now on it is used. */
  take(purpose: TokenPurpose, hash: string, now: Date): Promise<UserId | null>;
  /** Makes all others of this person and purpose worthless. */
  dropOf(userId: UserId, purpose: TokenPurpose, now: Date): Promise<void>;
}

/** Makes the token of an event: the same one however often the event is handled, and unknown to whoever reads the event. */
export interface TokenMint {
  tokenFor(purpose: TokenPurpose, eventId: Id<'evt'>): string;
  hash(token: string): string;
}

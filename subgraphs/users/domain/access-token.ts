/** What a client shows with every request: signed, short-lived, for whoever holds it. */
import type { SessionId, UserId } from '../../../platform/ids.ts';

export interface AccessTokens {
  issue(who: { userId: UserId; sessionId: SessionId }): Promise<{ token: string; expiresAt: Date }>;
}

/** The keys that access tokens are signed with. One signs; those before it are known until what they signed has expired. */
export interface SigningKeys {
  /** Makes the first key, when there is none; processes that start at once make one. */
  ensure(): Promise<void>;
  /** A new key signs from now on. */
  rotate(): Promise<void>;
  /** When the key that signs was made. */
  since(): Promise<Date>;
  /** The JSON Web Key Set that tokens are checked with. */
  publicSet(): Promise<string>;
  /** Deletes keys whose last token has long expired. */
  forget(): Promise<void>;
}

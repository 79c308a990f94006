/** What a client shows with every request: signed, short-lived, for whoever holds it. */
import type { SessionId, UserId } from '../../../platform/ids.ts';

export interface AccessTokens {
  issue(who: { userId: UserId; sessionId: SessionId }): Promise<{ token: string; expiresAt: Date }>;
}

/** The keys that access tokens are signed with. One signs; those before it are known until what they signed has expired. */
export interface SigningKeys {
  /** Makes the first key, when there is none; processes that start at once make one. */
  ensure(): Promise<void>;
  /** A new key signs from now on. With `kid`, only if that one signs still: of several that rotate it, one does. */
  rotate(kid?: string): Promise<void>;
  /** The key that signs, and when it was made. */
  newest(): Promise<{ kid: string; since: Date }>;
  /** The JSON Web Key Set that tokens are checked with. */
  publicSet(): Promise<string>;
  /** Deletes keys whose last token has long expired. */
  forget(): Promise<void>;
}

/**
 * A session is carried on by a chain of refresh tokens, each made from the one before it and from nothing else. A
 * repeated refresh therefore yields the same successor (a lost answer, two tabs), and can never yield another branch.
 */
import type { SessionId } from '../../../platform/ids.ts';

export interface RefreshToken {
  sessionId: SessionId;
  /** How many refreshes came before it. */
  generation: number;
  /** What is stored of it. */
  hash: string;
  /** What the client holds. */
  text: string;
}

export interface RefreshTokens {
  first(sessionId: SessionId): RefreshToken;
  after(token: RefreshToken): RefreshToken;
  /** Null when it was not made here. A token that is read is genuine, however old: only its holder can have sent it. */
  read(text: string): RefreshToken | null;
}

/** A device on which a person is signed in. It lives as long as it is refreshed, and ends once. */
import { Aggregate } from '../../../platform/aggregate.ts';
import type { SessionId, UserId } from '../../../platform/ids.ts';
import { sessionEnded, sessionStarted, type SessionEnd } from '../events.ts';
import type { RefreshToken } from './refresh-token.ts';

/** From where somebody asks; for people to recognise their devices by, never to decide by. */
export interface Client { address: string | null; userAgent: string | null }

const USER_AGENT_LENGTH_MAX = 300;

export class Session extends Aggregate {
  readonly id!: SessionId;
  readonly userId!: UserId;
  generation!: number;
  tokenHash!: string;
  rotatedAt!: Date;
  readonly createdAt!: Date;
  lastSeenAt!: Date;
  expiresAt!: Date;
  endedAt!: Date | null;
  endReason!: SessionEnd | null;
  readonly userAgent!: string | null;
  readonly address!: string | null;

  static start(given: { userId: UserId; token: RefreshToken; client: Client; now: Date; keepMs: number }): Session {
    const { userId, token, client, now, keepMs } = given;
    const session = Object.assign(new Session(), {
      id: token.sessionId, userId, generation: token.generation, tokenHash: token.hash, rotatedAt: now, createdAt: now, lastSeenAt: now,
      expiresAt: new Date(now.getTime() + keepMs), endedAt: null, endReason: null,
      userAgent: client.userAgent?.slice(0, USER_AGENT_LENGTH_MAX) ?? null, address: client.address,
    });
    session.record(sessionStarted({ sessionId: session.id, userId, address: client.address }, session.audit({ userId, address: client.address })));
    return session;
  }

  isAlive(now: Date): boolean {
    return this.endedAt === null && this.expiresAt > now;
  }

  /**
   * True when `next` may be handed out. A token that has been followed is honoured again only shortly after it was, and
   * only the very last: any other is held by two parties, of which one has stolen it, so the whole session ends.
   */
  refresh(given: { token: RefreshToken; next: RefreshToken; now: Date; keepMs: number; graceMs: number }): boolean {
    const { token, next, now } = given;
    if (!this.isAlive(now)) return false;
    if (token.generation === this.generation && token.hash === this.tokenHash) {
      this.generation = next.generation;
      this.tokenHash = next.hash;
      this.rotatedAt = now;
      this.lastSeenAt = now;
      this.expiresAt = new Date(now.getTime() + given.keepMs);
      return true;
    }
    if (token.generation >= this.generation) return false; // genuine, but of a past that a restored database forgot
    const repeated = next.generation === this.generation && next.hash === this.tokenHash && now.getTime() - this.rotatedAt.getTime() <= given.graceMs;
    if (!repeated) this.end('refresh-reused', now);
    return repeated;
  }

  end(reason: SessionEnd, now: Date): void {
    if (this.endedAt) return;
    this.endedAt = now;
    this.endReason = reason;
    this.record(sessionEnded({ sessionId: this.id, userId: this.userId, reason }, this.audit({ userId: this.userId, reason })));
  }

  private audit(after: unknown) {
    return { audit: { entityType: 'Session', entityId: this.id, after } };
  }
}

export interface Sessions {
  byIds(ids: readonly SessionId[]): Promise<Session[]>;
  /** Held to the end of the work: of two refreshes at once, the second sees what the first did. */
  held(id: SessionId): Promise<Session | null>;
  /** All of a person's that are alive, held. */
  heldOf(userId: UserId, now: Date): Promise<Session[]>;
  /** A person's that are alive, newest first, after the one with this id. */
  page(userId: UserId, now: Date, request: { first: number; after: readonly string[] | null }): Promise<Session[]>;
  add(session: Session): void;
}

import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import type { SessionId, UserId } from '../../../platform/ids.ts';
import { Session, type Sessions } from '../domain/session.ts';

export class PostgresSessions implements Sessions {
  constructor(private readonly em: EntityManager) {}

  byIds(ids: readonly SessionId[]): Promise<Session[]> {
    return this.em.find(Session, { id: { $in: [...ids] } });
  }
  held(id: SessionId): Promise<Session | null> {
    return this.em.findOne(Session, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
  /** In one order, so that two works that hold the same sessions wait for each other and never for ever. */
  heldOf(userId: UserId, now: Date): Promise<Session[]> {
    return this.em.find(Session, { userId, endedAt: null, expiresAt: { $gt: now } }, { orderBy: { id: 'asc' }, lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
  page(userId: UserId, now: Date, { first, after }: { first: number; after: readonly string[] | null }): Promise<Session[]> {
    return this.em.find(Session, { userId, endedAt: null, expiresAt: { $gt: now }, ...(after && { id: { $lt: after[0]! as SessionId } }) }, { orderBy: { id: 'desc' }, limit: first + 1 });
  }
  add(session: Session): void {
    this.em.persist(session);
  }
}

import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id } from '../../../platform/ids.ts';
import { firstTime } from '../../../platform/outbox/inbox.ts';
import type { Handled } from '../domain/letter.ts';

export class PostgresHandled implements Handled {
  constructor(private readonly em: EntityManager) {}

  async has(consumer: string, eventId: Id<'evt'>): Promise<boolean> {
    const rows = await this.em.execute<unknown[]>('SELECT 1 FROM users.inbox WHERE event_id = ? AND consumer = ?', [eventId, consumer], 'all');
    return rows.length > 0;
  }
  mark(consumer: string, eventId: Id<'evt'>): Promise<boolean> {
    return firstTime(this.em, 'users', consumer, eventId);
  }
}

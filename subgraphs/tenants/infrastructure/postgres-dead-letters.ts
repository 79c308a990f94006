import type { EntityManager } from '@mikro-orm/postgresql';
import type { TenantId } from '../../../platform/ids.ts';
import type { DeadLetter, DeadLetterId } from '../domain/dead-letter.ts';
import type { DeadLetters, Span } from '../domain/ports.ts';

/** The columns that this service's role may read. */
const COLUMNS = `id, consumer, event_id AS "eventId", type AS "eventType", code, message, tries, parked_at AS "parkedAt", last_tried_at AS "lastTriedAt", retry_at AS "retryAt"`;

/** The bus keeps them; row-level security shows a tenant its own. */
export class PostgresDeadLetters implements DeadLetters {
  constructor(private readonly em: EntityManager) {}
  async page(tenantId: TenantId, { first, after }: Span): Promise<DeadLetter[]> {
    const [id] = after ?? [];
    const rows = await this.em.execute<DeadLetter[]>(
      `SELECT ${COLUMNS} FROM bus.dead_letter WHERE tenant_id = ?${id ? ' AND id < ?' : ''} ORDER BY id DESC LIMIT ?`, [tenantId, ...(id ? [id] : []), first + 1]);
    return rows.map(withDates);
  }
  async askAgain(tenantId: TenantId, id: DeadLetterId): Promise<DeadLetter | null> {
    const [row] = await this.em.execute<DeadLetter[]>(`UPDATE bus.dead_letter SET retry_at = now() WHERE tenant_id = ? AND id = ? RETURNING ${COLUMNS}`, [tenantId, id]);
    return row ? withDates(row) : null;
  }
}

/** Past the ORM times come as text. */
const withDates = (row: DeadLetter): DeadLetter =>
  ({ ...row, parkedAt: new Date(row.parkedAt), lastTriedAt: new Date(row.lastTriedAt), retryAt: row.retryAt && new Date(row.retryAt) });

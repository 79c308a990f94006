import type { EntityManager } from '@mikro-orm/postgresql';
import type { AuditEvent, ChainName, End, Head } from '../domain/audit-chain.ts';
import type { AuditFilter, AuditTrails } from '../domain/audit-trails.ts';
import type { Span } from '../domain/ports.ts';

const COLUMNS = `tenant_id, seq::float8 AS seq, id, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, actor_kind, actor_id, action,
  entity_type, entity_id, before::text AS before, after::text AS after, request_id, hash, seal`;
const HEAD = 'h.seq::float8 AS seq, h.hash, h.event_id AS "eventId", h.seal';

interface Row {
  tenant_id: ChainName; seq: number; id: AuditEvent['id']; at: string; actor_kind: AuditEvent['actor']['kind']; actor_id: string; action: string;
  entity_type: string; entity_id: string; before: string | null; after: string | null; request_id: string | null; hash: string; seal: string;
}

/** Plain SQL, past the ORM: rows that never change need no identity map, and jsonb is read as it stands. */
export class PostgresAuditTrails implements AuditTrails {
  constructor(private readonly em: EntityManager) {}

  async end(chain: ChainName): Promise<End> {
    // One statement: what is appended in the meantime stands behind no head.
    const [row] = await this.em.execute<(Partial<Head> & { beyond: string | null })[]>(
      `SELECT ${HEAD}, (SELECT e.id FROM tenants.audit_event e WHERE e.tenant_id = ? AND e.seq > coalesce(h.seq, 0) ORDER BY e.seq LIMIT 1) AS beyond
       FROM (SELECT 1) AS one LEFT JOIN tenants.audit_head h ON h.tenant_id = ?`, [chain, chain]);
    const { beyond, ...head } = row!;
    return { head: head.seq == null ? null : head as Head, beyond };
  }

  async lockedHead(chain: ChainName, id: string): Promise<{ head: Head | null; has: boolean }> {
    let held = await this.locked(chain, id);
    if (!held) {
      await this.em.execute(`INSERT INTO tenants.audit_head (tenant_id, seq, hash, event_id, seal) VALUES (?, 0, '', '', '') ON CONFLICT DO NOTHING`, [chain], 'run');
      held = (await this.locked(chain, id))!; // of two who began it at once, the other may have appended
    }
    const { has, ...head } = held;
    return { head: head.seq > 0 ? head : null, has };
  }
  private async locked(chain: ChainName, id: string): Promise<Head & { has: boolean } | undefined> {
    const [held] = await this.em.execute<(Head & { has: boolean })[]>(
      `SELECT ${HEAD}, EXISTS (SELECT 1 FROM tenants.audit_event e WHERE e.tenant_id = h.tenant_id AND e.id = ?) AS has FROM tenants.audit_head h WHERE h.tenant_id = ? FOR UPDATE`, [id, chain]);
    return held;
  }

  async lastSeq(chain: ChainName): Promise<number> {
    const [last] = await this.em.execute<{ seq: number }[]>('SELECT coalesce(max(seq), 0)::float8 AS seq FROM tenants.audit_event WHERE tenant_id = ?', [chain]);
    return last!.seq;
  }

  async append(row: AuditEvent, head: Head): Promise<void> {
    const { chain, seq, id, at, actor, action, entityType, entityId, before, after, requestId, hash, seal } = row;
    await this.em.execute(
      `WITH appended AS (
         INSERT INTO tenants.audit_event (tenant_id, seq, id, at, actor_kind, actor_id, action, entity_type, entity_id, before, after, request_id, hash, seal)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, ?))
       UPDATE tenants.audit_head SET seq = ?, hash = ?, event_id = ?, seal = ? WHERE tenant_id = ?`,
      [chain, seq, id, at.toISOString(), actor.kind, actor.id, action, entityType, entityId, jsonOf(before), jsonOf(after), requestId, hash, seal,
        head.seq, head.hash, head.eventId, head.seal, chain], 'run');
  }

  async from(chain: ChainName, seq: number, limit: number): Promise<AuditEvent[]> {
    const rows = await this.em.execute<Row[]>(`SELECT ${COLUMNS} FROM tenants.audit_event WHERE tenant_id = ? ${seq > 0 ? 'AND seq >= ?' : ''} ORDER BY seq, id LIMIT ?`,
      seq > 0 ? [chain, seq, limit] : [chain, limit]);
    return rows.map(eventOf);
  }

  async page(chain: ChainName, filter: AuditFilter, { first, after }: Span): Promise<AuditEvent[]> {
    const wanted: [sql: string, value: string | null | undefined][] = [
      ['entity_type = ?', filter.entityType], ['entity_id = ?', filter.entityId], ['actor_id = ?', filter.actorId], ['action = ?', filter.action],
      ['at >= ?', filter.from?.toISOString()], ['at < ?', filter.to?.toISOString()],
    ];
    const given = wanted.filter(([, value]) => value != null);
    const conditions = ['tenant_id = ?', ...given.map(([sql]) => sql), ...(after ? ['(at, seq) < (?, ?)'] : [])];
    const rows = await this.em.execute<Row[]>(`SELECT ${COLUMNS} FROM tenants.audit_event WHERE ${conditions.join(' AND ')} ORDER BY audit_event.at DESC, audit_event.seq DESC LIMIT ?`,
      [chain, ...given.map(([, value]) => value), ...after ?? [], first + 1]);
    return rows.map(eventOf);
  }

  async byIds(chain: ChainName, ids: readonly string[]): Promise<AuditEvent[]> {
    const rows = await this.em.execute<Row[]>(`SELECT ${COLUMNS} FROM tenants.audit_event WHERE tenant_id = ? AND id IN (${ids.map(() => '?').join(', ')})`, [chain, ...ids]);
    return rows.map(eventOf);
  }

  async mark(chain: ChainName): Promise<Head | null> {
    const [mark] = await this.em.execute<Head[]>(`SELECT ${HEAD} FROM tenants.audit_mark h WHERE h.tenant_id = ?`, [chain]);
    return mark ?? null;
  }

  async keepMark(chain: ChainName, { seq, hash, eventId, seal }: Head): Promise<void> {
    await this.em.execute(
      `INSERT INTO tenants.audit_mark (tenant_id, seq, hash, event_id, seal) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (tenant_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, event_id = excluded.event_id, seal = excluded.seal`, [chain, seq, hash, eventId, seal], 'run');
  }
}

const jsonOf = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
const valueOf = (text: string | null): unknown => (text === null ? undefined : JSON.parse(text));

const eventOf = (row: Row): AuditEvent => ({
  chain: row.tenant_id, seq: row.seq, id: row.id, at: new Date(row.at), actor: { kind: row.actor_kind, id: row.actor_id }, action: row.action,
  entityType: row.entity_type, entityId: row.entity_id, before: valueOf(row.before), after: valueOf(row.after), requestId: row.request_id, hash: row.hash, seal: row.seal,
});

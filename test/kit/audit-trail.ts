/**
 * Somebody who owns the database, and means ill: triggers, constraints and row-level security off, everything may be written. What
 * they do to a trail is undone again, so that one trail serves for many attempts.
 */
import { randomInt } from 'node:crypto';
import pg from 'pg';
import { newId } from '../../platform/ids.ts';
import { secretFrom } from '../../platform/secret.ts';
import { link, sealed, type AuditEvent, type Head, type Place } from '../../subgraphs/tenants/domain/audit-chain.ts';
import { secretSeals } from '../../subgraphs/tenants/infrastructure/secret-seals.ts';
import type { Kit } from './services.ts';

interface Row { tenant_id: string; seq: string; id: string; text: string }
export interface Tampering {
  /** Does it to the row in this place, and says which row a verification must name. */
  attempt(way: Way, place: number): Promise<string>;
  undo(): Promise<void>;
  sql(text: string, values?: unknown[]): Promise<any[]>;
  close(): Promise<void>;
}

export const CHANGES = [
  `tenant_id = 'tnt_01m7y7ezbye4897ycr129xnywg'`, 'seq = seq + 1000000', `id = '${newId('evt')}'`, `at = at + interval '1 millisecond'`, `actor_kind = actor_kind || 'x'`, `actor_id = '${newId('usr')}'`,
  `action = 'tenants.nothing-happened'`, `entity_type = 'Nothing'`, `entity_id = '${newId('tnt')}'`, `before = '{"features": ["planted"]}'`, `before = 'null'`, 'after = NULL', `after = jsonb_set(coalesce(after, '{}'), '{planted}', 'true')`,
  `request_id = 'req_planted'`, `hash = encode(sha256(hash::bytea), 'hex')`, `seal = reverse(seal)`,
];
/** The four that every row is tried with, and two more against what stands at the end. */
export const WAYS = ['change', 'delete', 'insert', 'reorder'] as const;
export type Way = typeof WAYS[number] | 'forge' | 'truncate';

/** Events of a tenant about so many different things, straight into the outbox, as the service itself tells them. */
export async function tellMany(kit: Kit, tenantId: string, count: number, subjects = 50): Promise<void> {
  const client = new pg.Client({ connectionString: kit.database.url });
  await client.connect();
  try {
    await client.query(`BEGIN; SET LOCAL ROLE atlas_tenants; SET LOCAL app.tenant_id = '${tenantId}'`);
    for (let n = 0; n < count; n += 1) {
      const subject = `thing_${n % subjects}`;
      const envelope = {
        id: newId('evt'), type: 'tenants.feature-set', version: 1, subject, subjectVersion: n, tenant: tenantId, at: new Date().toISOString(), actor: { kind: 'user', id: newId('usr') },
        requestId: newId('req'), traceparent: null, body: { tenantId, name: 'beta', enabled: true }, audit: { entityType: 'Thing', entityId: subject, before: { n: n - 1, list: [1.5, null, 'ü'] }, after: { n, nested: { b: 1, a: [] } } },
      };
      await client.query('INSERT INTO tenants.outbox (tenant_id, subject, envelope) VALUES ($1, $2, $3)', [tenantId, subject, envelope]);
    }
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

export async function tampering(kit: Kit, tenantId: string): Promise<Tampering> {
  const client = new pg.Client({ connectionString: kit.database.ownerUrl });
  await client.connect();
  const sql = async (text: string, values: unknown[] = []): Promise<any[]> => (await client.query(text, values)).rows;
  for (const table of ['audit_event', 'audit_head']) {
    await sql(`ALTER TABLE tenants.${table} DISABLE TRIGGER ALL; ALTER TABLE tenants.${table} NO FORCE ROW LEVEL SECURITY`);
    await sql(`CREATE TEMP TABLE was_${table} AS SELECT * FROM tenants.${table}`);
  }
  await sql(`ALTER TABLE tenants.audit_event DROP CONSTRAINT audit_event_seq_check, DROP CONSTRAINT audit_event_pkey; CREATE INDEX planted ON tenants.audit_event (tenant_id, seq)`);
  const rows = (table: string) => sql(`SELECT tenant_id, seq, id, e::text AS text FROM ${table} e WHERE tenant_id = $1 ORDER BY seq, id`, [tenantId]) as Promise<Row[]>;
  const was = await rows('was_audit_event');

  const ways: Record<Way, (place: number) => Promise<unknown>> = {
    change: (place) => sql(`UPDATE tenants.audit_event SET ${CHANGES[place % CHANGES.length]} WHERE tenant_id = $1 AND seq = $2`, [tenantId, place]),
    delete: (place) => sql('DELETE FROM tenants.audit_event WHERE tenant_id = $1 AND seq = $2', [tenantId, place]),
    async insert(place) {
      await sql('UPDATE tenants.audit_event SET seq = -seq - 1 WHERE tenant_id = $1 AND seq >= $2', [tenantId, place]);
      await sql(`INSERT INTO tenants.audit_event SELECT (jsonb_populate_record(e, jsonb_build_object('id', $3::text, 'seq', $2::bigint))).* FROM was_audit_event e WHERE tenant_id = $1 AND seq = $2`, [tenantId, place, newId('evt')]);
      await sql('UPDATE tenants.audit_event SET seq = -seq WHERE tenant_id = $1 AND seq < 0', [tenantId]);
    },
    async reorder(place) {
      const other = place === was.length ? place - 1 : randomInt(place + 1, was.length + 1);
      await sql(`UPDATE tenants.audit_event SET seq = CASE seq WHEN $2 THEN -$3::bigint ELSE -$2::bigint END WHERE tenant_id = $1 AND seq IN ($2, $3)`, [tenantId, place, other]);
      await sql('UPDATE tenants.audit_event SET seq = -seq WHERE tenant_id = $1 AND seq < 0', [tenantId]);
    },
    forge: (place) => forge(sql, tenantId, place),
    async truncate(place) {
      await sql('DELETE FROM tenants.audit_event WHERE tenant_id = $1 AND seq >= $2', [tenantId, place]);
    },
  };

  return {
    sql,
    async attempt(way, place) {
      await ways[way](place);
      const now = await rows('tenants.audit_event');
      const at = now.findIndex((row, n) => row.text !== was[n]?.text);
      return (at >= 0 ? now[at]! : was.at(-1)!).id;
    },
    async undo() {
      for (const table of ['audit_event', 'audit_head']) {
        await sql(`DELETE FROM tenants.${table}`);
        await sql(`INSERT INTO tenants.${table} SELECT * FROM was_${table}`);
      }
    },
    close: () => client.end(),
  };
}

/** A chain that fits together from this place on, with its head, by somebody who has read the code and lacks the secret. */
async function forge(sql: Tampering['sql'], tenantId: string, place: number): Promise<void> {
  const seals = secretSeals(secretFrom('a guess at the secret of this installation'));
  const all = await sql('SELECT * FROM tenants.audit_event WHERE tenant_id = $1 ORDER BY seq', [tenantId]);
  const before = all[place - 2];
  let at: Place = before ? { seq: place - 1, hash: before.hash, eventId: before.id } : { seq: 0, hash: '0'.repeat(64), eventId: '' };
  let head: Head = sealed('head', tenantId as AuditEvent['chain'], at, seals);
  for (const row of all.slice(place - 1)) {
    const actor = row.seq === String(place) ? { kind: 'user' as const, id: newId('usr') } : { kind: row.actor_kind, id: row.actor_id };
    const next = link(tenantId as AuditEvent['chain'], at, true, {
      id: row.id, at: row.at, actor, action: row.action, entityType: row.entity_type, entityId: row.entity_id, before: row.before ?? undefined, after: row.after ?? undefined, requestId: row.request_id,
    }, seals);
    await sql('UPDATE tenants.audit_event SET actor_id = $3, hash = $4, seal = $5 WHERE tenant_id = $1 AND seq = $2', [tenantId, row.seq, actor.id, next.row.hash, next.row.seal]);
    ({ head } = next);
    at = next.head;
  }
  await sql('UPDATE tenants.audit_head SET seq = $2, hash = $3, event_id = $4, seal = $5 WHERE tenant_id = $1', [tenantId, head.seq, head.hash, head.eventId, head.seal]);
}


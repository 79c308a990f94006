/**
 * Who may run next: of each kind, in turn of the tenants, and of each tenant no more at once than its kind allows, so that
 * one tenant's thousand jobs stand behind each other and not before another's one. One process at a time looks and
 * issues, so that the limits hold for all together.
 */
import type pg from 'pg';
import type { JobKind } from './jobs.ts';
import { transaction } from './ground.ts';
import type { Tickets } from './tickets.ts';

/** Two numbers nobody else uses: 'ATLS', and the second of its locks. */
const LOCK = '1096043603, 2';
/** Tickets of a kind that nobody has fetched yet. */
const OPEN_MAX = 100;

interface Place { name: string; due: boolean; open: boolean }

/** Issues tickets for what is due, and answers for which queues there are tickets to fetch. One statement when there is nothing to do. */
export async function feedTickets(pool: pg.Pool, tickets: Tickets, given: { kinds: readonly JobKind[]; queues: readonly string[] }): Promise<Set<string>> {
  const names = [...given.kinds.map(({ name }) => name), ...given.queues];
  const { rows } = await pool.query<Place>(
    `SELECT name, EXISTS (SELECT FROM pgboss.job t WHERE t.name = q.name AND t.state < 'active' AND t.start_after <= now()) AS open,
       EXISTS (SELECT FROM jobs.job j WHERE j.kind = q.name AND j.state = 'QUEUED' AND j.run_after <= clock_timestamp())
         OR EXISTS (SELECT FROM jobs.job j WHERE j.kind = q.name AND j.state = 'RUNNING' AND j.leased_until < clock_timestamp()) AS due
     FROM unnest($1::text[]) AS q (name)`, [names]);
  const open = new Set(rows.filter((row) => row.open).map(({ name }) => name));
  const due = new Set(rows.filter((row) => row.due).map(({ name }) => name));
  const kinds = given.kinds.filter(({ name }) => due.has(name));
  if (kinds.length === 0) return open;
  await transaction(pool, `SELECT pg_advisory_xact_lock(${LOCK})`, async (client) => {
    const { rows: next } = await client.query<{ kind: string; tenantId: string; id: string; fence: number }>(NEXT, [kinds.map(({ name }) => name), kinds.map(({ perTenant }) => perTenant)]);
    if (next.length > 0) await tickets.issue(client, next);
    for (const { kind } of next) open.add(kind);
  });
  return open;
}

/** What the machine that dispatches may read of a job. */
const JOB = 'j.kind, j.tenant_id, j.id, j.fence, j.run_after';
const UNTICKETED = 'NOT EXISTS (SELECT FROM ticket t WHERE t.id = j.id AND t.fence = j.fence)';

/** From tenant to tenant by the index, so that a long backlog costs no more than a short one. */
const NEXT = `
  WITH RECURSIVE
  kind AS (SELECT name COLLATE "C" AS kind, per_tenant FROM unnest($1::text[], $2::int[]) AS k (name, per_tenant)),
  ticket AS (
    SELECT name COLLATE "C" AS kind, (data ->> 'tenantId') COLLATE "C" AS tenant_id, (data ->> 'job') COLLATE "C" AS id, (data ->> 'fence')::int AS fence, state < 'active' AS open
    FROM pgboss.job WHERE name = ANY ($1) AND state < 'completed'),
  tenant AS (
    SELECT kind, per_tenant, (SELECT min(tenant_id) FROM jobs.job j WHERE j.kind = k.kind AND j.state = 'QUEUED') AS tenant_id FROM kind k
    UNION ALL
    SELECT kind, per_tenant, (SELECT min(tenant_id) FROM jobs.job j WHERE j.kind = t.kind AND j.state = 'QUEUED' AND j.tenant_id > t.tenant_id) FROM tenant t WHERE t.tenant_id IS NOT NULL),
  due AS (
    SELECT n.* FROM tenant t, LATERAL (
      SELECT ${JOB} FROM jobs.job j WHERE j.kind = t.kind AND j.tenant_id = t.tenant_id AND j.state = 'QUEUED' AND j.run_after <= clock_timestamp() AND ${UNTICKETED}
      ORDER BY j.run_after, j.id LIMIT t.per_tenant) n
    UNION ALL
    SELECT ${JOB} FROM jobs.job j WHERE j.kind = ANY ($1) AND j.state = 'RUNNING' AND j.leased_until < clock_timestamp() AND ${UNTICKETED}),
  -- One that has been taken and whose ticket is still there counts once.
  busy AS (
    SELECT kind, tenant_id, count(*) AS count FROM (
      SELECT kind, tenant_id, id FROM ticket
      UNION SELECT kind, tenant_id, id FROM jobs.job WHERE kind = ANY ($1) AND state = 'RUNNING' AND leased_until >= clock_timestamp()) AS b GROUP BY kind, tenant_id),
  placed AS (
    SELECT d.*, k.per_tenant, coalesce(b.count, 0) + row_number() OVER (PARTITION BY d.kind, d.tenant_id ORDER BY d.run_after, d.id) AS place
    FROM due d JOIN kind k USING (kind) LEFT JOIN busy b USING (kind, tenant_id)),
  turn AS (SELECT *, row_number() OVER (PARTITION BY kind ORDER BY place, run_after, id) AS turn FROM placed WHERE place <= per_tenant)
  SELECT kind, tenant_id AS "tenantId", id, fence FROM turn
  WHERE turn <= ${OPEN_MAX} - (SELECT count(*) FROM ticket t WHERE t.kind = turn.kind AND t.open) ORDER BY turn`;

/**
 * Taking a job and letting go of it, as its service and in its tenant. Each step is done under the fence that the job was
 * taken with, so who has lost it writes nothing.
 */
import type pg from 'pg';
import { AtlasError, toPublic, type ErrorCode } from '../errors.ts';
import type { JobId, TenantId } from '../ids.ts';
import { sayable } from '../text.ts';
import type { Starter } from './jobs.ts';
import { inTenant } from './ground.ts';
import type { Ticket } from './tickets.ts';

export interface Taken {
  service: string; id: JobId; tenantId: TenantId; kind: string; fence: number; attempts: number; attemptsMax: number;
  input: unknown; checkpoint: unknown; startedBy: Starter; requestId: string | null; traceparent: string | null;
}

interface Row {
  kind: string; attempts: number; attempts_max: number; input: unknown; checkpoint: unknown; request_id: string | null; traceparent: string | null;
  starter_kind: Starter['kind']; starter_id: string; starter_user_id: Starter['userId']; cancelled: boolean;
}

const MESSAGE_MAX = 2_000;
const LEASE = 'clock_timestamp() + make_interval(secs => $3)';

/** Null when it is not to be had: somebody else took it, it was cancelled, or who had it before is in the middle of a work. */
export function takeJob(pool: pg.Pool, service: string, ticket: Ticket, leaseMs: number): Promise<Taken | null> {
  return inTenant(pool, { service, tenantId: ticket.tenantId }, async (client) => {
    const { rows: [row] } = await client.query<Row>(
      `SELECT kind, attempts, attempts_max, input, checkpoint, request_id, traceparent, starter_kind, starter_id, starter_user_id, cancel_asked_at IS NOT NULL AS cancelled
       FROM jobs.job WHERE id = $1 AND fence = $2 AND (state = 'QUEUED' OR (state = 'RUNNING' AND leased_until < clock_timestamp())) FOR UPDATE SKIP LOCKED`, [ticket.job, ticket.fence]);
    if (!row) return null;
    const end = row.cancelled ? new AtlasError('CANCELLED') : row.attempts >= row.attempts_max ? new AtlasError('INTERNAL', `It was begun ${row.attempts} times, and the process that ran it ended each time.`) : null;
    if (end) {
      await client.query(`UPDATE jobs.job SET state = 'FAILED', finished_at = clock_timestamp(), leased_until = NULL, fence = fence + 1, error_code = $2, error_message = $3 WHERE id = $1`, [ticket.job, end.code, end.message]);
      return null;
    }
    await client.query(
      `UPDATE jobs.job SET state = 'RUNNING', fence = fence + 1, attempts = attempts + 1, started_at = coalesce(started_at, clock_timestamp()), leased_until = ${LEASE} WHERE id = $1 AND fence = $2`,
      [ticket.job, ticket.fence, leaseMs / 1_000]);
    return {
      service, id: ticket.job as JobId, tenantId: ticket.tenantId as TenantId, kind: row.kind, fence: ticket.fence + 1, attempts: row.attempts + 1, attemptsMax: row.attempts_max,
      input: row.input, checkpoint: row.checkpoint, startedBy: { kind: row.starter_kind, id: row.starter_id, userId: row.starter_user_id }, requestId: row.request_id, traceparent: row.traceparent,
    };
  });
}

export type Ending =
  | { as: 'succeeded'; result: unknown }
  | { as: 'failed' | 'cancelled'; error: unknown }
  /** To be tried again after so long. */
  | { as: 'retried'; error: unknown; restMs: number }
  /** Not begun at all, as far as its attempts go. */
  | { as: 'given back' };

/** False when the job is no longer this one's. */
export function letGo(pool: pg.Pool, job: Taken, ending: Ending): Promise<boolean> {
  const [set, values] = changeOf(ending);
  return inTenant(pool, job, async (client) => {
    // Not before the works of the handler that are under way are over: afterwards none of them changes anything.
    const { rowCount: mine } = await client.query(`SELECT FROM jobs.job WHERE id = $1 AND fence = $2 AND state = 'RUNNING' FOR UPDATE`, [job.id, job.fence]);
    if (mine === 1) await client.query(`UPDATE jobs.job SET leased_until = NULL, ${set} WHERE id = $1 AND fence = $2`, [job.id, job.fence, ...values]);
    return mine === 1;
  });
}

function changeOf(ending: Ending): [string, unknown[]] {
  switch (ending.as) {
    case 'succeeded': return [`state = 'SUCCEEDED', progress = 1, finished_at = clock_timestamp(), error_code = NULL, error_message = NULL, result = $3`, [JSON.stringify(ending.result ?? null)]];
    case 'failed': case 'cancelled': return [`state = 'FAILED', finished_at = clock_timestamp(), error_code = $3, error_message = $4`, said(ending.error)];
    case 'retried': return [`state = 'QUEUED', run_after = clock_timestamp() + make_interval(secs => $5), error_code = $3, error_message = $4`, [...said(ending.error), ending.restMs / 1_000]];
    case 'given back': return [`state = 'QUEUED', run_after = clock_timestamp(), attempts = attempts - 1`, []];
  }
}

/** A sentence may quote what somebody sent. */
const said = (error: unknown): [ErrorCode, string] => {
  const { message, extensions } = toPublic(error);
  return [extensions.code, sayable(message, MESSAGE_MAX)];
};

export interface Felt { id: string; cancelled: boolean; renewed: boolean }

/**
 * Renews the leases of all that run here, in one statement. Who is missing in the answer is lost. A row that a work of its
 * own handler has changed and not yet committed is passed over: its lock holds it as well.
 */
export async function renew(pool: pg.Pool, jobs: readonly Pick<Taken, 'id' | 'fence'>[], leaseMs: number): Promise<Felt[]> {
  const { rows } = await pool.query<Felt>(
    `WITH mine AS (SELECT id COLLATE "C" AS id, fence FROM unnest($1::text[], $2::int[]) AS m (id, fence)),
     held AS (SELECT j.id, j.cancel_asked_at IS NOT NULL AS cancelled FROM jobs.job j JOIN mine m ON m.id = j.id AND m.fence = j.fence WHERE j.state = 'RUNNING'),
     free AS (SELECT j.id FROM jobs.job j JOIN mine m ON m.id = j.id AND m.fence = j.fence WHERE j.state = 'RUNNING' FOR NO KEY UPDATE OF j SKIP LOCKED),
     renewed AS (UPDATE jobs.job j SET leased_until = ${LEASE} FROM free f WHERE f.id = j.id AND j.state = 'RUNNING' RETURNING j.id)
     SELECT h.id, h.cancelled, r.id IS NOT NULL AS renewed FROM held h LEFT JOIN renewed r ON r.id = h.id`, [jobs.map(({ id }) => id), jobs.map(({ fence }) => fence), leaseMs / 1_000]);
  return rows;
}

export interface Step { id: string; fence: number; progress: number; note: string | null }

export async function writeProgress(pool: pg.Pool, steps: readonly Step[]): Promise<void> {
  await pool.query(
    `WITH step AS (SELECT id COLLATE "C" AS id, fence, progress, note FROM unnest($1::text[], $2::int[], $3::float8[], $4::text[]) AS s (id, fence, progress, note)),
     free AS (SELECT j.id FROM jobs.job j JOIN step s ON s.id = j.id AND s.fence = j.fence WHERE j.state = 'RUNNING' FOR NO KEY UPDATE OF j SKIP LOCKED)
     UPDATE jobs.job j SET progress = s.progress, note = s.note FROM free f JOIN step s USING (id) WHERE f.id = j.id AND j.state = 'RUNNING'`,
    [steps.map(({ id }) => id), steps.map(({ fence }) => fence), steps.map(({ progress }) => progress), steps.map(({ note }) => note)]);
}

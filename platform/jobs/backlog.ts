/** How many jobs wait, for /metrics and /ready, and an end for those that ended long ago. */
import type pg from 'pg';
import { PURGE_ROLE } from '../database/roles.ts';
import type { Log } from '../log.ts';
import { loop } from '../loop.ts';
import { jobsWaiting } from '../telemetry/metrics.ts';
import { transaction } from './ground.ts';

const COUNT_EVERY_MS = 5_000;
const TIDY_EVERY_MS = 3_600_000;
const TIDY_MAX = 1_000;

export interface Backlog {
  /** Null before the first look. */
  waiting(): number | null;
  stop(): Promise<void>;
}

export function watchBacklog(given: { pool: pg.Pool; kinds: () => readonly string[]; log: Log }): Backlog {
  const { pool, kinds, log } = given;
  let waiting: number | null = null;
  const counting = loop({ name: 'count of jobs', everyMs: COUNT_EVERY_MS, log, round: async () => {
    const { rows } = await pool.query<{ kind: string; count: number }>(
      `SELECT kind, count(*)::int AS count FROM jobs.job WHERE kind = ANY ($1) AND state = 'QUEUED' AND run_after <= clock_timestamp() GROUP BY kind`, [kinds()]);
    for (const kind of kinds()) jobsWaiting.set({ kind }, rows.find((row) => row.kind === kind)?.count ?? 0);
    waiting = rows.reduce((sum, { count }) => sum + count, 0);
  } });
  // Thirty days after their end: the policy of the purge says which.
  const tidying = loop({ name: 'old jobs', everyMs: TIDY_EVERY_MS, log, round: () => transaction(pool, `SET LOCAL ROLE ${PURGE_ROLE}`, async (client) =>
    (await client.query(`DELETE FROM jobs.job WHERE id IN (SELECT id FROM jobs.job ORDER BY finished_at LIMIT ${TIDY_MAX})`)).rowCount === TIDY_MAX) });
  return { waiting: () => waiting, stop: async () => void (await Promise.all([counting.stop(), tidying.stop()])) };
}

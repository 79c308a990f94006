/**
 * How long the log is kept: so many days and so many bytes, and longer for what a group has yet to handle. A group that
 * no process has been for that long is forgotten, so that it does not keep everything for ever.
 */
import type pg from 'pg';
import type { Log } from '../log.ts';
import { loop, type Loop } from '../loop.ts';

const EVERY_MS = 60_000;
const BATCH_MAX = 5_000;
const SAMPLE = 1_000;

export interface Retention { days: number; bytes: number }

export const startRetention = (pool: pg.Pool, keep: Retention, log: Log): Loop => loop({ name: 'bus retention', everyMs: EVERY_MS, log, round: () => prune(pool, keep) });

/** When the oldest event that is kept came into the log. */
export async function oldestEvent(pool: Pick<pg.Pool, 'query'>): Promise<Date | null> {
  const { rows: [row] } = await pool.query<{ at: Date | null }>('SELECT min(at) AS at FROM bus.event_log');
  return row!.at;
}

/** True when there is more to remove at once. */
export async function prune(pool: Pick<pg.Pool, 'query'>, { days, bytes }: Retention): Promise<boolean> {
  await pool.query('DELETE FROM bus.member WHERE seen_until < now() - interval \'1 hour\'');
  await pool.query('DELETE FROM bus.cursor WHERE group_name IN (SELECT group_name FROM bus.cursor GROUP BY group_name HAVING max(leased_until) < now() - make_interval(days => $1))', [days]);
  const { rowCount } = await pool.query(
    `WITH size AS (SELECT coalesce(avg(pg_column_size(envelope) + 60), 1) AS each FROM (SELECT envelope FROM bus.event_log ORDER BY position DESC LIMIT ${SAMPLE}) newest),
     old AS (SELECT position FROM bus.event_log
       WHERE (at < now() - make_interval(days => $1) OR position <= (SELECT max(position) FROM bus.event_log) - ($2 / (SELECT each FROM size))::bigint)
         AND position <= (SELECT coalesce(min(position), 0) FROM bus.cursor)
       ORDER BY position LIMIT ${BATCH_MAX})
     DELETE FROM bus.event_log WHERE position IN (SELECT position FROM old)`, [days, bytes]);
  return rowCount === BATCH_MAX;
}

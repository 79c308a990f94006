/** What a consumer could not handle: kept with its cause, tried again after longer and longer times, and when asked for. */
import { types } from 'node:util';
import type pg from 'pg';
import { toPublic } from '../errors.ts';
import type { Envelope } from '../event.ts';
import { newId } from '../ids.ts';
import { withoutStatement } from '../redact.ts';

const MINUTE = 60;
/** How long it rests before each time it is tried again by itself; afterwards it is left alone until somebody asks. */
const REST_SECONDS = [MINUTE, 5 * MINUTE, 25 * MINUTE, 120 * MINUTE, 600 * MINUTE];
const AT_ONCE_MAX = 10;
/** Who takes one to try it again has this long before another may. */
const HOLD = `interval '1 minute'`;
const DETAIL_MAX = 2_000;

export interface Parked { id: string; consumer: string; event: Envelope; tries: number }
/** As whoever runs Atlas sees it. */
export interface DeadLetter extends Parked { tenant: string | null; code: string; message: string; detail: string; parkedAt: Date; retryAt: Date | null }

export interface DeadLetters {
  park(given: { consumer: string; event: Envelope; error: unknown; tries: number }): Promise<void>;
  /** Takes those of these consumers that are due, and forgets each that is handled now. True when there may be more. */
  retryDue(consumers: readonly string[], handle: (letter: Parked) => Promise<void>): Promise<boolean>;
  /** How many of each of these consumers; those that have none are left out. */
  count(consumers: readonly string[]): Promise<Map<string, number>>;
  /** The newest first. */
  list(max: number): Promise<DeadLetter[]>;
  /** Makes one, or `all`, due at once; how many. */
  replay(id: string): Promise<number>;
}

export function postgresDeadLetters(pool: Pick<pg.Pool, 'query'>, restSeconds: readonly number[] = REST_SECONDS): DeadLetters {
  const failed = (letter: Parked, error: unknown) => {
    const { code, message, detail } = told(error);
    return pool.query(
      `UPDATE bus.dead_letter SET tries = tries + 1, rested = rested + 1, code = $2, message = $3, detail = $4, last_tried_at = clock_timestamp(),
         retry_at = now() + make_interval(secs => ($5::float8[])[rested + 2]) WHERE id = $1`,
      [letter.id, code, message, detail, restSeconds]);
  };
  return {
    async park({ consumer, event, error, tries }) {
      const { code, message, detail } = told(error);
      await pool.query(
        `INSERT INTO bus.dead_letter (id, tenant_id, consumer, event_id, type, envelope, code, message, detail, tries, retry_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now() + make_interval(secs => $11)) ON CONFLICT (consumer, event_id) DO NOTHING`,
        [newId('ded'), event.tenant, consumer, event.id, event.type, JSON.stringify(event), code, message, detail, tries, restSeconds[0]]);
    },
    async retryDue(consumers, handle) {
      const { rows } = await pool.query<Parked>(
        `UPDATE bus.dead_letter SET retry_at = now() + ${HOLD} WHERE id IN (
           SELECT id FROM bus.dead_letter WHERE retry_at <= now() AND consumer = ANY($1) ORDER BY retry_at LIMIT ${AT_ONCE_MAX} FOR UPDATE SKIP LOCKED)
         RETURNING id, consumer, envelope AS event, tries`, [consumers]);
      await Promise.all(rows.map((letter) => handle(letter).then(
        () => pool.query('DELETE FROM bus.dead_letter WHERE id = $1', [letter.id]),
        (error: unknown) => failed(letter, error))));
      return rows.length === AT_ONCE_MAX;
    },
    async count(consumers) {
      const { rows } = await pool.query<{ consumer: string; count: number }>('SELECT consumer, count(*)::int AS count FROM bus.dead_letter WHERE consumer = ANY($1) GROUP BY consumer', [consumers]);
      return new Map(rows.map(({ consumer, count }) => [consumer, count]));
    },
    async list(max) {
      const { rows } = await pool.query<DeadLetter>(
        `SELECT id, tenant_id AS tenant, consumer, envelope AS event, code, message, detail, tries, parked_at AS "parkedAt", retry_at AS "retryAt"
         FROM bus.dead_letter ORDER BY id DESC LIMIT $1`, [max]);
      return rows;
    },
    async replay(id) {
      const { rowCount } = await pool.query(`UPDATE bus.dead_letter SET retry_at = now() WHERE $1 = 'all' OR id = $1`, [id]);
      return rowCount ?? 0;
    },
  };
}

function told(error: unknown): { code: string; message: string; detail: string } {
  const { message, extensions } = toPublic(error);
  return { code: extensions.code, message, detail: causes(error).join(' Because of ').slice(0, DETAIL_MAX) };
}

/** From what was noticed down to what it came from. A database's own text quotes the statement with its values: they stay out. */
function causes(error: unknown): string[] {
  if (!types.isNativeError(error)) return [String(error)];
  const { name, message, code, routine, cause } = error as Error & { code?: string; routine?: string };
  if (routine !== undefined) return [`a database error ${code} in ${routine}.`];
  return [`${name}: ${withoutStatement(message)}`, ...(cause === undefined ? [] : causes(cause))];
}

/**
 * The one writer of the log. It moves what stands in the outboxes into `bus.event_log`, in one statement that commits
 * as a whole; rows are found by being there, not by a cursor, so a transaction that commits late is never skipped, and
 * one that stays open holds up nobody. A lock that lasts as long as its connection makes it the only one of its
 * database; every process tries for it, so that another takes over when one dies. A holder that hangs is cut off.
 *
 * After each round it says how far the log goes and, once nothing is left, when that was so: whoever has read that far
 * has missed nothing that was committed before (feed.ts).
 */
import type pg from 'pg';
import { RELAY_ROLE } from '../database/roles.ts';
import type { Log } from '../log.ts';
import { loop } from '../loop.ts';
import { outboxRows } from '../telemetry/metrics.ts';
import { lineTo } from './line.ts';
import { LANES } from './tables.ts';

export const LOG_CHANNEL = 'atlas_log';
export const EVERY_MS = 250;
const BATCH_MAX = 500;
/** Two numbers nobody else uses: 'ATLS', and the first of its locks. */
const LOCK = '1096043603, 1';
/**
 * A holder that was not heard in so many looks in a row, by who does hear, is ended: two seconds. Looks and not time,
 * because who stood still itself has heard nothing either.
 */
const UNHEARD_MAX = 8;
/** Outboxes of services that came later than this writer, and told nothing since, are looked for so often. */
const LOOK_ROUNDS = 40;

export interface Sequencer {
  /** This service has told something: it is moved at once where this is the writer; false where another is. */
  told(service: string): boolean;
  stop(): Promise<void>;
}

/** `silentMs`: for how long nothing has been heard of whoever writes, by a line that hears. */
export function startSequencer(given: { url: string; log: Log; silentMs: () => number }): Sequencer {
  const { log } = given;
  let holds = false;
  let rounds = 0;
  let unheard = 0;
  let outboxes: readonly string[] = [];
  const line = lineTo({ url: given.url, name: 'atlas:bus:sequencer', role: RELAY_ROLE, log, lost: () => { holds = false; } });

  const round = async (): Promise<boolean> => {
    const client = await line.open();
    if (!holds) {
      unheard = given.silentMs() > 2 * EVERY_MS ? unheard + 1 : 0;
      holds = await takeLock(client, unheard > UNHEARD_MAX, log);
      if (!holds) return false;
      rounds = unheard = 0;
    }
    if (rounds % LOOK_ROUNDS === 0) outboxes = await outboxesOf(client);
    rounds += 1;
    const moved = await move(client, outboxes).catch((error: unknown) => { rounds = 0; throw error; });
    for (const service of outboxes) outboxRows.set({ service }, moved.get(service) === BATCH_MAX ? BATCH_MAX : 0);
    return [...moved.values()].includes(BATCH_MAX);
  };
  const looking = loop({ name: 'bus sequencer', everyMs: EVERY_MS, log, round });

  return {
    told(service) {
      if (!holds) return false;
      if (!outboxes.includes(service)) rounds = 0;
      looking.nudge();
      return true;
    },
    async stop() {
      await looking.stop();
      await line.close();
    },
  };
}

async function takeLock(client: pg.Client, holderHangs: boolean, log: Log): Promise<boolean> {
  const { rows: [lock] } = await client.query<{ mine: boolean }>(`SELECT pg_try_advisory_lock(${LOCK}) AS mine`);
  if (!lock!.mine && holderHangs) {
    log.warn('Whoever writes the event log says nothing: its connection is ended, and another takes over.');
    await endHolder(client);
  }
  return lock!.mine;
}

/** As the login itself, which may end its own connections. */
async function endHolder(client: pg.Client): Promise<void> {
  await client.query('RESET ROLE');
  try {
    await client.query(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
      AND (classid, objid, objsubid) = (${LOCK}, 2) AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
  } finally {
    await client.query(`SET ROLE ${RELAY_ROLE}`);
  }
}

async function outboxesOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ service: string }>(
    `SELECT n.nspname AS service FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relname = 'outbox' AND c.relkind = 'r' AND n.nspname ~ '^[a-z_]+$' AND has_table_privilege(c.oid, 'DELETE')`);
  return rows.map(({ service }) => service);
}

/**
 * One round trip, one statement: what is in the outboxes goes into the log, and the channel hears how far that goes. It
 * waits for the disk: a position that was seen and then lost would be given to another event. A full batch may have left
 * something behind that was committed long ago, so it says how far the log goes, and not that it is of this moment.
 */
async function move(client: pg.Client, outboxes: readonly string[]): Promise<Map<string, number>> {
  const nothing = 'SELECT NULL::text AS service, NULL::bigint AS seq, NULL::text AS tenant_id, NULL::text AS subject, NULL::jsonb AS envelope WHERE false';
  const taken = outboxes.map((service) => `${service}_told AS (
    DELETE FROM ${service}.outbox WHERE seq = ANY (ARRAY(SELECT seq FROM ${service}.outbox ORDER BY seq LIMIT ${BATCH_MAX}))
    RETURNING '${service}'::text AS service, seq, tenant_id, subject, envelope), `);
  const { rows } = await client.query<{ service: string | null; count: number | null }>(`
    WITH ${taken.join('')} appended AS (
      INSERT INTO bus.event_log (service, tenant_id, type, lane, envelope)
      SELECT service, tenant_id, envelope ->> 'type', abs(hashtext(subject)::bigint) % ${LANES}, envelope
      FROM (${[...outboxes.map((service) => `SELECT * FROM ${service}_told`), nothing].join(' UNION ALL ')}) AS told ORDER BY service, seq
      RETURNING service, position),
    counted AS (SELECT service, count(*)::int AS count FROM appended GROUP BY service),
    place AS (SELECT coalesce(greatest((SELECT max(position) FROM bus.event_log), (SELECT max(position) FROM appended)), 0) AS last),
    said AS (SELECT pg_notify('${LOG_CHANNEL}', CASE WHEN EXISTS (SELECT 1 FROM counted WHERE count = ${BATCH_MAX})
      THEN last::text ELSE last || ' ' || extract(epoch FROM now()) * 1000 END)::text AS word FROM place)
    SELECT service, count, word FROM said LEFT JOIN counted ON true`);
  return new Map(rows.flatMap(({ service, count }) => (service === null ? [] : [[service, count!]])));
}

/** The bus that needs nothing but the database: a log in Postgres that every process reads. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../database/migrate.ts';
import { BUS_ROLE } from '../database/roles.ts';
import type { Log } from '../log.ts';
import type { Bus, From, Lag } from './bus.ts';
import { postgresDeadLetters, type DeadLetters } from './dead-letters.ts';
import { openFeed, type Feed } from './feed.ts';
import { openGroup } from './group.ts';
import { keepListening } from './kept.ts';
import { openLeases } from './leases.ts';
import { startRetention, type Retention } from './retention.ts';
import { startSequencer } from './sequencer.ts';
import { busTables } from './tables.ts';
import { openTail } from './tail.ts';

const POOL_MAX = 3;
const WAIT_MS = 5_000;
/** Without the writer's word for so long, events do not travel. */
const SILENT_MS = 5_000;

export interface PostgresLog extends Bus {
  deadLetters: DeadLetters;
  feed: Feed;
  pool: pg.Pool;
}

export async function openPostgresLog(given: { url: string; ownerUrl: string; keep: Retention; log: Log }): Promise<PostgresLog> {
  const { url, ownerUrl, log } = given;
  await migrate({ ownerUrl, servingLogin: decodeURIComponent(new URL(url).username), service: 'bus', migrations: [busTables], beside: ['tenants'] });
  const pool = new pg.Pool({ connectionString: url, application_name: 'atlas:bus', max: POOL_MAX, connectionTimeoutMillis: WAIT_MS, statement_timeout: WAIT_MS, options: `-c role=${BUS_ROLE}` });
  pool.on('error', (error) => log.debug({ err: error }, 'An idle connection of the bus broke.'));

  const others: { told?: (service: string) => void } = {};
  const feed = await openFeed({ url, pool, log, onTold: (service) => others.told?.(service) });
  const sequencer = startSequencer({ url, log, silentMs: () => (feed.hears() ? feed.silentMs() : 0) });
  others.told = (service) => void sequencer.told(service);
  const leases = openLeases({ pool, process: randomUUID(), log });
  const retention = startRetention(pool, given.keep, log);
  let closing: Promise<void> | undefined;
  const { keep, stop } = keepListening();

  return {
    feed, pool, deadLetters: postgresDeadLetters(pool),
    told: (service) => { if (!sequencer.told(service)) feed.sayTold(service); },
    group(name, types, handler) {
      const group = openGroup({ name, types, handler, feed, log });
      leases.add(group);
      return keep({ stop: async () => { group.stop(); await leases.remove(group).catch((error: unknown) => log.debug({ err: error }, 'A group could not give its lanes back; their leases run out.')); } });
    },
    tail: (types, handler, after, gone) => keep(openTail({ types, handler, after: after === undefined ? feed.end() : positionOf(after), gone, feed, log })),
    lag: () => lagOf(pool),
    rewind: (group, to) => rewind(pool, group, to),
    async ready() {
      await pool.query('SELECT 1');
      if (feed.silentMs() > SILENT_MS) throw new Error('Nothing is heard of whoever writes the event log.');
    },
    close: () => (closing ??= close()),
  };

  async function close(): Promise<void> {
    await stop();
    await Promise.all([retention.stop(), leases.close(), sequencer.stop()]);
    await feed.close();
    await pool.end();
  }
}

function positionOf(position: string): number {
  const number = Number(position);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error('This is no position of the event log.');
  return number;
}

async function lagOf(pool: pg.Pool): Promise<Lag[]> {
  const { rows } = await pool.query<Lag>(
    `SELECT c.group_name AS group, count(l.position)::int AS waiting, coalesce(extract(epoch FROM clock_timestamp() - min(l.at)) * 1000, 0)::float8 AS "oldestMs"
     FROM bus.cursor c LEFT JOIN (SELECT position, lane, at FROM bus.event_log WHERE position > (SELECT min(position) FROM bus.cursor)) l
       ON l.lane = c.lane AND l.position > c.position GROUP BY c.group_name ORDER BY 1`);
  return rows;
}

/** Takes the lanes from whoever holds them: each comes back with its new place at the next renewal. */
async function rewind(pool: pg.Pool, group: string, to: From): Promise<void> {
  const end = '(SELECT coalesce(max(position), 0) FROM bus.event_log)';
  const place = to === 'start' ? '0' : to === 'end' ? end
    : `least(position, ${'at' in to ? `(SELECT coalesce(min(l.position) - 1, ${end}) FROM bus.event_log l WHERE l.at >= $2)` : '$2::bigint'})`;
  const values = typeof to === 'string' ? [] : ['at' in to ? to.at : positionOf(to.position)];
  const { rowCount } = await pool.query(`UPDATE bus.cursor SET position = ${place}, owner = NULL, leased_until = now() WHERE group_name = $1`, [group, ...values]);
  if (rowCount === 0) throw new Error(`Nobody has ever listened as ${group}.`);
}

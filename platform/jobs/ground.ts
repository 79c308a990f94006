/** What jobs stand on: their tables, and few connections for those who dispatch them, apart from those that requests need. */
import pg from 'pg';
import type { Feed } from '../bus/feed.ts';
import { migrate } from '../database/migrate.ts';
import { JOBS_ROLE } from '../database/roles.ts';
import { AtlasError } from '../errors.ts';
import { isId } from '../ids.ts';
import type { Log } from '../log.ts';
import { pgbossTables } from './pgboss-tables.ts';
import { jobTable } from './tables.ts';

const POOL_MAX = 3;
const WAIT_MS = 5_000;

export interface JobGround {
  /** Opens no connection before the first statement: a process that runs no jobs has none. */
  pool: pg.Pool;
  hear: Feed['hear'];
  close(): Promise<void>;
}

export async function openJobGround(given: { url: string; ownerUrl: string; feed: Pick<Feed, 'hear'>; log: Log }): Promise<JobGround> {
  const { url, ownerUrl, log } = given;
  await migrate({ ownerUrl, servingLogin: decodeURIComponent(new URL(url).username), service: 'jobs', migrations: [jobTable, pgbossTables] });
  const pool = new pg.Pool({ connectionString: url, application_name: 'atlas:jobs', max: POOL_MAX, connectionTimeoutMillis: WAIT_MS, statement_timeout: WAIT_MS, options: `-c role=${JOBS_ROLE}` });
  pool.on('error', (error) => log.debug({ err: error }, 'An idle connection of the jobs broke.'));
  return { pool, hear: (channel, listener) => given.feed.hear(channel, listener), close: () => pool.end() };
}

/** A process that stands still in the middle of a transaction holds locks that others need: the server ends it after so long. */
const IDLE_MS = 3_000;

/** One transaction; `as` is what it begins with. A connection on which something failed is not used again. */
export async function transaction<T>(pool: pg.Pool, as: string, body: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query(`BEGIN; SET LOCAL idle_in_transaction_session_timeout = ${IDLE_MS}; ${as}`);
    const result = await body(client);
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    client.release(true); // the server rolls back
    throw error;
  }
}

/** As the service of a job, in the tenant of the job. */
export function inTenant<T>(pool: pg.Pool, { service, tenantId }: { service: string; tenantId: string }, body: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  if (!isId('tnt', tenantId) || !/^[a-z]+$/.test(service)) throw new AtlasError('INTERNAL', undefined, { cause: new Error('A job of no tenant or no service.') });
  return transaction(pool, `SET LOCAL ROLE atlas_${service}; SET LOCAL app.tenant_id = '${tenantId}'`, body);
}

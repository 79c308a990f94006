/** Databases of a suite's own on the server that the run started (test/database.ts). */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { outbox, usageOfAll } from '../../gateway/outbox.ts';
import { busTables } from '../../platform/bus/tables.ts';
import { migrate, type Migration } from '../../platform/database/migrate.ts';
import { createDatabase, dropDatabase, withDatabase } from '../../platform/embedded/postgres.ts';
import { pgbossTables } from '../../platform/jobs/pgboss-tables.ts';
import { jobTable } from '../../platform/jobs/tables.ts';
import { SUBGRAPHS } from '../../platform/names.ts';

export interface TestDatabase { url: string; ownerUrl: string; name: string; drop(): Promise<void> }

/** A fresh, empty database. */
export const freshDatabase = (): Promise<TestDatabase> => database();

/** A fresh database in which every service finds its schema as it would leave it: a copy, since to migrate anew is most of what a start costs. */
export async function migratedDatabase(): Promise<TestDatabase> {
  await once(migrateTemplate);
  return database(TEMPLATE);
}

const TEMPLATE = 't_migrated';
const LOCK = 0x7e57;

function server(): { ownerUrl: string; url: string } {
  const { ATLAS_TEST_OWNER_URL: ownerUrl, ATLAS_TEST_URL: url } = process.env;
  if (!ownerUrl || !url) throw new Error('The test run has started no database: run the suites through npm test.');
  return { ownerUrl, url };
}

async function database(like?: string): Promise<TestDatabase> {
  const { ownerUrl, url } = server();
  const name = `t_${randomBytes(6).toString('hex')}`;
  return { name, url: withDatabase(url, name), ownerUrl: await createDatabase(ownerUrl, name, like), drop: () => dropDatabase(ownerUrl, name) };
}

/** Of the suites that run side by side one makes what all copy; it gets its name when it is whole. */
async function once(make: (owner: pg.Client) => Promise<void>): Promise<void> {
  const owner = new pg.Client({ connectionString: server().ownerUrl });
  await owner.connect();
  try {
    await owner.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const { rowCount } = await owner.query('SELECT FROM pg_database WHERE datname = $1', [TEMPLATE]);
    if (!rowCount) await make(owner);
  } finally {
    await owner.end();
  }
}

async function migrateTemplate(owner: pg.Client): Promise<void> {
  const made = await database();
  const servingLogin = decodeURIComponent(new URL(made.url).username);
  const to = (service: string, migrations: readonly Migration[], beside: readonly string[] = []) => migrate({ ownerUrl: made.ownerUrl, servingLogin, service, migrations, beside });
  await to('bus', [busTables], ['tenants']);
  await to('jobs', [jobTable, pgbossTables]);
  for (const name of SUBGRAPHS) {
    const { migrations } = await import(`../../subgraphs/${name}/infrastructure/migrations/index.ts`) as { migrations: Migration[] };
    await to(name, migrations);
  }
  await to('gateway', [outbox, usageOfAll]);
  await owner.query(`ALTER DATABASE ${made.name} RENAME TO ${TEMPLATE}`);
}

/**
 * Brings one schema up to date at start. Safe from two processes at once (an advisory lock), never in the way of what
 * runs (`lock_timeout`), and never twice: a migration that was changed after it ran stops the start.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { ensureRoles, rolesStand } from './roles.ts';

export interface Migration { name: string; sql: string }

const LOCK = 0x41544c53; // one lock for all schemas of a database: roles and grants are shared
const WAIT_MS = 60_000;
const TRIES_MAX = 10;

const PLATFORM: Migration[] = [{
  name: '0001-platform',
  sql: `
    CREATE TABLE platform.viewer_key (
      kid text PRIMARY KEY, service text NOT NULL, public_key text NOT NULL, expires_at timestamptz NOT NULL
    );
    ALTER TABLE platform.viewer_key ENABLE ROW LEVEL SECURITY;
    ALTER TABLE platform.viewer_key FORCE ROW LEVEL SECURITY;
    -- Everybody may check; each may say only who it is itself.
    CREATE POLICY check_all ON platform.viewer_key FOR SELECT USING (true);
    CREATE POLICY own ON platform.viewer_key FOR ALL
      USING (service = replace(current_user, 'atlas_', '')) WITH CHECK (service = replace(current_user, 'atlas_', ''));
  `,
}];

interface Given { ownerUrl: string; servingLogin: string; service: string; migrations: readonly Migration[]; beside?: readonly string[] }

export async function migrate(given: Given): Promise<void> {
  const owner = new pg.Client({ connectionString: given.ownerUrl, application_name: `atlas:${given.service}:migrate` });
  await connect(owner);
  try {
    if (await isDone(owner, given)) return;
    await owner.query(`SET lock_timeout = '2s'`);
    await takeLock(owner);
    await owner.query('CREATE SCHEMA IF NOT EXISTS platform');
    await owner.query('CREATE TABLE IF NOT EXISTS platform.migration (schema text, name text, sha256 text NOT NULL, at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (schema, name))');
    await run(owner, 'platform', PLATFORM);
    for (const service of [...given.beside ?? [], given.service]) await ensureRoles(owner, service, given.servingLogin);
    await owner.query(`CREATE SCHEMA IF NOT EXISTS ${given.service}`);
    await owner.query(`GRANT USAGE ON SCHEMA ${given.service} TO atlas_${given.service}`);
    await run(owner, given.service, given.migrations);
  } finally {
    await owner.end(); // the lock goes with the connection
  }
}

/** All but the first start find nothing to do: they see it in a few questions, and wait for nobody. */
async function isDone(owner: pg.Client, given: Given): Promise<boolean> {
  if (!await rolesStand(owner, [...given.beside ?? [], given.service], given.servingLogin)) return false;
  const { rows: [own] } = await owner.query<{ usable: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_namespace n JOIN pg_roles r ON r.rolname = $2 WHERE n.nspname = $1 AND has_schema_privilege(r.oid, n.oid, 'USAGE'))
       AND to_regclass('platform.migration') IS NOT NULL AS usable`, [given.service, `atlas_${given.service}`]);
  if (!own!.usable) return false;
  return await isUpToDate(owner, 'platform', PLATFORM) && await isUpToDate(owner, given.service, given.migrations);
}

/** Says which setting to look at, and nothing of what is in it. */
async function connect(owner: pg.Client): Promise<void> {
  await owner.connect().catch((cause: { code?: string }) => {
    const why = cause.code === '28P01' || cause.code === '28000' ? 'refuses this login' : cause.code === '3D000' ? 'has no database of that name' : 'does not answer';
    throw new Error(`The database at DATABASE_URL ${why}: check it (and DATABASE_OWNER_URL, when set), or set neither for the embedded one.`, { cause });
  });
}

async function takeLock(owner: pg.Client): Promise<void> {
  for (const until = Date.now() + WAIT_MS; Date.now() < until; await sleep(100)) {
    const { rows } = await owner.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [LOCK]);
    if (rows[0]?.taken) return;
  }
  throw new Error('Another process has been migrating this database for a minute; see what it waits for and start again.');
}

const sha256Of = (sql: string): string => createHash('sha256').update(sql).digest('hex');

/** What has run, and as what. */
async function doneIn(owner: pg.Client, schema: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await owner.query<{ name: string; sha256: string }>('SELECT name, sha256 FROM platform.migration WHERE schema = $1', [schema]);
  return new Map(rows.map((row) => [row.name, row.sha256]));
}

async function isUpToDate(owner: pg.Client, schema: string, migrations: readonly Migration[]): Promise<boolean> {
  const done = await doneIn(owner, schema);
  return migrations.every(({ name, sql }) => done.get(name) === sha256Of(sql));
}

async function run(owner: pg.Client, schema: string, migrations: readonly Migration[]): Promise<void> {
  const done = await doneIn(owner, schema);
  for (const { name, sql } of migrations) {
    const sha256 = sha256Of(sql);
    if (done.get(name) === sha256) continue;
    if (done.has(name)) throw new Error(`The migration ${schema}/${name} was changed after it had run. Undo the change, and write the next one.`);
    await apply(owner, `${schema}/${name}`, async () => {
      await owner.query(sql);
      await owner.query('INSERT INTO platform.migration (schema, name, sha256) VALUES ($1, $2, $3)', [schema, name, sha256]);
    });
  }
}

/** All of it or none. A table that is in use is let go after two seconds and tried again: what runs does not queue behind us. */
async function apply(owner: pg.Client, name: string, body: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await owner.query('BEGIN');
    try {
      await body();
      await owner.query('COMMIT');
      return;
    } catch (error) {
      await owner.query('ROLLBACK');
      const busy = (error as { code?: string }).code === '55P03';
      if (!busy || attempt >= TRIES_MAX) throw new Error(`The migration ${name} failed and changed nothing: ${(error as Error).message}`, { cause: error });
      await sleep(attempt * 200);
    }
  }
}

/** The two logins and the database that Atlas uses. Made again on every unfinished first start, so a crash costs nothing. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { adminLogin, type Cluster } from './postgres-cluster.ts';
import { socketIn } from './postgres-socket.ts';

export const database = 'atlas';
const connectMaxMs = 10_000;
const insufficientPrivilege = '42501';
const dropsMax = 100;
const dropAgainMs = 100;

const may = {
  /** Migrates: makes roles, schemas and databases, but row-level security holds for it as for anybody. */
  atlas_owner: 'LOGIN NOSUPERUSER NOBYPASSRLS NOREPLICATION CREATEROLE CREATEDB INHERIT',
  /** Serves: does nothing in its own name, only in a role that a migration grants it. */
  atlas: 'LOGIN NOSUPERUSER NOBYPASSRLS NOREPLICATION NOCREATEROLE NOCREATEDB NOINHERIT',
};
type Login = keyof typeof may;

export const urlOf = (given: { cluster: Cluster; port: number; login: Login }) =>
  `postgresql://${given.login}:${given.cluster.passwords[given.login]}@127.0.0.1:${given.port}/${database}${socketIn(given.cluster, given.port)}`;

export async function makeLogins(cluster: Cluster, port: number): Promise<void> {
  const done = join(cluster.folder, 'logins-made');
  if (existsSync(done)) return;
  const admin = { host: '127.0.0.1', port, user: adminLogin, password: cluster.passwords.admin, database: 'postgres' };
  await connected(admin, async (client) => {
    for (const login of Object.keys(may) as Login[]) {
      const known = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [login]);
      const verb = known.rowCount ? 'ALTER' : 'CREATE';
      await client.query(`${verb} ROLE ${login} ${may[login]} PASSWORD '${cluster.passwords[login]}'`);
    }
    const made = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (!made.rowCount) await client.query(`CREATE DATABASE ${database} OWNER atlas_owner`);
    await client.query('REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC');
    await client.query(restricted(database));
  });
  await writeFile(done, '');
}

/** By default anybody may make temporary tables in any database; here a login may come in and nothing more. */
const restricted = (name: string) =>
  `REVOKE ALL ON DATABASE ${name} FROM PUBLIC; GRANT CONNECT ON DATABASE ${name} TO atlas`;

/** A database of one's own on the same server, for one test or one worker: empty, or a copy of one that nobody is in. Answers its URL for the owner. */
export async function createDatabase(ownerUrl: string, name: string, like?: string): Promise<string> {
  const quoted = pg.escapeIdentifier(name);
  await connected({ connectionString: ownerUrl }, async (client) => {
    await client.query(`CREATE DATABASE ${quoted}${like ? ` TEMPLATE ${pg.escapeIdentifier(like)}` : ''}`);
    await client.query(restricted(quoted));
  });
  return withDatabase(ownerUrl, name);
}

export async function dropDatabase(ownerUrl: string, name: string): Promise<void> {
  const statement = `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`;
  for (let tried = 1; ; tried += 1) {
    try {
      return await connected({ connectionString: ownerUrl }, (client) => client.query(statement));
    } catch (cause) {
      // The server's own housekeeping may be in the database at this moment, and an owner may not end that; it leaves by itself.
      if ((cause as { code?: string }).code !== insufficientPrivilege || tried === dropsMax) throw cause;
      await pause(dropAgainMs);
    }
  }
}

/** The same login on another database of the same server. */
export function withDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${encodeURIComponent(name)}`;
  return other.href;
}

/** True when the server answers this login; false when it is not there, starting or stopping. */
export async function answers(url: string): Promise<boolean> {
  try {
    await connected({ connectionString: url }, (client) => client.query('SELECT 1'));
    return true;
  } catch {
    return false;
  }
}

async function connected(to: pg.ClientConfig, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionTimeoutMillis: connectMaxMs, ...to });
  client.on('error', () => {}); // a server that leaves is told by the next query, not by a crash of this process
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { createDatabase, dropDatabase, withDatabase } from './postgres.ts';
import { forgetFolder } from './postgres-home.ts';
import { boundLog } from './postgres-log.ts';
import { answers } from './postgres-logins.ts';
import { forgetAll, fresh, open, processes, query, stopAll, until } from './postgres-trial.ts';

afterEach(stopAll);
afterAll(forgetAll);

describe('the server', () => {
  test('is durable, asks everybody for a password and listens on this machine only', async () => {
    const { ownerUrl, dataFolder } = await open(fresh());
    const rows = await query(ownerUrl, `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes',
      'wal_level', 'max_connections', 'listen_addresses', 'TimeZone', 'server_encoding') ORDER BY name`);
    expect(Object.fromEntries((rows as { name: string; setting: string }[]).map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: 'on', full_page_writes: 'on', wal_level: 'replica', max_connections: '200', listen_addresses: '127.0.0.1',
      TimeZone: 'UTC', server_encoding: 'UTF8',
    });
    const rules = readFileSync(join(dataFolder, 'pg_hba.conf'), 'utf8').split('\n').filter((line) => line && !line.startsWith('#'));
    expect(rules.every((rule) => rule.endsWith('scram-sha-256'))).toBe(true);
    expect(statSync(join(dirname(dataFolder), 'passwords.json')).mode & 0o777).toBe(0o600);
    const wrong = new URL(ownerUrl);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    wrong.searchParams.delete('host');
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  test('is spoken to through a socket that nobody else may reach, and through its port', async () => {
    const { url } = await open(fresh());
    const folder = new URL(url).searchParams.get('host')!;
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const from = 'SELECT inet_client_addr() AS address';
    expect(await query(url, from)).toEqual([{ address: null }]);
    expect(await query(url.replace(/\?.*/, ''), from)).toEqual([{ address: '127.0.0.1' }]);
  });

  test('is spoken to through its port alone where the socket’s name would be too long', async () => {
    const { url } = await open(`${fresh()}${' in a folder with a long name'.repeat(4)}`);
    expect(new URL(url).search).toBe('');
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('gives neither login a way round row-level security', async () => {
    const { ownerUrl, url } = await open(fresh());
    const roles = await query(ownerUrl, `SELECT rolname, rolsuper, rolbypassrls, rolinherit, rolcreaterole, rolcreatedb
      FROM pg_roles WHERE rolname IN ('atlas', 'atlas_owner') ORDER BY 1`);
    const never = { rolsuper: false, rolbypassrls: false };
    expect(roles).toEqual([
      { rolname: 'atlas', ...never, rolinherit: false, rolcreaterole: false, rolcreatedb: false },
      { rolname: 'atlas_owner', ...never, rolinherit: true, rolcreaterole: true, rolcreatedb: true },
    ]);
    await expect(query(url, 'CREATE TABLE public.mine (id int)')).rejects.toThrow('permission denied');
    await expect(query(url, 'CREATE TEMPORARY TABLE mine (id int)')).rejects.toThrow('permission denied');
  });

  test('lets a migration hand the served login a role', async () => {
    const { ownerUrl, url } = await open(fresh());
    await query(ownerUrl, 'CREATE ROLE atlas_users NOLOGIN; GRANT atlas_users TO atlas; CREATE SCHEMA users; CREATE TABLE users.one AS SELECT 1 AS n; GRANT USAGE ON SCHEMA users TO atlas_users; GRANT SELECT ON users.one TO atlas_users');
    await expect(query(url, 'SELECT n FROM users.one')).rejects.toThrow('permission denied');
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('SET ROLE atlas_users');
    expect((await client.query('SELECT n FROM users.one')).rows).toEqual([{ n: 1 }]);
    await client.end();
  });

  test('gives a test a database of its own', async () => {
    const { ownerUrl, url } = await open(fresh());
    const own = await createDatabase(ownerUrl, 'worker-1');
    expect(await query(own, 'SELECT current_database() AS name')).toEqual([{ name: 'worker-1' }]);
    expect(await query(withDatabase(url, 'worker-1'), 'SELECT current_user AS name')).toEqual([{ name: 'atlas' }]);
    await dropDatabase(ownerUrl, 'worker-1');
    expect(await answers(own)).toBe(false);
  });
});

const testAsRoot = process.getuid?.() === 0 ? test : test.skip;

describe('the folder', () => {
  testAsRoot('that the user of the server may not enter says where its data is, and starts anew when deleted', async () => {
    const closed = fresh();
    mkdirSync(closed, { mode: 0o700 });
    const folder = join(closed, 'postgres');
    const first = await open(folder);
    expect(first.dataFolder).not.toContain(folder);
    await query(first.ownerUrl, 'CREATE TABLE kept AS SELECT 1 AS n');
    await first.stop();
    const again = await open(folder);
    expect(again.dataFolder).toBe(first.dataFolder);
    expect(await query(again.ownerUrl, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
    await again.stop();
    rmSync(folder, { recursive: true });
    const anew = await open(folder);
    await expect(query(anew.ownerUrl, 'SELECT n FROM kept')).rejects.toThrow('does not exist');
    expect(existsSync(first.dataFolder)).toBe(false);
    await anew.stop();
    forgetFolder(folder);
  });

  test('keeps a log of bounded size', async () => {
    const log = `${fresh()}.log`;
    writeFileSync(log, 'x'.repeat(1_000));
    let end = () => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    boundLog(log, { ended, hasEnded: () => false, stop: () => ended }, { maxBytes: 500, everyMs: 10 });
    expect([statSync(log).size, statSync(`${log}.1`).size]).toEqual([0, 1_000]);
    appendFileSync(log, 'y'.repeat(600));
    await until(() => statSync(log).size === 0);
    end();
  });

  test('keeps what was written, and its logins, over a stop', async () => {
    const folder = fresh();
    const first = await open(folder);
    await query(first.ownerUrl, 'CREATE TABLE kept AS SELECT 42 AS n');
    await first.stop();
    expect(await answers(first.ownerUrl)).toBe(false);
    const second = await open(folder);
    expect(second.ownerUrl).toBe(first.ownerUrl);
    expect(await query(second.ownerUrl, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  });

  test('of another major version is refused by name', async () => {
    const folder = fresh();
    const { dataFolder, stop } = await open(folder);
    await stop();
    writeFileSync(join(dataFolder, 'PG_VERSION'), '17\n');
    await expect(open(folder)).rejects.toThrow(/^The data in .*postgres \d+\/cluster was made by PostgreSQL 17 and cannot be read by PostgreSQL 18: /);
  });

  test('recovers from a first start that was interrupted', async () => {
    const folder = fresh();
    mkdirSync(join(folder, 'new-half', 'data'), { recursive: true });
    writeFileSync(join(folder, 'new-half', 'data', 'PG_VERSION'), '18\n');
    await open(folder);
    expect(readdirSync(folder).filter((name) => name.startsWith('new-'))).toEqual([]);
  });

  test('recovers when its pid file names a process that has nothing to do with it', async () => {
    const folder = fresh();
    const first = await open(folder);
    const pidFile = readFileSync(join(first.dataFolder, 'postmaster.pid'), 'utf8');
    await first.stop();
    // A stranger of the same user as the server, since PostgreSQL believes every pid it may signal.
    const { uid, gid } = statSync(first.dataFolder);
    const stranger = spawn('sleep', ['60'], { uid, gid, stdio: 'ignore' });
    processes.push(stranger);
    writeFileSync(join(first.dataFolder, 'postmaster.pid'), pidFile.replace(/^\d+/, String(stranger.pid)));
    const second = await open(folder);
    expect(second.attached).toBe(false);
    expect(stranger.exitCode).toBeNull();
  });

  test('recovers from a lock whose holder is gone, also in the middle of writing it', async () => {
    const folder = fresh();
    mkdirSync(folder, { recursive: true });
    const gone = spawnSync('true').pid;
    writeFileSync(join(folder, 'lock.7'), `${gone} 1`);
    await (await open(folder)).stop();
    const latest = join(folder, 'lock.8');
    truncateSync(latest);
    const old = new Date(Date.now() - 10_000);
    utimesSync(latest, old, old);
    await open(folder);
  });
});

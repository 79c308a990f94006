/**
 * A primary with a real streaming replica, both embedded servers of the test's own. The packages bring no pg_basebackup, so
 * it is made by hand: pg_backup_start, a copy of the folder, the label that pg_backup_stop answers, and standby.signal.
 */
import { appendFileSync, chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { createDatabase, embeddedPostgres, withDatabase } from '../../platform/embedded/postgres.ts';
import { adminLogin, type Cluster, type Passwords } from '../../platform/embedded/postgres-cluster.ts';
import { dataFolderOf, forgetFolder, openHome } from '../../platform/embedded/postgres-home.ts';
import { postgresPrograms } from '../../platform/embedded/postgres-programs.ts';
import { startServer, type Running } from '../../platform/embedded/postgres-server.ts';
import { own, type RunAs } from '../../platform/embedded/postgres-user.ts';
import { eventually } from './eventually.ts';
import type { TestDatabase } from './databases.ts';

export interface Pair {
  /** A fresh database on the primary; `replicaUrl` is the same one on the replica, for the login that serves. */
  database(): Promise<TestDatabase & { replicaUrl: string }>;
  /** Nothing that is written from now on is seen on the replica. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Resolves when the replica has all that the primary has now. */
  caughtUp(): Promise<void>;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** It becomes a server of its own: what the primary writes from now on never reaches it. */
  promote(): Promise<void>;
  /** As the superuser of the replica. */
  onReplica<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]>;
  stop(): Promise<void>;
}

const SLOT = 'beside';
/** What the primary's running server has there means nothing to another one; its log comes over the wire. */
const LEFT_OUT = new Set(['postmaster.pid', 'postmaster.opts', 'pg_internal.init', 'backup_label']);
const EMPTIED = new Set(['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp', 'pg_subtrans']);

export async function startPair(): Promise<Pair> {
  const base = mkdtempSync(join(tmpdir(), 'atlas-replica-'));
  chmodSync(base, 0o755);
  const folders = { primary: join(base, 'primary'), replica: join(base, 'replica') };
  const primary = await embeddedPostgres({ folder: folders.primary });
  const passwords = JSON.parse(readFileSync(join(dirname(primary.dataFolder), 'passwords.json'), 'utf8')) as Passwords;
  const adminOf = (port: number | string) => `postgresql://${adminLogin}:${passwords.admin}@127.0.0.1:${port}/postgres`;
  const primaryPort = new URL(primary.url).port;

  mkdirSync(folders.replica);
  chmodSync(folders.replica, 0o755);
  const home = openHome(folders.replica);
  const cluster: Cluster = { folder: join(home.folder, 'cluster'), dataFolder: dataFolderOf(home.folder), passwords };
  await copyWhileItRuns({ admin: adminOf(primaryPort), from: primary.dataFolder, to: cluster.dataFolder, user: home.user });
  const programs = postgresPrograms(home);
  let running: Running = await startServer({ home, cluster, programs });
  const { port } = running;
  const onPrimary = <Row extends pg.QueryResultRow>(sql: string) => query<Row>(adminOf(primaryPort), sql);
  const onReplica = <Row extends pg.QueryResultRow>(sql: string) => query<Row>(adminOf(port), sql);
  const caughtUp = async () => {
    const [{ at }] = await onPrimary<{ at: string }>('SELECT pg_current_wal_flush_lsn() AS at') as [{ at: string }];
    await eventually('the replica to have what the primary has', async () => (await onReplica<{ has: boolean }>(`SELECT pg_last_wal_replay_lsn() >= '${at}' AS has`))[0]!.has);
  };
  let count = 0;

  return {
    onReplica, caughtUp,
    async database() {
      const name = `pair_${count += 1}`;
      const ownerUrl = await createDatabase(primary.ownerUrl, name);
      await caughtUp();
      const url = withDatabase(primary.url, name);
      const replicaUrl = new URL(url);
      replicaUrl.port = String(port);
      replicaUrl.searchParams.delete('host');
      return { name, url, ownerUrl, replicaUrl: replicaUrl.href, drop: async () => undefined }; // it goes with its server
    },
    pause: async () => void await onReplica('SELECT pg_wal_replay_pause()'),
    resume: async () => void await onReplica('SELECT pg_wal_replay_resume()'),
    async kill() {
      process.kill(running.pid, 'SIGKILL');
      await eventually('the replica to be gone', () => running.kept!.hasEnded());
    },
    async start() { running = await startServer({ home, cluster, programs, port }); },
    promote: async () => void await onReplica('SELECT pg_promote(true, 60)'),
    async stop() {
      await running.kept!.stop();
      await primary.stop();
      for (const folder of [folders.primary, folders.replica]) forgetFolder(folder);
      rmSync(base, { recursive: true, force: true });
    },
  };
}

async function copyWhileItRuns({ admin, from, to, user }: { admin: string; from: string; to: string; user: RunAs }): Promise<void> {
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  try {
    // The slot keeps what the replica has yet to fetch, also while it is down.
    await client.query(`SELECT pg_create_physical_replication_slot('${SLOT}', true)`);
    await client.query(`SELECT pg_backup_start('replica', fast => true)`); // ends with this connection
    mkdirSync(dirname(to), { recursive: true });
    chmodSync(dirname(to), 0o711);
    copyFolder(from, to, user);
    const { rows: [label] } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)');
    const write = (name: string, text: string) => { writeFileSync(join(to, name), text, { mode: 0o600 }); own(join(to, name), user); };
    write('backup_label', label!.labelfile);
    write('standby.signal', '');
    const { hostname, port, username, password } = new URL(admin);
    appendFileSync(join(to, 'postgresql.auto.conf'), `primary_conninfo = 'host=${hostname} port=${port} user=${username} password=${password}'\nprimary_slot_name = '${SLOT}'\n`);
  } finally {
    await client.end();
  }
}

/** A file that goes in the meantime was not needed: the log that is replayed over the copy says so too. */
function copyFolder(from: string, to: string, user: RunAs): void {
  mkdirSync(to, { mode: 0o700 });
  own(to, user);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (LEFT_OUT.has(entry.name) || entry.name.startsWith('pgsql_tmp')) continue;
    if (entry.isDirectory() && EMPTIED.has(entry.name)) {
      makeFolder(target, user);
    } else if (entry.isDirectory()) {
      copyFolder(source, target, user);
    } else if (existsSync(source)) {
      copyFileSync(source, target);
      own(target, user);
    }
  }
}

function makeFolder(path: string, user: RunAs): void {
  mkdirSync(path, { mode: 0o700 });
  own(path, user);
}

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

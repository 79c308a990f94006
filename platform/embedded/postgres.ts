/**
 * A real PostgreSQL server for whoever has set no DATABASE_URL: durable, bound to this process, its data in a folder.
 * Several processes over one folder share one server: the first starts it, the others attach, and when it goes away the
 * next one starts it again on the same port, so that nobody's URL changes.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { withLock } from './lock.ts';
import { openCluster, type Cluster } from './postgres-cluster.ts';
import { openHome, realFolder } from './postgres-home.ts';
import { makeLogins, urlOf } from './postgres-logins.ts';
import { postgresPrograms } from './postgres-programs.ts';
import { runningServer, startServer, type Running } from './postgres-server.ts';

export { createDatabase, dropDatabase, withDatabase } from './postgres-logins.ts';

export interface EmbeddedPostgres {
  /** Login that migrates: owns the database, NOSUPERUSER, NOBYPASSRLS, CREATEROLE, CREATEDB. */
  ownerUrl: string;
  /** Login that serves: NOSUPERUSER NOBYPASSRLS NOINHERIT; may do nothing until a migration grants it a role. */
  url: string;
  /** Where the data really lives. */
  dataFolder: string;
  /** True while a server that another process started over the same folder is used. */
  readonly attached: boolean;
  /** Stops the server when this process keeps it; does nothing to another's. */
  stop(): Promise<void>;
}

interface Given {
  folder: string;
  say?: (line: string) => void;
}

/** Longer than the slowest start of another process, which may have to make the cluster or replay its log. */
const lockWaitMaxMs = 180_000;
const watchEveryMs = 250;
const restartsMax = 5;
/** A server that ran for so long did not fail because of its restart. */
const restartForgivenMs = 60_000;

export async function embeddedPostgres(given: Given): Promise<EmbeddedPostgres> {
  const folder = realFolder(given.folder);
  const say = given.say ?? (() => {});
  const first = await open({ folder, say });
  const { cluster } = first;
  const { port } = first.server;
  const watched = watch({ first: first.server, say, reopen: async () => (await open({ folder, say, port })).server });
  return {
    ownerUrl: urlOf({ cluster, port, login: 'atlas_owner' }),
    url: urlOf({ cluster, port, login: 'atlas' }),
    dataFolder: cluster.dataFolder,
    get attached() {
      return watched.server().kept === null;
    },
    stop: watched.stop,
  };
}

async function open(given: { folder: string; say: (line: string) => void; port?: number }): Promise<{ cluster: Cluster; server: Running }> {
  const { folder, say, port } = given;
  return withLock({ folder, waitMaxMs: lockWaitMaxMs }, async () => {
    const startedAt = Date.now();
    const home = openHome(folder);
    const programs = postgresPrograms(home);
    const cluster = await openCluster({ home, programs, say });
    const server = (await runningServer(cluster)) ?? (await startServer({ home, cluster, programs, ...(port ? { port } : {}) }));
    if (port && server.port !== port) {
      throw new Error(`PostgreSQL over ${folder} now listens on port ${server.port} instead of ${port}: start this process again.`);
    }
    await makeLogins(cluster, server.port);
    const verb = server.kept ? `is ready after ${Date.now() - startedAt} ms` : 'runs already and is used';
    say(`PostgreSQL ${programs.major} over ${cluster.dataFolder} ${verb}, port ${server.port}.`);
    return { cluster, server };
  });
}

/** Brings the server back when it dies, or when the process that kept it leaves; within limits, and never once stopped. */
function watch(given: { first: Running; say: (line: string) => void; reopen: () => Promise<Running> }) {
  let server = given.first;
  const stopping = new AbortController();
  let restarts = 0;
  let startedAt = Date.now();
  const reopen = async (): Promise<Running | null> => {
    if (Date.now() - startedAt > restartForgivenMs) restarts = 0;
    let cause: unknown;
    while (!stopping.signal.aborted && ++restarts <= restartsMax) {
      try {
        const again = await given.reopen();
        startedAt = Date.now();
        return again;
      } catch (error) {
        cause = error; // it may have been ended once more before it was ready
      }
    }
    if (!stopping.signal.aborted) given.say(cause ? (cause as Error).message : `PostgreSQL ended ${restartsMax} times in a row and is left alone.`);
    return null;
  };
  const watching = (async () => {
    while (await leaves(() => server, stopping.signal)) {
      given.say('PostgreSQL is gone; it is started again.');
      const again = await reopen();
      if (!again) return;
      server = again;
    }
  })();
  return {
    server: () => server,
    stop: async () => {
      stopping.abort();
      await server.kept?.stop();
      await watching; // it may have been starting another one just now
      await server.kept?.stop();
    },
  };
}

/** Settles true when the server is gone, false when it was let go on purpose. */
async function leaves(server: () => Running, stopping: AbortSignal): Promise<boolean> {
  if (stopping.aborted) return false; // let go while it was being started again: whoever lets go stops it
  const { kept, pid } = server();
  if (kept) await kept.ended;
  // Watching keeps no process alive; whoever stops must not be left waiting for a timer that does not either.
  else while (!stopping.aborted && isAlive(pid)) await pause(watchEveryMs, undefined, { ref: false, signal: stopping }).catch(() => undefined);
  return !stopping.aborted;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM'; // alive, but another user's
  }
}

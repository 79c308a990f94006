/** One run of the server over a cluster: its settings, its port, and when it is ready. */
import { closeSync, constants, fchownSync, openSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { adminLogin, type Cluster } from './postgres-cluster.ts';
import { recordedPid, runningPid, type Home } from './postgres-home.ts';
import { keep, type Kept } from './postgres-keeper.ts';
import { boundLog } from './postgres-log.ts';
import { answers } from './postgres-logins.ts';
import type { Programs } from './postgres-programs.ts';
import { settings } from './postgres-settings.ts';
import { socketFolder } from './postgres-socket.ts';

export interface Running {
  port: number;
  pid: number;
  /** Null when another process keeps it. */
  kept: Kept | null;
}

interface Given {
  home: Home;
  cluster: Cluster;
  programs: Programs;
  /** A port that was already handed out; without it any free one will do. */
  port?: number;
}

const pollMs = 10;
/** After a crash the server first replays its log. */
const readyMaxMs = 120_000;
/** What an older server over the same data may need to leave, and an occupied port to become free. */
const leaveMaxMs = 20_000;

/** The server that already runs over this cluster; waits for one that is starting or stopping. */
export async function runningServer(cluster: Cluster): Promise<Running | null> {
  const giveUpAt = Date.now() + readyMaxMs;
  for (;;) {
    const pid = runningPid(cluster.dataFolder);
    if (!pid) return null;
    const port = pidFile(cluster)?.port;
    if (port && (await answers(adminUrl(cluster, port)))) return { port, pid, kept: null };
    if (Date.now() > giveUpAt) {
      throw new Error(`A PostgreSQL server (pid ${pid}) holds ${cluster.dataFolder} and does not answer: end it and start again.`);
    }
    await pause(pollMs * 5);
  }
}

export async function startServer(given: Given): Promise<Running> {
  const giveUpAt = Date.now() + leaveMaxMs;
  for (;;) {
    const port = given.port ?? (await freePort(lastPort(given.cluster)));
    const tried = await launch(given, port);
    if (typeof tried !== 'string') return tried;
    const mayPass = /Address already in use|is still in use|postmaster\.pid" already exists/.test(tried);
    if (!mayPass || Date.now() > giveUpAt) {
      const reason = tried.split('\n').findLast((line) => line.includes('FATAL:'))?.replace(/^.*FATAL: +/, '') ?? 'it ended at once';
      throw new Error(`PostgreSQL did not start over ${given.cluster.dataFolder}: ${reason} (see ${logOf(given.home)}).`);
    }
    await pause(pollMs * 20);
  }
}

/** Answers what the server logged when it ended before it was ready. */
async function launch(given: Given, port: number): Promise<Running | string> {
  const { home, cluster, programs } = given;
  const log = openLog(home);
  const logFrom = statSync(logOf(home)).size;
  // The pid in a left-over pid file may by now be anybody's. PostgreSQL would refuse; told that this is its grandparent,
  // it knows the file is stale and still makes its own checks. Removing the file would take those away.
  const stale = recordedPid(cluster.dataFolder);
  const env = { PATH: process.env.PATH, TZ: 'UTC', LC_ALL: 'C', ...(stale ? { PG_GRANDPARENT_PID: String(stale) } : {}) };
  const command = [programs.postgres, '-D', cluster.dataFolder, '-p', String(port), ...settings({ socketFolder: socketFolder(cluster, home.user) })];
  const kept = keep({ command, user: home.user, log, env });
  closeSync(log);
  const giveUpAt = Date.now() + readyMaxMs;
  while (!kept.hasEnded()) {
    const found = pidFile(cluster);
    if (found?.ready && found.port === port && (await answers(adminUrl(cluster, port)))) {
      boundLog(logOf(home), kept);
      return { port, pid: found.pid, kept };
    }
    if (Date.now() > giveUpAt) {
      await kept.stop();
      return `FATAL: it was not ready after ${readyMaxMs / 1000} s`;
    }
    await Promise.race([pause(pollMs), kept.ended]);
  }
  return readFileSync(logOf(home)).subarray(logFrom).toString();
}

const logOf = (home: Home) => join(home.folder, 'server.log');

function openLog(home: Home): number {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
  const log = openSync(logOf(home), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
  const owner = statSync(home.folder);
  // A root that visits a user's folder must leave nothing there that the user cannot write to later.
  if (process.getuid?.() === 0) fchownSync(log, owner.uid, owner.gid);
  return log;
}

/** PostgreSQL writes a line each for pid, folder, start, port, socket, address, shared memory and status. */
function pidFile(cluster: Cluster): { pid: number; port: number; ready: boolean } | null {
  try {
    const lines = readFileSync(join(cluster.dataFolder, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
  } catch {
    return null;
  }
}

/** The same port as last time if possible: whoever is still connected, or has the URL in a shell, finds it again. */
function lastPort(cluster: Cluster): number {
  try {
    return Number(/"-p" "(\d+)"/.exec(readFileSync(join(cluster.dataFolder, 'postmaster.opts'), 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

async function freePort(wish: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (cause) => (wish ? resolve(freePort(0)) : reject(cause)));
    probe.listen({ host: '127.0.0.1', port: wish }, () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

const adminUrl = (cluster: Cluster, port: number) =>
  `postgresql://${adminLogin}:${cluster.passwords.admin}@127.0.0.1:${port}/postgres`;

/** What the suites of the embedded server share: folders of their own, servers in this and in other processes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { embeddedPostgres, type EmbeddedPostgres } from './postgres.ts';
import { forgetFolder, runningPid } from './postgres-home.ts';

const base = mkdtempSync(join(tmpdir(), 'atlas embedded '));
chmodSync(base, 0o755);
const opened: EmbeddedPostgres[] = [];
export const processes: ChildProcess[] = [];
const giveUpMs = 60_000;
let count = 0;
export const fresh = () => join(base, `postgres ${++count}`);

export async function open(folder: string, say?: (line: string) => void): Promise<EmbeddedPostgres> {
  const server = await embeddedPostgres({ folder, ...(say ? { say } : {}) });
  opened.push(server);
  return server;
}

/** Another process that opens the folder and stays until it is killed. */
export async function elsewhere(folder: string): Promise<{ child: ChildProcess; ownerUrl: string; attached: boolean }> {
  const source = `
    const { embeddedPostgres } = await import(${JSON.stringify(join(import.meta.dirname, 'postgres.ts'))});
    const server = await embeddedPostgres({ folder: ${JSON.stringify(folder)} });
    console.log(JSON.stringify({ ownerUrl: server.ownerUrl, attached: server.attached }));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
  processes.push(child);
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return { child, ...(JSON.parse(line.toString()) as { ownerUrl: string; attached: boolean }) };
}

export async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

export async function until(what: () => boolean | Promise<boolean>, everyMs = 25): Promise<void> {
  const giveUpAt = Date.now() + giveUpMs;
  while (!(await what())) {
    if (Date.now() > giveUpAt) throw new Error('It did not happen in time.');
    await pause(everyMs);
  }
}

export const kill = (pid: number) => process.kill(pid, 'SIGKILL');

export async function stopAll(): Promise<void> {
  for (const child of processes.splice(0)) child.kill('SIGKILL');
  await Promise.all(opened.splice(0).map((server) => server.stop()));
}

export async function forgetAll(): Promise<void> {
  for (let made = 1; made <= count; made++) {
    const folder = join(base, `postgres ${made}`);
    if (!existsSync(folder)) continue;
    await until(() => !runningPid(join(folder, 'cluster', 'data')));
    forgetFolder(folder);
  }
  rmSync(base, { recursive: true, force: true });
}

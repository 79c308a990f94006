/** `npx atlas collections:jobs` as a process of its own beside a kit whose process only answers, and what both stand on. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { startServices, type Kit } from './services.ts';

const START = fileURLToPath(new URL('../../platform/start.mjs', import.meta.url));

export interface Apart { kit: Kit; spawnJobs(): Promise<ChildProcess>; stop(): Promise<void> }

export async function startApart(env: Record<string, string> = {}): Promise<Apart> {
  const data = mkdtempSync(join(tmpdir(), 'atlas-apart-'));
  const kit = await startServices(['tenants', 'collections'], { env: { ...env, ATLAS_DATA: data, LOG_LEVEL: 'warn' }, parts: new Map([['collections', 'api']]) });
  const children: ChildProcess[] = [];
  return {
    kit,
    async spawnJobs() {
      const port = await freePort();
      const child = spawn(process.execPath, [START, 'collections:jobs'], {
        env: { PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_URL: kit.database.url, DATABASE_OWNER_URL: kit.database.ownerUrl, ATLAS_DATA: data, LOG_LEVEL: 'warn', COLLECTIONS_PORT: String(port), TENANTS_URL: `${kit.atlas.listening.tenants}/graphql`, ...env },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      children.push(child);
      await eventually('a process that runs jobs', () => fetch(`http://127.0.0.1:${port}/ready`).then(({ ok }) => ok, () => false), 60_000);
      return child;
    },
    async stop() {
      await Promise.all(children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).map((child) => new Promise<void>((resolve) => { child.once('exit', () => resolve()); child.kill('SIGTERM'); })));
      await kit.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

export const killed = (child: ChildProcess): Promise<void> => new Promise((resolve) => { child.once('exit', () => resolve()); child.kill('SIGKILL'); });

/** A redis-server of our own on a free port of loopback, with nothing in it; it ends with the process that started it. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

/** Null when there can be one. */
export const whyNoRedis = (): string | null => (spawnSync('redis-server', ['--version']).status === 0 ? null : 'there is no redis-server on this machine');

export async function launchRedis(): Promise<{ url: string; stop(): void }> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'atlas-redis-'));
  const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder], { stdio: ['ignore', 'pipe', 'ignore'] });
  const stop = () => { server.kill(); rmSync(folder, { recursive: true, force: true }); };
  process.once('exit', stop);
  await new Promise<void>((resolve, reject) => {
    server.once('exit', () => reject(new Error('redis-server did not start.')));
    server.stdout.on('data', (text: Buffer) => text.includes('Ready to accept connections') && resolve());
  });
  return { url: `redis://127.0.0.1:${port}`, stop };
}

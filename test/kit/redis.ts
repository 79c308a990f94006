/**
 * A real Redis for a suite: the one at REDIS_TEST_URL, else a server of our own when the machine has one. Where neither
 * is, the suite says so; `npm run test:real` insists.
 */
import { afterAll } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

export async function startRedis(): Promise<{ url: string } | null> {
  const { REDIS_TEST_URL, ATLAS_TEST_REAL } = process.env;
  if (REDIS_TEST_URL) return { url: REDIS_TEST_URL };
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    if (ATLAS_TEST_REAL) throw new Error('There is no redis-server on this machine: install it, or set REDIS_TEST_URL.');
    process.stderr.write('No redis-server here and no REDIS_TEST_URL: the contract is not tried on Redis.\n');
    return null;
  }
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'atlas-redis-'));
  const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder], { stdio: ['ignore', 'pipe', 'ignore'] });
  process.once('exit', () => server.kill());
  afterAll(() => void server.kill());
  await new Promise<void>((resolve, reject) => {
    server.once('exit', () => reject(new Error('redis-server did not start.')));
    server.stdout.on('data', (text: Buffer) => text.includes('Ready to accept connections') && resolve());
  });
  return { url: `redis://127.0.0.1:${port}` };
}

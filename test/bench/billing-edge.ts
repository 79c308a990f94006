/** `npm run bench billing-edge`: what billing adds to an operation on its way through the gateway, in process; goal for a budget's check p99 ≤ 1 ms. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedPostgres } from '../../platform/embedded/postgres.ts';
import { edge } from './billing/edge.ts';
import { machine, publish } from './table.ts';

export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-'));
  const postgres = await embeddedPostgres({ folder: join(folder, 'postgres') });
  try {
    publish('billing-edge', `${machine()}. ${await edge(postgres)}`);
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs before all suites: one embedded server for the whole run. Suites find it in ATLAS_TEST_OWNER_URL (migrates) and
 * ATLAS_TEST_URL (serves), and make a database of their own on it.
 */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { embeddedPostgres, type EmbeddedPostgres } from '../platform/embedded/postgres.ts';
import { forgetFolder } from '../platform/embedded/postgres-home.ts';
import { startOf } from '../platform/embedded/processes.ts';

/** Setup and teardown are loaded apart and share only this process. */
export interface TestDatabase {
  folder: string;
  server: EmbeddedPostgres;
}
declare global {
  var atlasTestDatabase: TestDatabase | undefined;
}

const prefix = 'atlas-test-';

export default async function start(): Promise<void> {
  // What processes are started from is made before any of them waits for it.
  await promisify(execFile)(process.execPath, [fileURLToPath(new URL('../platform/start.mjs', import.meta.url)), '--help']);
  await forgetInterruptedRuns();
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  await chmod(folder, 0o755); // under root the server is another user, who has to reach its data
  const server = await embeddedPostgres({ folder: join(folder, 'postgres') });
  globalThis.atlasTestDatabase = { folder, server };
  process.env.ATLAS_TEST_OWNER_URL = server.ownerUrl;
  process.env.ATLAS_TEST_URL = server.url;
}

/** An interrupted run's server is gone with its process, but nobody was left to remove its folder. */
async function forgetInterruptedRuns(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(prefix) && Number.parseInt(name.slice(prefix.length), 10);
    if (!pid || startOf(pid)) continue;
    try {
      forgetFolder(join(tmpdir(), name, 'postgres'));
      forgetFolder(join(tmpdir(), name));
    } catch {
      // Another user's: not ours to remove.
    }
  }
}

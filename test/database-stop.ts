/** Runs after all suites. An interrupted run does not get here; its server then stops because its process is gone. */
import { forgetFolder } from '../platform/embedded/postgres-home.ts';
import { join } from 'node:path';

export default async function stop(): Promise<void> {
  const database = globalThis.atlasTestDatabase;
  if (!database) return;
  await database.server.stop();
  forgetFolder(join(database.folder, 'postgres'));
  forgetFolder(database.folder);
}

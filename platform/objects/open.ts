/** S3 where there is one, otherwise a folder; and the one sweep that objects need. */
import type { Settings } from '../config.ts';
import type { Log } from '../log.ts';
import { loop } from '../loop.ts';
import type { Secret } from '../secret.ts';
import { folderObjects } from './folder.ts';
import type { Objects } from './objects.ts';

const SWEEP_EVERY_MS = 3_600_000;
/** No write stands still for a day: the door ends those that do, and a job's source has deadlines of its own. */
const UNTOUCHED_MS = 24 * 3_600_000;

export async function openObjects(given: { settings: Settings; folder: string; secret: Secret; log: Log }): Promise<Objects> {
  const { settings, folder, secret, log } = given;
  // The library is large: who has no S3 does not wait for it.
  const objects = settings.S3_ENDPOINT
    ? (await import('./s3.ts')).s3Objects(settings)
    : folderObjects({ folder, secret, url: (settings.OBJECTS_URL ?? `http://localhost:${settings.PORT}`).replace(/\/+$/, '') });
  const sweeps = loop({ name: 'objects half written', everyMs: SWEEP_EVERY_MS, log, round: () => objects.sweep(UNTOUCHED_MS) });
  return {
    ...objects,
    async close() {
      await sweeps.stop();
      await objects.close();
    },
  };
}

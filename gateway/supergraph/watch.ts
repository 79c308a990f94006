/**
 * Follows the file of the supergraph: when its content is another, the new one is handed over. What became of it is in
 * the log, with file and line when it was refused; then the old one stays. Editors write in place, by rename or in two
 * steps, and some file systems tell nobody: the folder is watched, SIGHUP asks at once, and now and then it is looked at
 * anyway.
 */
import { createHash } from 'node:crypto';
import { watch as watchFolder, type FSWatcher } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../platform/log.ts';
import { loop } from '../../platform/loop.ts';
import { NotYet } from './addresses.ts';
import { inFile } from './in-file.ts';

export interface Watch { stop(): Promise<void> }

const LOOK_MS = 5_000;
/** A file that is the same after this long has been written to its end. */
const SETTLED_MS = 50;
const SETTLING_MAX = 40;

export function watchSupergraph(given: { file: string; served: string; replace: (sdl: string) => Promise<void>; log: Log }): Watch {
  const { file, log } = given;
  const path = resolve(file);
  let served = hashOf(given.served);
  let refused = '';
  let said = '';
  let missing = false;

  const round = async () => {
    const sdl = await settled(path);
    if (sdl === null) {
      if (!missing) log.warn({ file }, 'The supergraph cannot be read: the one that is served stays.');
      missing = true;
      return;
    }
    missing = false;
    const hash = hashOf(sdl);
    // A bad one is said once, not every few seconds; whoever mends it makes it another, and SIGHUP asks again.
    if (hash === served || hash === refused) return;
    const since = performance.now();
    try {
      await inFile(file, () => given.replace(sdl));
      [served, refused, said] = [hash, '', ''];
      log.info({ file, ms: Math.round(performance.now() - since) }, 'A new supergraph is served.');
    } catch (error) {
      // What only waits for a subgraph to be there is looked at again, round by round.
      if (!((error as Error).cause instanceof NotYet)) refused = hash;
      if (said !== hash) log.error({ file, reason: (error as Error).message }, 'A new supergraph was refused: the old one stays.');
      said = hash;
    }
  };
  const looking = loop({ name: 'supergraph file', everyMs: LOOK_MS, log, round });

  const watcher = watched(dirname(path), () => looking.nudge(), log);
  const onHangup = () => {
    log.info({ file: basename(path) }, 'SIGHUP: the supergraph is looked at.');
    [refused, said] = ['', ''];
    looking.nudge();
  };
  process.on('SIGHUP', onHangup);
  return {
    async stop() {
      process.off('SIGHUP', onHangup);
      watcher?.close();
      await looking.stop();
    },
  };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64');

/** Its text, once two looks at it agree; null when there is nothing to read. */
async function settled(path: string): Promise<string | null> {
  const look = () => readFile(path, 'utf8').catch(() => null);
  let last = await look();
  for (let looks = 0; looks < SETTLING_MAX; looks += 1) {
    await sleep(SETTLED_MS);
    const now = await look();
    if (now === last && now !== '') return now;
    last = now;
  }
  return last;
}

/** The folder, not the file: a rename puts another file in its place, and a mounted volume changes a link beside it. */
function watched(folder: string, changed: () => void, log: Log): FSWatcher | null {
  try {
    const watcher = watchFolder(folder, { persistent: false }, changed);
    watcher.on('error', (error) => log.warn({ err: error }, 'The folder of the supergraph cannot be watched: it is looked at now and then.'));
    return watcher;
  } catch (error) {
    log.warn({ err: error }, 'The folder of the supergraph cannot be watched: it is looked at now and then.');
    return null;
  }
}

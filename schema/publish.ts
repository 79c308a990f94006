/**
 * `npm run schema` prints every slice, composes them and writes the files of this folder; with `--check` it writes
 * nothing and fails when what is committed is not what the code says. The diff of these files is the review of the API.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CompositionError, compose, fileOf, sliceText, type Sdl } from './compose.ts';
import { differences } from './difference.ts';
import { printSlices, ROOT } from './slices.ts';

export interface Published { code: 0 | 1; lines: string[] }

export function publish(given: { slices: readonly Sdl[]; root: string; check: boolean }): Published {
  const { slices, root, check } = given;
  if (slices.length === 0) return { code: 0, lines: ['No service publishes a slice yet: there is nothing to compose.'] };
  const files = new Map(slices.map(({ name, sdl }) => [fileOf(name), sliceText(sdl)]));
  try {
    const { supergraph, api } = compose(slices);
    files.set(fileOf('supergraph'), supergraph).set(fileOf('api'), api);
  } catch (error) {
    if (!(error instanceof CompositionError)) throw error;
    // The slices are written all the same: the faults name lines of these very files.
    if (!check) write(root, files);
    return { code: 1, lines: [...error.faults, 'The slices do not compose; the supergraph stays as it was.'] };
  }
  const changed = differences(root, files);
  if (check && changed.length > 0) return { code: 1, lines: [...changed, 'What is committed is not what the code says: run npm run schema and commit the difference.'] };
  if (!check) write(root, files);
  return { code: 0, lines: changed.length > 0 ? changed : [`${files.size} files of schema/ are what the code says.`] };
}

function write(root: string, files: ReadonlyMap<string, string>): void {
  for (const [file, text] of files) {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true });
    // An untouched file keeps its time, so that a watcher does not reload for nothing.
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { code, lines } = publish({ slices: await printSlices(), root: ROOT, check: process.argv.includes('--check') });
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = code;
}

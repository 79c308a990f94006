/**
 * `npm run schema` prints every slice, composes them and writes the files of this folder, and the schema of every event
 * beside them; with `--check` it writes nothing and fails when what is committed is not what the code says. The diff of
 * these files is the review of the API.
 */
import { pathToFileURL } from 'node:url';
import { CompositionError, compose, fileOf, sliceText, type Sdl } from './compose.ts';
import { differences, write } from './difference.ts';
import { loadContracts, publishEvents } from './publish-events.ts';
import { printSlices, ROOT } from './slices.ts';
import type { Verdict } from './verdict.ts';

export function publish(given: { slices: readonly Sdl[]; root: string; check: boolean }): Verdict {
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

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const check = process.argv.includes('--check');
  const results = [publish({ slices: await printSlices(), root: ROOT, check }), publishEvents({ contracts: await loadContracts(), root: ROOT, check })];
  process.stdout.write(`${results.flatMap(({ lines }) => lines).join('\n')}\n`);
  process.exitCode = Math.max(...results.map(({ code }) => code));
}

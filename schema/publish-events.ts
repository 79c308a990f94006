/**
 * The part of `npm run schema` about events: a schema file for every version that was ever told. A file that stands is
 * never given another meaning, and never loses its version in the code: what was told once may still be read.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EventType } from '../platform/event.ts';
import { SUBGRAPHS } from '../platform/service.ts';
import { differences, write } from './difference.ts';
import { newMeanings } from './event-meaning.ts';
import { EVENTS, isSchemaFile, schemaFiles, type Contract } from './event-schema.ts';
import { ROOT } from './slices.ts';
import type { Verdict } from './verdict.ts';

const isEvent = (value: unknown): value is EventType<unknown> => typeof value === 'function' && 'versions' in value;

/** Every event that any service declares. Contracts import no library: loading them starts nothing. */
export async function loadContracts(root = ROOT): Promise<EventType<unknown>[]> {
  const files = SUBGRAPHS.map((name) => join(root, 'subgraphs', name, 'events.ts')).filter((file) => existsSync(file));
  const modules = await Promise.all(files.map(async (file) => (await import(pathToFileURL(file).href)) as Record<string, unknown>));
  return modules.flatMap((each) => Object.values(each).filter(isEvent));
}

export function publishEvents(given: { contracts: readonly Contract[]; root: string; check: boolean }): Verdict {
  const { contracts, root, check } = given;
  const files = schemaFiles(contracts);
  const refused = committed(root).flatMap(({ file, text }) => {
    const now = files.get(file);
    if (now === undefined) return [`${file}: the code does not know this version any more.`];
    return newMeanings(JSON.parse(text), JSON.parse(now)).map((what) => `${file}: ${what}`);
  });
  if (refused.length > 0) {
    return { code: 1, lines: [...refused, 'A new meaning is a new version: keep what was told before as it stands, with `formerly`, and declare the next version beside it. Only a version that nobody was ever told may be deleted, file and all, and made anew.'] };
  }
  const changed = differences(root, files);
  if (check && changed.length > 0) return { code: 1, lines: [...changed, 'What is committed is not what the code says: run npm run schema and commit the difference.'] };
  if (!check) write(root, files);
  return { code: 0, lines: changed.length > 0 ? changed : [`${files.size} schemas of ${EVENTS}/ are what the code says.`] };
}

function committed(root: string): { file: string; text: string }[] {
  const folder = join(root, EVENTS);
  const names = existsSync(folder) ? readdirSync(folder).filter(isSchemaFile).sort() : [];
  return names.map((name) => ({ file: `${EVENTS}/${name}`, text: readFileSync(join(folder, name), 'utf8') }));
}

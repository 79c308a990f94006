/** The supergraph that is served: composed by `npm run schema`, read once at start. A missing or broken file stops the start by name. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const FILE = fileURLToPath(new URL('../schema/supergraph.graphql', import.meta.url));

export async function loadSupergraph(file = FILE): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Error('schema/supergraph.graphql cannot be read: make it with `npm run schema`.', { cause });
  }
}

/** What a look at the committed files came to, and which breaks of them somebody has decided and written down. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Verdict { code: 0 | 1; lines: string[] }

const LINE = /^\s*[-*]?\s*Breaking:\s*`?([\w.@-]+)`?\s*$/gm;

/** Every path that a decision record says may break. */
export function decidedPaths(folder: string): Set<string> {
  const paths = new Set<string>();
  const records = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.md')) : [];
  for (const record of records) {
    for (const [, path] of readFileSync(join(folder, record), 'utf8').matchAll(LINE)) paths.add(path!);
  }
  return paths;
}

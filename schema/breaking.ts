/**
 * `npm run schema:breaking`: what clients rely on does not change unnoticed. The API is compared with the one on main;
 * a breaking change passes only when a decision record names its exact path in a line of its own:
 *
 *     Breaking: Query.foo
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';
import { fileOf } from './compose.ts';
import { ROOT } from './slices.ts';

export interface Verdict { code: 0 | 1; lines: string[] }

/** `allowed`: the paths that decision records name. */
export async function judge(before: string, after: string, allowed: ReadonlySet<string>): Promise<Verdict> {
  const changes = await diff(buildSchema(before), buildSchema(after));
  const breaking = changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking);
  const refused = breaking.filter(({ path }) => !path || !allowed.has(path));
  const lines = refused.map(({ path, message }) => `${path ?? 'schema'}: ${message}`);
  if (refused.length > 0) {
    return { code: 1, lines: [...lines, 'This breaks clients. Deprecate instead, or write the reason as a record in docs/decisions with a line `Breaking: <path>` for each path above.'] };
  }
  return { code: 0, lines: [`${changes.length} changes against main; ${breaking.length === 0 ? 'none breaks clients' : `${breaking.length} break clients and are decided`}.`] };
}

const LINE = /^\s*[-*]?\s*Breaking:\s*`?([\w.@]+)`?\s*$/gm;

/** Every path that a decision record says may break. */
export function decidedPaths(folder: string): Set<string> {
  const paths = new Set<string>();
  const records = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.md')) : [];
  for (const record of records) {
    for (const [, path] of readFileSync(join(folder, record), 'utf8').matchAll(LINE)) paths.add(path!);
  }
  return paths;
}

/** The committed file as main has it: as the server knows it before as this clone does; null when main has none. */
export function onMain(root: string, file: string): string | null {
  for (const branch of ['origin/main', 'main']) {
    try {
      return execFileSync('git', ['show', `${branch}:${file}`], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    } catch {
      // No such branch here, or no such file on it: the next one may have it.
    }
  }
  return null;
}

/** The committed file before the last commit that changed it; null when there was none, or the clone does not reach back so far. */
function beforeLastChange(root: string, file: string): string | null {
  const git = (...words: string[]) => execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const [, previous] = git('log', '-2', '--format=%H', '--', file).split('\n');
    return previous ? git('show', `${previous}:${file}`) : null;
  } catch {
    return null;
  }
}

export async function breaking(root: string): Promise<Verdict> {
  const file = fileOf('api');
  const before = onMain(root, file);
  if (before === null) return { code: 0, lines: [`There is no ${file} on main to compare with: nothing can break.`] };
  const path = join(root, file);
  if (!existsSync(path)) return { code: 1, lines: [`${file} is on main and not here: run npm run schema.`] };
  const after = readFileSync(path, 'utf8');
  // On main itself the two are one: what the last change of the API did is looked at instead.
  return judge(before === after ? beforeLastChange(root, file) ?? before : before, after, decidedPaths(join(root, 'docs/decisions')));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { code, lines } = await breaking(ROOT);
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = code;
}

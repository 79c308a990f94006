/** What stands in the repository beside what stands here: the files that clients and partners have already. */
import { execFileSync } from 'node:child_process';

const git = (root: string, ...words: string[]): string => execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/** The committed file as main has it: as the server knows it before as this clone does; null when main has none. */
export const onMain = (root: string, file: string): string | null => first((branch) => git(root, 'show', `${branch}:${file}`));

/** The files of a folder as main has them; none when main has no such folder. */
export const namesOnMain = (root: string, folder: string): string[] =>
  first((branch) => git(root, 'ls-tree', '--name-only', branch, `${folder}/`))?.split('\n').filter(Boolean) ?? [];

function first(ask: (branch: string) => string): string | null {
  for (const branch of ['origin/main', 'main']) {
    try {
      return ask(branch);
    } catch {
      // No such branch here, or no such file on it: the next one may have it.
    }
  }
  return null;
}

/** The committed file before the last commit that changed it; null when there was none, or the clone does not reach back so far. */
export function beforeLastChange(root: string, file: string): string | null {
  try {
    const [, previous] = git(root, 'log', '-2', '--format=%H', '--', file).split('\n');
    return previous ? git(root, 'show', `${previous}:${file}`) : null;
  } catch {
    return null;
  }
}

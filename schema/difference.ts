/** Committed files beside what the code says: how they differ, enough to see what happened without drowning the reader, and how they follow. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const LINES_MAX = 12;

/** One block a file that differs: how many lines come and go, and the first of them. */
export function differences(root: string, files: ReadonlyMap<string, string>): string[] {
  const blocks: string[] = [];
  for (const [file, text] of files) {
    const path = join(root, file);
    const before = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
    const after = text.split('\n');
    if (before.join('\n') === text) continue;
    const gone = without(before, after).map((line) => `  - ${line}`);
    const come = without(after, before).map((line) => `  + ${line}`);
    const shown = [...gone, ...come].slice(0, LINES_MAX);
    const rest = gone.length + come.length - shown.length;
    blocks.push([`${file}: ${come.length} lines added, ${gone.length} removed`, ...shown, ...(rest > 0 ? [`  … and ${rest} more`] : [])].join('\n'));
  }
  return blocks;
}

/** The lines of one text that another lacks, each as often as it is missing. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    if (count > 0) left.set(line, count - 1);
    return count === 0 && line.trim() !== '';
  });
}

export function write(root: string, files: ReadonlyMap<string, string>): void {
  for (const [file, text] of files) {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true });
    // An untouched file keeps its time, so that a watcher does not reload for nothing.
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
  }
}

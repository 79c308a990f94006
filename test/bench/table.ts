/** What a bench found, as people read it, and kept in docs/benchmarks.md between its marks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { PEERS, ROOT } from './processes.ts';

export const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string => {
  const all = [head, head.map((_, at) => (at ? '---:' : '---')), ...rows];
  return all.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
};

export const median = (of: readonly number[]): number => {
  const sorted = of.toSorted((a, b) => a - b);
  return sorted.length ? (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2 : NaN;
};

export const digits = (value: number, after = 2): string => (Number.isFinite(value) ? value.toFixed(after) : '–');

export function machine(): string {
  return `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
}

/** As installed, which a range in package.json does not say. */
export function versions(names: readonly string[], of = PEERS): string {
  return names.map((name) => `${name} ${(JSON.parse(readFileSync(join(of, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version}`).join(', ');
}

/** Prints a bench's findings, and keeps the last ones where a reader of the docs finds them. */
export function publish(name: string, text: string): void {
  process.stdout.write(`\n${text}\n`);
  const file = join(ROOT, 'docs/benchmarks.md');
  const now = readFileSync(file, 'utf8');
  const marks = new RegExp(`(<!-- ${name} -->)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!marks.test(now)) throw new Error(`docs/benchmarks.md has lost the marks <!-- ${name} --> … <!-- /${name} -->.`);
  writeFileSync(file, now.replace(marks, (_, open: string, close: string) => `${open}\n\n${text}\n\n${close}`));
}

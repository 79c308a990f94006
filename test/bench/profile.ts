/** What a `.cpuprofile` says: where the time of a process went, by function and by file. `bench gateway --profile DIR` writes them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Node { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }
interface Profile { nodes: Node[]; samples: number[]; timeDeltas: number[] }

const sumBy = (of: Iterable<[string, number]>): [string, number][] => {
  const sums = new Map<string, number>();
  for (const [name, value] of of) sums.set(name, (sums.get(name) ?? 0) + value);
  return [...sums].sort(([, one], [, other]) => other - one);
};

/** Of the last profile of an event loop in the folder: Node writes the number of the thread into the name, and 0 is the loop's. */
export function topOf(folder: string, rows = 45): string {
  const last = readdirSync(folder).filter((name) => /\.0\.\d+\.cpuprofile$/.test(name)).sort().at(-1);
  if (!last) return 'There is no profile.';
  const profile = JSON.parse(readFileSync(join(folder, last), 'utf8')) as Profile;
  const frames = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const times = profile.samples.map((id, at) => [frames.get(id)!, profile.timeDeltas[at]! / 1_000] as const).filter(([{ functionName }]) => functionName !== '(idle)' && functionName !== '(root)');
  const all = times.reduce((sum, [, ms]) => sum + ms, 0);
  const short = (url: string) => url.replace(/^.*node_modules\//, '').replace(/^file:\/\/.*\/(gateway|platform|test)\//, '$1/');
  const line = ([name, ms]: [string, number]) => `${((100 * ms) / all).toFixed(1).padStart(6)} %  ${name}`;
  const byFunction = sumBy(times.map(([{ functionName, url, lineNumber }, ms]) => [`${functionName || '(anonymous)'}  ${short(url)}:${lineNumber + 1}`, ms]));
  const byFile = sumBy(times.map(([{ url, functionName }, ms]) => [short(url) || functionName, ms]));
  return `${byFunction.slice(0, rows).map(line).join('\n')}\n\n${byFile.slice(0, rows / 2).map(line).join('\n')}`;
}

if (process.argv[1]?.endsWith('profile.ts')) process.stdout.write(`${topOf(process.argv[2]!)}\n`);

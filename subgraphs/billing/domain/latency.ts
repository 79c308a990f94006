/**
 * How long things took, kept as counts by size: what is counted in an hour adds up to what is counted in a day, which a
 * percentile itself never does. Sizes grow by a tenth, so what is read off them is right to some five of a hundred.
 */

/** Size → how many. */
export type Latencies = ReadonlyMap<number, number>;

const GROWTH = Math.log(1.1);
const SIZE_MAX = 200;
const NONE: Latencies = new Map();

export const sizeOf = (ms: number): number => Math.min(SIZE_MAX, Math.max(0, Math.round(Math.log(Math.max(0, ms) + 1) / GROWTH)));
export const msOf = (size: number): number => Math.round(Math.exp(size * GROWTH) - 1);

/** `latencyMs: "12"` of one, or `latencies: "26:3 31:1"` of several, by size. What does not read so counts for nothing. */
export function latenciesOf({ latencyMs, latencies }: Readonly<Record<string, string>>): Latencies {
  if (latencyMs !== undefined && /^\d{1,9}$/.test(latencyMs)) return new Map([[sizeOf(Number(latencyMs)), 1]]);
  if (latencies === undefined || !/^\d{1,3}:\d{1,9}(?: \d{1,3}:\d{1,9})*$/.test(latencies)) return NONE;
  return added(latencies.split(' ').map((pair): [number, number] => pair.split(':').map(Number) as [number, number]));
}

/** As `latencies` of a line says it. */
export const said = (latencies: Latencies): string => [...latencies].sort(([a], [b]) => a - b).map(([size, count]) => `${size}:${count}`).join(' ');

export function added(counts: Iterable<readonly [number, number]>): Latencies {
  const sum = new Map<number, number>();
  for (const [size, count] of counts) if (count > 0) sum.set(Math.min(SIZE_MAX, size), (sum.get(Math.min(SIZE_MAX, size)) ?? 0) + count);
  return sum;
}

/** Null where nothing was timed. */
export function percentile(latencies: Latencies, part: number): number | null {
  const sizes = [...latencies].sort(([a], [b]) => a - b);
  const rank = Math.ceil(part * sizes.reduce((sum, [, count]) => sum + count, 0));
  let passed = 0;
  for (const [size, count] of sizes) {
    passed += count;
    if (passed >= rank) return msOf(size);
  }
  return null;
}

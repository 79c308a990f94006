/** O4: who stops reading costs a bounded piece of memory and nobody else anything; who leaves is gone upstream too. How soon, is printed. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startSmallGraph, type SmallGraph } from '../kit/small-graph.ts';
import { figuresOf, stallUnder, type Stalled } from './stalled.ts';

const HELD_MB_MAX = 20;
/** Whatever else runs on the machine makes events pile up for a moment and only adds to what is seen: once undisturbed is enough to see what it costs. */
const LOOKS_MAX = 3;
/** Some 7 MB a second to each who follows: the healthy read beside other suites. */
const EVERY_MS = 8;

let graph: SmallGraph;
beforeAll(async () => { graph = await startSmallGraph(); });
afterAll(() => graph?.stop());

it('stalled subscribers of a fast topic cost little in all, healthy ones get everything, and who leaves is gone upstream', async () => {
  let heldMb = Infinity;
  for (let look = 0; look < LOOKS_MAX && heldMb >= HELD_MB_MAX; look += 1) heldMb = Math.min(heldMb, (await stalled()).heldMb);
  expect(heldMb).toBeLessThan(HELD_MB_MAX);
}, 300_000);

async function stalled(): Promise<Stalled> {
  const seen = await stallUnder(graph, { stalled: 20, seconds: 10, leavers: 5, everyMs: EVERY_MS });
  process.stdout.write(`O4 ${figuresOf(seen)}\n`);
  expect(seen.failed).toEqual([]);
  expect(seen.letGo).toBeGreaterThan(0);
  expect(seen.leftMs).toHaveLength(5);
  return seen;
}

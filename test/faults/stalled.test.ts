/** O4: who stops reading costs a bounded piece of memory and nobody else anything; who leaves is gone upstream too. How soon, is printed. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startSmallGraph, type SmallGraph } from '../kit/small-graph.ts';
import { figuresOf, stallUnder } from './stalled.ts';

const HELD_MB_MAX = 20;
/** Some 7 MB a second to each who follows: the healthy read beside other suites. */
const EVERY_MS = 8;

let graph: SmallGraph;
beforeAll(async () => { graph = await startSmallGraph(); });
afterAll(() => graph?.stop());

it('stalled subscribers of a fast topic cost little in all, healthy ones get everything, and who leaves is gone upstream', async () => {
  const seen = await stallUnder(graph, { stalled: 20, seconds: 10, leavers: 5, everyMs: EVERY_MS });
  process.stdout.write(`O4 ${figuresOf(seen)}\n`);
  expect(seen.failed).toEqual([]);
  expect(seen.heldMb).toBeLessThan(HELD_MB_MAX);
  expect(seen.letGo).toBeGreaterThan(0);
  expect(seen.leftMs).toHaveLength(5);
}, 300_000);

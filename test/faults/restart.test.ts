/** O3: a rolling restart under load fails nobody. How long an exit takes is printed. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startSmallGraph, type SmallGraph } from '../kit/small-graph.ts';
import { figuresOf, restartUnderLoad } from './restart.ts';

const RESTARTS = 3;

let graph: SmallGraph;
beforeAll(async () => { graph = await startSmallGraph(); });
afterAll(() => graph?.stop());

it('two gateways that are restarted in turn fail no request of clients that keep their connections', async () => {
  const seen = await restartUnderLoad(graph, RESTARTS);
  process.stdout.write(`O3 ${figuresOf(seen)}\n`);
  expect(seen.failed).toEqual([]);
  expect(seen.codes).toEqual(Array.from({ length: RESTARTS }, () => 0));
  expect(Math.min(seen.queries, seen.mutations)).toBeGreaterThan(100);
}, 300_000);

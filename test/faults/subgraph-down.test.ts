/** O1: a subgraph that is gone, stopped or silent takes its own fields with it and nothing else. The figures are printed; what is asserted is right or wrong. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ask, startSmallGraph, type Gateway, type SmallGraph } from '../kit/small-graph.ts';
import { breakerOf, faultsIn, figuresOf, QUERY, takeAway, WAYS, type Seen } from './subgraph-down.ts';

describe('a subgraph that is away', () => {
  let graph: SmallGraph;
  let gateway: Gateway;
  const all: Seen[] = [];
  beforeAll(async () => {
    graph = await startSmallGraph();
    gateway = await graph.gateway();
  });
  afterAll(async () => {
    await graph?.stop();
    if (all.length > 0) process.stdout.write(`O1 ${figuresOf(all)}\n`);
  });

  it.each([...WAYS, ...WAYS.slice(0, 2)])('takes its own fields with it and nothing else, and is used again when it is back: %s', async (way) => {
    expect((await ask(gateway.url, QUERY)).body.errors).toBeUndefined();
    const seen = await takeAway(graph, gateway, way);
    all.push(seen);
    expect(faultsIn(seen)).toEqual([]);
    expect(await breakerOf(gateway, 'reviews')).toBe('0');
    expect(await breakerOf(gateway, 'people')).toBe('0');
  });

  it('is named with its cause in the log, and only there', () => {
    expect(gateway.printed()).toMatch(/ECONNREFUSED/);
    expect(gateway.printed()).toContain('A subgraph answers again.');
  });
});

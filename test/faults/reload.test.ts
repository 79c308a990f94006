/** O5: a supergraph takes over from another under load without one failed answer; a bad one never does. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { eventually } from '../kit/eventually.ts';
import { ask, compose, startSmallGraph, type Gateway, type SmallGraph } from '../kit/small-graph.ts';
import { figuresOf, reloadUnderLoad } from './reload.ts';

const RELOADS = 10;

describe('a supergraph that changes while it is served', () => {
  let graph: SmallGraph;
  let gateway: Gateway;
  beforeAll(async () => {
    graph = await startSmallGraph();
    gateway = await graph.gateway();
  });
  afterAll(() => graph?.stop());

  it('takes over without one failed query or mutation', async () => {
    const seen = await reloadUnderLoad(graph, gateway, RELOADS);
    process.stdout.write(`O5 ${figuresOf(seen)}\n`);
    expect(seen.failed).toEqual([]);
    expect(seen.reloads).toBe(RELOADS);
    expect(seen.queries).toBeGreaterThan(RELOADS);
  }, 300_000);

  it('is refused with file and line when it is bad, and the old one stays', async () => {
    const good = readFileSync(graph.file, 'utf8');
    const line = good.slice(0, good.indexOf('type Review\n')).split('\n').length + 3;
    for (const [bad, place, what] of [
      [good.replace('\n  text: String!', '\n  text: Strin!'), `:${line}: `, 'Strin'],
      [`${good}\ntype {`, `:${good.split('\n').length + 1}: `, 'Syntax Error'],
      ['type Query { people: Int }', ': ', 'supergraph'],
    ] as const) {
      writeFileSync(graph.file, bad);
      const said = await eventually('the refusal', () => gateway.printed().split('\n').find((text) => text.includes('was refused') && text.includes(`supergraph.graphql${place}`) && text.includes(what)));
      expect(said).toContain('the old one stays');
      expect((await ask(gateway.url, '{ people { name } }')).body).toEqual({ data: { people: ['Ada', 'Bob', 'Cyd'].map((name) => ({ name })) } });
    }
  });

  it('is taken at once on SIGHUP, addresses of subgraphs included', async () => {
    await graph.subgraphs.reviews.kill();
    await graph.subgraphs.reviews.start('elsewhere');
    writeFileSync(graph.file, compose({ ...graph.urls, reviews: graph.subgraphs.reviews.url }));
    gateway.process.kill('SIGHUP');
    await eventually('an answer from the new address', async () => (await ask(gateway.url, '{ latest { text } }')).body.data?.latest?.text === 'Fine.');
    expect(gateway.printed()).toContain('SIGHUP');
  });
});

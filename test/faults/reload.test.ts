/** O5: a supergraph takes over from another under load without one failed answer; a bad one never does. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { eventually } from '../kit/eventually.ts';
import { freePort } from '../kit/free-port.ts';
import { ask, compose, startSmallGraph, type Gateway, type SmallGraph } from '../kit/small-graph.ts';
import { figuresOf, reloadUnderLoad } from './reload.ts';
import { reloadableAlone } from './reload-alone.ts';
import { startServicesToReload, type Services } from './reload-services.ts';

/** Each of the two; together they are ten. */
const RELOADS = 5;

describe('a supergraph that changes under the whole policy pipeline', () => {
  let services: Services;
  beforeAll(async () => { services = await startServicesToReload(); });
  afterAll(() => services?.stop());

  it('takes over without one failed query, mutation or stream', async () => {
    const seen = await reloadUnderLoad(services, RELOADS);
    process.stdout.write(`O5, with the services: ${figuresOf(seen)}\n`);
    expect(seen.failed).toEqual([]);
    expect(seen.reloads).toBe(RELOADS);
    expect(seen.resumed).toBeGreaterThanOrEqual(RELOADS);
    expect(seen.events).toBeGreaterThan(seen.streams * RELOADS);
  }, 300_000);

  it('is refused with file and line when it names a service that is not within reach, and the old one stays', async () => {
    const line = services.supergraph.split('\n').findIndex((text) => text.includes('@join__graph(name: "users"')) + 1;
    services.putText(services.supergraph.replace('@join__graph(name: "users"', '@join__graph(name: "strangers"'));
    const said = await eventually('the refusal', () => services.running.printed().split('\n').find((text) => text.includes('was refused')));
    expect(said).toContain(`supergraph.graphql:${line}: It names the subgraph strangers, which nothing here reaches.`);
    expect((await ask(services.url, services.query.query, { authorization: services.token! })).text).toContain(services.query.data);
  });
});

describe('a supergraph that changes while it is served', () => {
  let graph: SmallGraph;
  let gateway: Gateway;
  beforeAll(async () => {
    graph = await startSmallGraph();
    gateway = await graph.gateway();
  });
  afterAll(() => graph?.stop());

  const refusalOf = (what: RegExp) => eventually('the refusal', () => gateway.printed().split('\n').find((text) => text.includes('was refused') && what.test(text)));
  const lineOf = (text: string) => readFileSync(graph.file, 'utf8').split('\n').findIndex((line) => line.includes(text)) + 1;
  const expectServed = async () => expect((await ask(gateway.url, '{ people { name } }')).body).toEqual({ data: { people: ['Ada', 'Bob', 'Cyd'].map((name) => ({ name })) } });

  it('takes over without one failed query, mutation or stream', async () => {
    const seen = await reloadUnderLoad(reloadableAlone(graph, gateway), RELOADS);
    process.stdout.write(`O5, the gateway alone: ${figuresOf(seen)}\n`);
    expect(seen.failed).toEqual([]);
    expect(seen.reloads).toBe(RELOADS);
    expect(seen.queries).toBeGreaterThan(RELOADS);
    // Every stream is told to come again, every time.
    expect(seen.resumed).toBeGreaterThanOrEqual(RELOADS);
    expect(seen.events).toBeGreaterThan(seen.streams * RELOADS);
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
      await expectServed();
    }
  });

  it('is refused with file and line when it names an address that is none', async () => {
    writeFileSync(graph.file, compose({ ...graph.urls, reviews: 'reviews.internal/graphql' }));
    expect(await refusalOf(/The subgraph reviews has no address/)).toContain(`supergraph.graphql:${lineOf('REVIEWS @join__graph')}: `);
    await expectServed();
  });

  it('waits for a subgraph at a new address that nobody answers at, says so once with file and line, and takes over when it is there', async () => {
    const port = await freePort();
    writeFileSync(graph.file, compose({ ...graph.urls, reviews: `http://127.0.0.1:${port}/graphql` }, 'extend type Query { patient: Int }'));
    expect(await refusalOf(/The subgraph reviews does not answer at .* \(ECONNREFUSED\)/)).toContain(`supergraph.graphql:${lineOf('REVIEWS @join__graph')}: `);
    await expectServed();
    const late = await graph.another('reviews', port);
    await eventually('it to be served', async () => (await ask(gateway.url, '{ __type(name: "Query") { fields { name } } }')).text.includes('"patient"'));
    expect((await ask(gateway.url, '{ latest { text } }')).body).toEqual({ data: { latest: { text: 'Fine.' } } });
    expect(gateway.printed().split('\n').filter((text) => text.includes(`:${port}/graphql (`))).toHaveLength(1);
    writeFileSync(graph.file, compose(graph.urls));
    await eventually('the first address to be served again', async () => !(await ask(gateway.url, '{ __type(name: "Query") { fields { name } } }')).text.includes('"patient"'));
    await late.kill();
  });

  it('is not held up by a subgraph that is away where it always was', async () => {
    await graph.subgraphs.reviews.kill();
    writeFileSync(graph.file, compose(graph.urls, 'extend type Query { beside: Int }'));
    await eventually('it to be served', async () => (await ask(gateway.url, '{ __type(name: "Query") { fields { name } } }')).text.includes('"beside"'));
    await expectServed();
    await graph.subgraphs.reviews.start();
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

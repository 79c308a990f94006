import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { ChildProcess } from 'node:child_process';
import { execute, parse, type ExecutionResult } from 'graphql';
import type { Database } from '../../platform/database/database.ts';
import { printSlice, type GraphAnswer } from '../../platform/graph.ts';
import { httpReach, type HttpReach } from '../../platform/reach/http-reach.ts';
import { openLine, type Line } from '../../platform/reach/line.ts';
import type { Reach } from '../../platform/reach/reach.ts';
import { viewerSigner } from '../../platform/viewer-header.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { freePort } from '../../test/kit/free-port.ts';
import { freshDatabase, type TestDatabase } from '../../test/kit/databases.ts';
import { TRANSPORTS, type Followed, type StreamCall } from '../../test/kit/stream-clients.ts';
import { newUser, startStreamEdge, type StreamEdge } from '../../test/kit/stream-edge.ts';
import { slice, toyGraph } from '../../test/kit/toy-graph.ts';
import { kill, silent, spawnToy, toyDatabase } from '../../test/kit/toy-subgraph.ts';
import { openExecutor, type Engine } from '../execute.ts';

const DOUBLES = parse(`extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])
  type Query { doubled: Int }
  type Tick @key(fields: "n") { n: Int! double: Int }`);

/** The other subgraph: completes every tick, and says so. */
const doubles = (): Reach => {
  const schema = buildSubgraphSchema({ typeDefs: DOUBLES, resolvers: { Tick: { __resolveReference: (tick: object) => tick, double: ({ n }: { n: number }) => n * 2 } } as never });
  return {
    answer: async ({ document, variables }) => JSON.parse(JSON.stringify(await execute({ schema, document: parse(document), variableValues: variables ?? {} }) as ExecutionResult)) as GraphAnswer,
    // eslint-disable-next-line require-yield -- it has nothing that can be followed
    async *follow() { throw new Error('Nobody follows this one.'); },
  };
};

let at: TestDatabase;
let database: Database;
let port: number;
let child: ChildProcess;
let line: Line;
let reach: HttpReach;
let engine: Engine;
let edge: StreamEdge;
const open: Followed[] = [];
beforeAll(async () => {
  at = await freshDatabase();
  database = await toyDatabase(at);
  port = await freePort();
  child = await spawnToy(at, port);
  const signer = await viewerSigner(database);
  const url = `http://127.0.0.1:${port}/graphql`;
  line = openLine({ service: 'tenants', url, log: silent, settings: { ASK_TIMEOUT_MS: 2_000, BREAKER_FAILURES: 5, BREAKER_PROBE_MS: 500 } });
  reach = httpReach({ service: 'tenants', url, line, signer: () => signer });
  const { supergraphSdl, errors } = composeServices([
    { name: 'tenants', url: 'http://tenants.invalid', typeDefs: parse(printSlice(slice)) }, { name: 'doubles', url: 'http://doubles.invalid', typeDefs: DOUBLES },
  ]);
  expect(errors).toBeUndefined();
  engine = await openExecutor({ supergraphSdl: supergraphSdl!, reaches: () => new Map([['tenants', reach], ['doubles', doubles()]]) });
  edge = await startStreamEdge(toyGraph(silent), {}, { executor: engine });
}, 60_000);
afterEach(() => { for (const stream of open.splice(0)) stream.leave(); });
afterAll(async () => {
  await edge?.stop();
  await engine?.stop();
  reach?.close();
  await line?.close();
  if (child) await kill(child);
  await database?.close();
  await at?.drop();
});

describe.each(Object.entries(TRANSPORTS))('a federated stream over %s', (name, over) => {
  const follow = (call: StreamCall): Followed => {
    const stream = over(name === 'graphql-transport-ws' ? edge.socketUrl : edge.url, call);
    open.push(stream);
    return stream;
  };
  const numbers = ({ got }: Followed): number[] => got.map(({ data }) => data!.ticks.n as number);
  const restart = async () => {
    await kill(child);
    child = await spawnToy(at, port);
  };

  it("brings every event with the fields of both subgraphs", async () => {
    const stream = follow({ query: 'subscription { ticks(to: 20, everyMs: 1) { number: n double } }' });
    expect(await stream.ended).toBe('complete');
    expect(stream.got).toEqual(Array.from({ length: 20 }, (_, n) => ({ data: { ticks: { number: n, double: n * 2 } } })));
  });

  it('says what its subgraph refused, and what broke it', async () => {
    const refused = follow({ query: 'subscription { mine { n double } }' });
    expect(await refused.ended).toBe('UNAUTHENTICATED');
    const broken = follow({ query: 'subscription { ticks(breakAt: 2, everyMs: 0) { n } }' });
    expect(await broken.ended).toBe('OVERLOADED');
    edge.people.set('Bearer ann', newUser('OWNER'));
    const mine = follow({ query: 'subscription { mine { n secret double } }', token: 'Bearer ann' });
    expect((await mine.atLeast(2))[0]).toEqual({ data: { mine: { n: 0, secret: null, double: 0 } } });
  });

  it('with a cursor goes on from its last event when its subgraph is killed and back', async () => {
    const streams = ['', '($at: String)'].map((declared) => follow({ query: `subscription${declared} { ticks(from: 5${declared && ', after: $at'}) { n at: cursor double } }`, variables: declared ? { at: '4' } : {} }));
    await Promise.all(streams.map((stream) => stream.atLeast(3)));
    await restart();
    await Promise.all(streams.map((stream) => stream.atLeast(stream.got.length + 10)));
    for (const stream of streams) expect(numbers(stream)).toEqual(numbers(stream).map((_, index) => index + 5));
  });

  it('without one ends with a code that says to come again, and can be', async () => {
    const stream = follow({ query: 'subscription { ticks { n } }' });
    await stream.atLeast(3);
    await restart();
    expect(await stream.ended).toBe('SUBGRAPH_UNAVAILABLE');
    await eventually('it to be followed again', async () => (await Promise.race([follow({ query: 'subscription { ticks(to: 2) { n } }' }).ended])) === 'complete');
  });
});

/** What a subscription costs, over real sockets and responses: by the weights of a composed graph, event by event, to the last point of a bucket. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse, type ExecutionResult } from 'graphql';
import { printSlice, type GraphAnswer } from '../../platform/graph.ts';
import { localReach, type Reach } from '../../platform/reach/reach.ts';
import { memoryCache } from '../../platform/cache.ts';
import { readSettings } from '../../platform/config.ts';
import { newId, type TenantId } from '../../platform/ids.ts';
import { userViewer } from '../../platform/viewer.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { TRANSPORTS, type Cost, type Followed, type StreamCall } from '../../test/kit/stream-clients.ts';
import { startStreamEdge, type StreamEdge } from '../../test/kit/stream-edge.ts';
import { following, slice, toyGraph } from '../../test/kit/toy-graph.ts';
import { silent } from '../../test/kit/toy-subgraph.ts';
import { openExecutor, type Engine } from '../execute.ts';
import { openDocuments } from '../policy/documents.ts';
import { liftPolicy } from '../policy/lift.ts';
import { weightsOf } from '../policy/weights.ts';

/** The other subgraph: of every even tick it knows something that is worth three points. */
const EVENS = parse(`extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@cost"])
  type Query { even: Int }
  type Even @cost(weight: 3) { half: Int }
  type Tick @key(fields: "n") { n: Int! even: Even }`);
const evens = (): Reach => {
  const schema = buildSubgraphSchema({ typeDefs: EVENS, resolvers: { Tick: { __resolveReference: (tick: object) => tick, even: ({ n }: { n: number }) => (n % 2 === 0 ? { half: n / 2 } : null) } } as never });
  return {
    answer: async ({ document, variables }) => JSON.parse(JSON.stringify(await execute({ schema, document: parse(document), variableValues: variables ?? {} }) as ExecutionResult)) as GraphAnswer,
    // eslint-disable-next-line require-yield -- it has nothing that can be followed
    async *follow() { throw new Error('Nobody follows this one.'); },
  };
};
const COSTLY = (to: number) => `subscription { ticks(to: ${to}, everyMs: 1) { n even { half } } }`;
/** What the stream has cost after each of its events: an even one four points, an odd one a single one. */
const SUMS = [4, 5, 9, 10, 14, 15, 19, 20];
const LIMITS = { RATE_LIMIT_PER_MINUTE: '20', TENANT_RATE_LIMIT_PER_MINUTE: '30', STREAMS_PER_CALLER: '1' };

let engine: Engine;
let edge: StreamEdge;
beforeAll(async () => {
  const graph = toyGraph(silent);
  const { supergraphSdl, errors } = composeServices([
    { name: 'tenants', url: 'http://tenants.invalid', typeDefs: parse(printSlice(slice)) }, { name: 'evens', url: 'http://evens.invalid', typeDefs: EVENS },
  ]);
  expect(errors).toBeUndefined();
  const lifted = liftPolicy(supergraphSdl!);
  engine = await openExecutor({ supergraphSdl: supergraphSdl!, weights: weightsOf, reaches: () => new Map([['tenants', localReach(() => graph)], ['evens', evens()]]) });
  const policy = { lifted: () => ({ ...lifted, requirements: new Map() }), documents: openDocuments({ settings: readSettings({}), cache: memoryCache() }) };
  edge = await startStreamEdge(graph, LIMITS, { executor: engine, policy });
}, 60_000);
const open: Followed[] = [];
afterEach(async () => {
  for (const stream of open.splice(0)) stream.leave();
  await eventually('all streams to be gone', () => following.now === 0);
});
afterAll(async () => {
  await edge?.stop();
  await engine?.stop();
});

/** Somebody with whole buckets. */
function newCaller(tenantId: TenantId = newId('tnt')): string {
  const token = `Bearer ${newId('ses')}`;
  edge.people.set(token, userViewer({ userId: newId('usr'), sessionId: newId('ses'), tenantId, role: 'MEMBER' }));
  return token;
}
const costsOf = ({ got }: Followed): Cost[] => got.map(({ extensions }) => extensions!.cost!);

describe.each(Object.entries(TRANSPORTS))('a subscription over %s', (name, over) => {
  const follow = (call: StreamCall): Followed => {
    const stream = over(name === 'graphql-transport-ws' ? edge.socketUrl : edge.url, call);
    open.push(stream);
    return stream;
  };
  /** What somebody has left, as a query of theirs is told; itself it costs a point. */
  const leftOf = async (token: string): Promise<number> => {
    const asked = follow({ query: '{ following }', token });
    await asked.ended;
    return costsOf(asked)[0]!.budget!.remaining + 1;
  };

  it('says with every event what all of them have cost, what other subgraphs added included', async () => {
    const token = newCaller();
    const stream = follow({ query: COSTLY(4), token });
    expect(await stream.ended).toBe('complete');
    expect(stream.got.map(({ data }) => data!.ticks)).toEqual([{ n: 0, even: { half: 0 } }, { n: 1, even: null }, { n: 2, even: { half: 1 } }, { n: 3, even: null }]);
    expect(costsOf(stream)).toEqual(SUMS.slice(0, 4).map((actual) => ({
      requested: 4, actual, budget: { limit: 20, remaining: 20 - actual, resetAt: expect.stringMatching(/^\d{4}-.*Z$/) }, tokens: null, money: null,
    })));
    expect(await leftOf(token)).toBe(10);
  });

  it('ends when its caller has nothing left, and says when to come again', async () => {
    const stream = follow({ query: COSTLY(1_000), token: newCaller() });
    expect(await stream.ended).toBe('RATE_LIMITED');
    expect(costsOf(stream).map(({ actual }) => actual)).toEqual(SUMS);
    const [{ error, cost }] = stream.refused as [Followed['refused'][0]];
    expect(error.extensions).toMatchObject({ retryable: true, retryAfterSeconds: expect.any(Number) });
    expect(cost).toMatchObject({ requested: 4, actual: 20, budget: { limit: 20, remaining: 0, resetAt: expect.any(String) } });
    await eventually('the stream to be gone', () => following.now === 0);
  });

  it("ends as well when its tenant's bucket is empty, for whom it was not", async () => {
    const tenant = newId('tnt');
    const [one, other] = [newCaller(tenant), newCaller(tenant)];
    expect(await follow({ query: COSTLY(1_000), token: one }).ended).toBe('RATE_LIMITED');
    const stream = follow({ query: COSTLY(1_000), token: other });
    expect(await stream.ended).toBe('RATE_LIMITED');
    expect(costsOf(stream).map(({ actual }) => actual)).toEqual(SUMS.slice(0, 4));
    expect(costsOf(stream).at(-1)).toMatchObject({ budget: { limit: 30, remaining: 0 } });
  });

  it('without an event costs no more than that it was asked for', async () => {
    const token = newCaller();
    const stream = follow({ query: COSTLY(0), token });
    expect(await stream.ended).toBe('complete');
    expect(await leftOf(token)).toBe(19);
  });

  it.each([
    ['does not fit the schema', 'subscription { nope }', 'GRAPHQL_VALIDATION_FAILED'],
    ['is too deep', `subscription { ${'a { '.repeat(12)} b ${'}'.repeat(12)} }`, 'TOO_DEEP'],
  ])('that %s is refused for nothing, and says what is left', async (_, query, code) => {
    const token = newCaller();
    const stream = follow({ query, token });
    expect(await stream.ended).toBe(code);
    expect(stream.refused[0]!.cost).toEqual({ requested: 0, actual: 0, budget: { limit: 20, remaining: 20, resetAt: expect.any(String) }, tokens: null, money: null });
    expect(await leftOf(token)).toBe(20);
  });

  it('that is one too many is given back what was taken, and says so', async () => {
    const token = newCaller();
    const first = follow({ query: 'subscription { ticks(everyMs: 100000) { n } }', token });
    await first.atLeast(1);
    const second = follow({ query: COSTLY(1), token });
    expect(await second.ended).toBe('TOO_MANY_STREAMS');
    expect(second.refused[0]!.cost).toMatchObject({ requested: 4, actual: 1, budget: { remaining: 18 } });
  });

  it('that is ended early says what it has cost until then', async () => {
    const stream = follow({ query: 'subscription { ticks(breakAt: 3, everyMs: 0) { n } }', token: newCaller() });
    expect(await stream.ended).toBe('OVERLOADED');
    expect(stream.refused[0]!.cost).toMatchObject({ requested: 1, actual: 3, budget: { remaining: 17 } });
  });
});

it('a stream that cannot be paid is refused over HTTP with its status, and with what every answer says', async () => {
  const token = newCaller();
  expect(await TRANSPORTS.multipart(edge.url, { query: COSTLY(1_000), token }).ended).toBe('RATE_LIMITED');
  for (const accept of ['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0']) {
    const response = await fetch(edge.url, { method: 'POST', headers: { accept, 'content-type': 'application/json', authorization: token }, body: JSON.stringify({ query: COSTLY(1) }) });
    expect(response.status).toBe(429);
    expect([response.headers.get('retry-after'), response.headers.get('ratelimit-remaining')]).toEqual([expect.stringMatching(/^\d+$/), '0']);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED', retryable: true } }], extensions: { cost: { requested: 0, actual: 0, budget: { limit: 20, remaining: 0 } } } });
  }
});

it('who is nobody is told that they have no budget', async () => {
  const response = await fetch(edge.url, { method: 'POST', headers: { accept: 'text/event-stream', 'content-type': 'application/json', authorization: 'Bearer nobody' }, body: JSON.stringify({ query: COSTLY(1) }) });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }], extensions: { cost: { requested: 0, actual: 0, budget: null } } });
});

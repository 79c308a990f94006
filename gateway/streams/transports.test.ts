import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AtlasError } from '../../platform/errors.ts';
import type { Graph } from '../../platform/graph.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { TRANSPORTS, type Followed, type StreamCall } from '../../test/kit/stream-clients.ts';
import { newUser, startStreamEdge, type StreamEdge } from '../../test/kit/stream-edge.ts';
import { following, toyGraph } from '../../test/kit/toy-graph.ts';
import { silent } from '../../test/kit/toy-subgraph.ts';

let graph: Graph;
let edge: StreamEdge;
beforeAll(async () => {
  graph = toyGraph(silent);
  edge = await startStreamEdge(graph, { STREAMS_PER_CALLER: '3' });
});
const open: Followed[] = [];
afterEach(async () => {
  for (const stream of open.splice(0)) stream.leave();
  await eventually('all streams to be gone', () => following.now === 0);
});
afterAll(() => edge?.stop());

describe.each(Object.entries(TRANSPORTS))('a stream over %s', (name, over) => {
  const follow = (call: StreamCall, at = edge): Followed => {
    const stream = over(name === 'graphql-transport-ws' ? at.socketUrl : at.url, call);
    open.push(stream);
    return stream;
  };

  it('brings every event, in order, to the end', async () => {
    const stream = follow({ query: 'subscription($to: Int!) { ticks(to: $to, everyMs: 1) { n } }', variables: { to: 50 } });
    expect(await stream.ended).toBe('complete');
    expect(stream.got).toEqual(Array.from({ length: 50 }, (_, n) => ({ data: { ticks: { n } } })));
  });

  it('brings an error of a field beside its data', async () => {
    const stream = follow({ query: 'subscription { ticks(to: 1) { n secret } }' });
    expect(await stream.ended).toBe('complete');
    expect(stream.got).toMatchObject([{ data: { ticks: { n: 0, secret: null } }, errors: [{ path: ['ticks', 'secret'], extensions: { code: 'UNAUTHENTICATED' } }] }]);
  });

  it.each([
    ['a stranger', 'subscription { mine { n } }', 'UNAUTHENTICATED'],
    ['what is no GraphQL', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['a field that is not there', 'subscription { nope }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a document that is too deep', `subscription { ${'a { '.repeat(12)} b ${'}'.repeat(12)} }`, 'TOO_DEEP'],
  ])('refuses %s with a code', async (_, query, code) => {
    expect(await follow({ query }).ended).toBe(code);
  });

  it('says what broke it, after what came before', async () => {
    const stream = follow({ query: 'subscription { ticks(breakAt: 3, everyMs: 0) { n } }' });
    expect(await stream.ended).toBe('OVERLOADED');
    expect(stream.got).toHaveLength(3);
  });

  it('is gone upstream when the client leaves', async () => {
    const stream = follow({ query: 'subscription { ticks(everyMs: 100000) { n } }' });
    await stream.atLeast(1);
    expect(following.now).toBe(1);
    stream.leave();
    await eventually('the stream to be gone', () => following.now === 0);
  });

  it('ends with a code when its credential is refused, and not before', async () => {
    const viewer = newUser();
    edge.people.set(`Bearer ${name}`, viewer).set('Bearer other', newUser());
    const [stream, other] = [`Bearer ${name}`, 'Bearer other'].map((token) => follow({ query: 'subscription { mine { n } }', token }));
    await Promise.all([stream!.atLeast(2), other!.atLeast(2)]);
    edge.people.set(`Bearer ${name}`, new AtlasError('SESSION_ENDED'));
    expect(await stream!.ended).toBe('SESSION_ENDED');
    await other!.atLeast(other!.got.length + 5);
  });

  it('ends when the rights of its caller change, and says to come again with them', async () => {
    const token = `Bearer lowered ${name}`;
    const viewer = newUser('OWNER');
    edge.people.set(token, viewer);
    const stream = follow({ query: 'subscription { ticks { secret } }', token });
    expect((await stream.atLeast(1))[0]).not.toHaveProperty('errors');
    edge.people.set(token, newUser('MEMBER'));
    expect(await stream.ended).toBe('RIGHTS_CHANGED');
  });

  it('is one of as many as its caller may follow', async () => {
    const token = `Bearer busy ${name}`;
    edge.people.set(token, newUser());
    const held = Array.from({ length: 3 }, () => follow({ query: 'subscription { mine { n } }', token }));
    await Promise.all(held.map((one) => one.atLeast(1)));
    expect(await follow({ query: 'subscription { mine { n } }', token }).ended).toBe('TOO_MANY_STREAMS');
    held[0]!.leave();
    await eventually('the slot to be free', () => following.now === 2);
    const next = follow({ query: 'subscription { mine { n } }', token });
    await next.atLeast(1);
  });

  it('says to come again when the process stops, and when another graph takes over', async () => {
    const again = { 'graphql-transport-ws': ['1012 SUPERGRAPH_CHANGED', '1012 SHUTTING_DOWN'] }[name] ?? ['SUPERGRAPH_CHANGED', 'SHUTTING_DOWN'];
    const stopping = await startStreamEdge(graph);
    const first = follow({ query: 'subscription { ticks { n } }' }, stopping);
    await first.atLeast(2);
    await stopping.doors.renew();
    expect(await first.ended).toBe(again[0]);
    const second = follow({ query: 'subscription { ticks { n } }' }, stopping);
    await second.atLeast(2);
    await stopping.stop();
    expect(await second.ended).toBe(again[1]);
  });

  it('answers a query and a mutation as well', async () => {
    const asked = follow({ query: '{ following }' });
    await asked.ended;
    const poked = follow({ query: 'mutation { poke { pokes userErrors { code } } }' });
    await poked.ended;
    expect(asked.got).toEqual([{ data: { following: 0 } }]);
    expect(poked.got).toMatchObject([{ data: { poke: { userErrors: [] } } }]);
  });
});

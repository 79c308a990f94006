import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { eventually } from '../test/kit/eventually.ts';
import { freePort } from '../test/kit/free-port.ts';
import { freshDatabase, type TestDatabase } from '../test/kit/databases.ts';
import { following, toyGraph } from '../test/kit/toy-graph.ts';
import { kill, serveToy, silent, spawnToy, toyDatabase } from '../test/kit/toy-subgraph.ts';
import type { Database } from './database/database.ts';
import type { Graph, GraphAnswer, GraphRequest } from './graph.ts';
import { newId } from './ids.ts';
import { httpReach, type HttpReach } from './reach/http-reach.ts';
import { openLine, type Line } from './reach/line.ts';
import { localReach, type Reach } from './reach/reach.ts';
import type { Listener } from './serve.ts';
import { viewerSigner, type ViewerSigner } from './viewer-header.ts';
import { anonymous, userViewer, type Viewer } from './viewer.ts';

let at: TestDatabase;
let database: Database;
let graph: Graph;
let signer: ViewerSigner;
let listener: Listener;
const opened: HttpReach[] = [];
const lines: Line[] = [];
const children: ChildProcess[] = [];

const reachTo = (url: string): HttpReach => {
  const line = openLine({ service: 'tenants', url, log: silent, settings: { ASK_TIMEOUT_MS: 2_000, BREAKER_FAILURES: 5, BREAKER_PROBE_MS: 500 } });
  const reach = httpReach({ service: 'tenants', url, line, signer: () => signer });
  opened.push(reach);
  lines.push(line);
  return reach;
};
const reaches: Record<string, () => Reach> = { 'in this process': () => localReach(() => graph), 'through a socket': () => reachTo(`${listener.url}/graphql`) };

beforeAll(async () => {
  at = await freshDatabase();
  database = await toyDatabase(at);
  signer = await viewerSigner(database);
  graph = toyGraph(silent);
  listener = await serveToy(graph, database);
});
afterEach(async () => {
  for (const reach of opened.splice(0)) reach.close();
  await Promise.all([...lines.splice(0).map((line) => line.close()), ...children.splice(0).map(kill)]);
  await eventually('all streams to be gone', () => following.now === 0);
});
afterAll(async () => {
  await listener?.drain();
  await database?.close();
  await at?.drop();
});

const member = (role: 'MEMBER' | 'OWNER'): Viewer => userViewer({ userId: newId('usr'), sessionId: newId('ses'), tenantId: newId('tnt'), role });
const ask = (document: string, viewer: Viewer = anonymous, more: Partial<GraphRequest> = {}): GraphRequest => ({ document, viewer, kind: 'subscription', ...more });

/** The first answers of a stream, which is then left. */
async function first(reach: Reach, count: number, request: GraphRequest): Promise<GraphAnswer[]> {
  const left = new AbortController();
  const got: GraphAnswer[] = [];
  for await (const answer of reach.follow(request, left.signal)) if (got.push(answer) >= count) break;
  left.abort();
  return got;
}
const codes = (answers: readonly GraphAnswer[]) => answers.map(({ errors }) => errors?.[0]?.extensions.code);

describe.each(Object.keys(reaches))('a subgraph that is followed %s', (how) => {
  it('gives an answer an event, in order, to the end', async () => {
    expect(await first(reaches[how]!(), 99, ask('subscription($to: Int!) { ticks(to: $to, everyMs: 0) { n } }', anonymous, { variables: { to: 3 } })))
      .toEqual([0, 1, 2].map((n) => ({ data: { ticks: { n } } })));
  });

  it('refuses a stranger before anything is followed', async () => {
    const { ever } = following;
    const answers = await first(reaches[how]!(), 99, ask('subscription { mine { n } }'));
    expect(codes(answers)).toEqual(['UNAUTHENTICATED']);
    expect(answers[0]).not.toHaveProperty('data');
    expect(following.ever).toBe(ever);
  });

  it("holds every event's fields to the viewer's rights", async () => {
    const secrets = (viewer: Viewer) => first(reaches[how]!(), 2, ask('subscription { ticks(everyMs: 0) { n secret } }', viewer));
    expect(codes(await secrets(member('MEMBER')))).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    expect(codes(await secrets(member('OWNER')))).toEqual([undefined, undefined]);
  });

  it.each([
    ['a document that does not fit', 'subscription { nope }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['a variable that does not fit', 'subscription($to: Int!) { ticks(to: $to) { n } }', { to: 'x' }, 'BAD_USER_INPUT'],
  ])('says what is wrong with %s', async (_, document, variables, code) => {
    expect(codes(await first(reaches[how]!(), 99, ask(document, anonymous, { variables })))).toEqual([code]);
  });

  it('ends with a code when its source breaks, after what came before', async () => {
    const answers = await first(reaches[how]!(), 99, ask('subscription { ticks(breakAt: 2, everyMs: 0) { n } }'));
    expect(codes(answers)).toEqual([undefined, undefined, 'OVERLOADED']);
  });

  it('is gone when the follower goes, even while it waits for its next event', async () => {
    const left = new AbortController();
    const answers = reaches[how]!().follow(ask('subscription { ticks(everyMs: 100000) { n } }'), left.signal)[Symbol.asyncIterator]();
    await answers.next();
    expect(following.now).toBe(1);
    const waiting = answers.next();
    left.abort();
    expect((await waiting).done).toBe(true);
    await eventually('the stream to be gone upstream', () => following.now === 0);
  });
});

describe('a socket of a subgraph', () => {
  const rawly = (params: Record<string, unknown>) => createClient({ url: `${listener.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: params, retryAttempts: 0 });
  const outcome = (params: Record<string, unknown>, query: string) => new Promise<unknown>((resolve) => { rawly(params).subscribe({ query }, { next: resolve, error: resolve, complete: () => resolve('complete') }); });

  it.each([['nothing', ''], ['a header that nobody signed', 'a.b.c']])('is refused with %s', async (_, header) => {
    expect(await outcome({ 'atlas-viewer': header }, 'subscription { ticks { n } }')).toMatchObject({ code: 4403 });
  });

  it('is for subscriptions', async () => {
    const header = await signer.sign(anonymous, 'tenants');
    expect(await outcome({ 'atlas-viewer': header }, '{ following }')).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
    expect(await outcome({ 'atlas-viewer': header }, '{')).toMatchObject([{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }]);
  });

  it('is shared by all streams of a viewer, and by no other', async () => {
    let sockets = 0;
    const counted = await serveToy(graph, database, 0, () => { sockets += 1; });
    const reach = reachTo(`${counted.url}/graphql`);
    const mine = member('MEMBER');
    await Promise.all(Array.from({ length: 5 }, () => first(reach, 3, ask('subscription { ticks { n } }', mine))));
    expect(sockets).toBe(1);
    await first(reach, 1, ask('subscription { ticks { n } }', member('MEMBER')));
    expect(sockets).toBe(2);
    await counted.drain();
  });

  it('takes no connection elsewhere', async () => {
    const socket = new WebSocket(`${listener.url.replace('http', 'ws')}/elsewhere`, 'graphql-transport-ws');
    await expect(new Promise((_, reject) => { socket.once('error', reject); })).rejects.toThrow('404');
  });
});

describe('a subgraph that stops', () => {
  it('ends what is followed with a code that says to come again', async () => {
    const stopping = await serveToy(graph, database);
    const answers = reachTo(`${stopping.url}/graphql`).follow(ask('subscription { ticks { n } }'), new AbortController().signal)[Symbol.asyncIterator]();
    await answers.next();
    const ended = (async () => { while (!(await answers.next()).done); })();
    await Promise.all([expect(ended).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE', retryable: true }), stopping.drain()]);
  });

  it('was never there: the same, at once', async () => {
    await expect(first(reachTo(`http://127.0.0.1:${await freePort()}/graphql`), 1, ask('subscription { ticks { n } }'))).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' });
  });

  it('is asked again from the last event, without a gap, when the asker says how', async () => {
    const port = await freePort();
    let child = await spawnToy(at, port);
    children.push(child);
    const text = (from: number) => `subscription { ticks(from: ${from}) { n } }`;
    const nOf = ({ data }: GraphAnswer) => (data!.ticks as { n: number }).n;
    const resume = (last: GraphAnswer): GraphRequest => ask(text(nOf(last) + 1), anonymous, { resume });
    const request = ask(text(0), anonymous, { resume });
    const seen: number[] = [];
    const left = new AbortController();
    const read = (async () => { for await (const answer of reachTo(`http://127.0.0.1:${port}/graphql`).follow(request, left.signal)) seen.push(nOf(answer)); })();
    await eventually('some events', () => seen.length > 3);
    await kill(child);
    const before = seen.length;
    child = await spawnToy(at, port);
    children.push(child);
    await eventually('more events', () => seen.length > before + 5);
    left.abort();
    await read;
    expect(seen).toEqual(seen.map((_, index) => index));
  });
});

/** Whoever leaves before an answer, over whichever transport: nothing is done for them any more, and what they asked is paid for. */
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { graphExecutor } from '../test/kit/graph-executor.ts';
import { eventually } from '../test/kit/eventually.ts';
import { toyGraph } from '../test/kit/toy-graph.ts';
import { silent } from '../test/kit/toy-subgraph.ts';
import { readSettings } from '../platform/config.ts';
import { localReach } from '../platform/reach/reach.ts';
import { serve, type Listener } from '../platform/serve.ts';
import { anonymous } from '../platform/viewer.ts';
import { admission } from './edge/admit.ts';
import { openApollo, type Apollo } from './edge/apollo.ts';
import type { Executor } from './executor.ts';
import { graphqlRoute } from './http.ts';
import { textOf } from './policy/documents.ts';
import { rateLimiter, type Rate } from './policy/rate.ts';
import { streamDoors, type StreamDoors } from './streams/index.ts';

const WEIGHT = 50;
const QUERY = '{ slowly(ms: 1) }';
const running = { now: 0, ever: 0 };
let listener: Listener;
let doors: StreamDoors;
let apollo: Apollo;
let rate: Rate;
let url: string;

/** A subgraph that answers nobody, and knows when it is no longer asked. */
function unending(): Executor {
  const graph = toyGraph(silent);
  return {
    ...graphExecutor(graph, localReach(() => graph)),
    async answer(_, { signal }) {
      running.now += 1;
      running.ever += 1;
      await new Promise<void>((resolve) => { signal?.addEventListener('abort', () => resolve(), { once: true }); });
      running.now -= 1;
      return { data: null, actualCost: 0 };
    },
  };
}

beforeAll(async () => {
  const settings = readSettings({ DRAIN_MS: '500', RATE_LIMIT_PER_MINUTE: '1000' });
  const executor = unending();
  rate = await rateLimiter(settings);
  apollo = await openApollo({ executor, production: true, log: silent });
  const none = new Map<string, never>();
  const policy = {
    lifted: () => ({ sdl: '', requirements: none, costs: { types: none, inputs: none, lists: none, fields: new Map([['Query.slowly', WEIGHT]]) } }),
    documents: { meant: async (named: Parameters<typeof textOf>[0]) => textOf(named), trusted: () => [] },
  };
  const admit = admission({ settings, executor, rate, spent: new WeakMap(), policy });
  const edge = { settings, authenticate: async () => anonymous, admit, rate, charges: true, log: silent };
  doors = streamDoors({ ...edge, executor });
  const graphql = graphqlRoute({ ...edge, executor, apollo, streams: doors, graphiql: false });
  listener = await serve({
    name: 'gateway', host: '127.0.0.1', port: 0, drainMs: 500, noticeMs: 100, log: silent, readiness: async () => ({ ready: true, detail: {} }), upgrades: { '/graphql': doors.upgrade },
    routes: { '/graphql': (request, response, at) => (doors.wants(request) ? doors.route : graphql)(request, response, at) },
  });
  url = `http://127.0.0.1:${listener.port}/graphql`;
});
beforeEach(() => { running.ever = 0; });
afterAll(async () => {
  await listener?.drain();
  await doors?.stop();
  await apollo?.stop();
  rate?.close();
});

const left = async () => (await rate.look(anonymous, '127.0.0.1')).remaining;

async function overHttp(accept: string): Promise<() => void> {
  const client = new AbortController();
  fetch(url, { method: 'POST', signal: client.signal, headers: { 'content-type': 'application/json', accept }, body: JSON.stringify({ query: QUERY }) })
    .then((response) => response.text()).catch(() => undefined);
  return () => client.abort();
}

async function overSocket(leave: (socket: WebSocket) => void): Promise<() => void> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: QUERY } }));
  return () => leave(socket);
}

it.each<[string, () => Promise<() => void>]>([
  ['over HTTP', () => overHttp('application/json')],
  ['over an event stream', () => overHttp('text/event-stream')],
  ['over HTTP where an event stream would do as well', () => overHttp('application/json, text/event-stream')],
  ['over multipart', () => overHttp('multipart/mixed;subscriptionSpec=1.0')],
  ['over a socket that it closes', () => overSocket((socket) => socket.close())],
  ['over a socket that is cut', () => overSocket((socket) => socket.terminate())],
  ['over a socket, for one operation', () => overSocket((socket) => socket.send('{"id":"1","type":"complete"}'))],
])('a client that leaves %s ends what runs for it, and pays for what it asked', async (_, begin) => {
  const before = await left();
  const leave = await begin();
  await eventually('it to run', () => running.ever === 1);
  leave();
  await eventually('it to be ended', () => running.now === 0);
  expect(await left()).toBe(before - WEIGHT);
});

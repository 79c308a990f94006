import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { AtlasError } from '../../platform/errors.ts';
import type { Graph } from '../../platform/graph.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { overSocket, socketClient } from '../../test/kit/stream-clients.ts';
import { newUser, startStreamEdge, type StreamEdge } from '../../test/kit/stream-edge.ts';
import { following, slowly, toyGraph } from '../../test/kit/toy-graph.ts';
import { silent } from '../../test/kit/toy-subgraph.ts';
import { CLOSES } from './codes.ts';

let graph: Graph;
let edge: StreamEdge;
beforeAll(async () => {
  graph = toyGraph(silent);
  edge = await startStreamEdge(graph, { STREAM_INIT_MS: '400', STREAM_OPERATIONS_PER_SOCKET: '3', STREAM_PING_MS: '200' });
});
afterEach(() => eventually('all streams to be gone', () => following.now === 0));
afterAll(() => edge?.stop());

interface Raw { socket: WebSocket; heard: any[]; closed: Promise<[code: number, reason: string]>; say(message: unknown): void }
async function open(protocol = 'graphql-transport-ws', url = edge.socketUrl): Promise<Raw> {
  const socket = new WebSocket(url, protocol);
  const heard: any[] = [];
  socket.on('message', (data: Buffer) => heard.push(JSON.parse(String(data))));
  const closed = once(socket, 'close').then(([code, reason]): [number, string] => [code as number, String(reason)]);
  await once(socket, 'open');
  return { socket, heard, closed, say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)) };
}
/** The status of a handshake that a page of this origin begins. */
const fromPage = (origin: string, url = edge.socketUrl) => new Promise<number>((resolve, reject) => {
  const socket = new WebSocket(url, 'graphql-transport-ws', { origin });
  socket.once('open', () => { socket.terminate(); resolve(101); });
  socket.once('unexpected-response', (_, response) => resolve(response.statusCode!));
  socket.once('error', reject);
});
async function begun(payload: object = {}): Promise<Raw> {
  const raw = await open();
  raw.say({ type: 'connection_init', payload });
  await eventually('connection_ack', () => raw.heard.some(({ type }) => type === 'connection_ack'));
  return raw;
}
const TICKS = { type: 'subscribe', payload: { query: 'subscription { ticks { n } }' } };
const typesOf = ({ heard }: Raw, id: string) => heard.filter((message) => message.id === id).map(({ type }) => type as string);

describe('a socket is opened', () => {
  it('for pages that may call, and for no page of another site', async () => {
    expect(await fromPage(edge.url.replace('/graphql', ''))).toBe(101);
    expect(await fromPage('https://evil.example')).toBe(403);
    expect(await fromPage('null')).toBe(403);
    const other = await startStreamEdge(graph, { CORS_ORIGINS: 'https://app.example.com' });
    expect(await fromPage('https://app.example.com', other.socketUrl)).toBe(101);
    expect(await fromPage('https://app.example.com.evil.example', other.socketUrl)).toBe(403);
    await other.stop();
  });

  it('by one address as often as it may, and again when one is closed', async () => {
    const other = await startStreamEdge(graph, { SOCKETS_PER_ADDRESS: '2' });
    const two = [await open(undefined, other.socketUrl), await open(undefined, other.socketUrl)];
    expect((await (await open(undefined, other.socketUrl)).closed)[0]).toBe(1013);
    two[0]!.socket.terminate();
    await two[0]!.closed;
    await eventually('the place to be free', async () => {
      const third = await open(undefined, other.socketUrl);
      third.say({ type: 'connection_init' });
      const [said] = await Promise.race([third.closed, new Promise<['open']>((resolve) => { third.socket.once('message', () => resolve(['open'])); })]);
      return said === 'open';
    });
    await other.stop();
  });
});

describe('a socket is closed', () => {
  it.each([
    ['what is no JSON', '{', CLOSES.BAD_MESSAGE.code],
    ['what is no message of the protocol', { type: 'start' }, CLOSES.BAD_MESSAGE.code],
    ['a second greeting', { type: 'connection_init' }, CLOSES.INIT_TWICE.code],
    ['a message that is too large', { ...TICKS, id: 'x'.repeat(1_100_000) }, CLOSES.MESSAGE_TOO_LARGE.code],
  ])('for %s', async (_, message, code) => {
    const raw = await begun();
    raw.say(message);
    expect((await raw.closed)[0]).toBe(code);
  });

  it('for an operation before the greeting, for none at all, and for an id that is taken', async () => {
    const early = await open();
    early.say({ ...TICKS, id: '1' });
    expect((await early.closed)[0]).toBe(CLOSES.NOT_ACKNOWLEDGED.code);
    expect((await (await open()).closed)[0]).toBe(CLOSES.INIT_TIMEOUT.code);
    const twice = await begun();
    twice.say({ ...TICKS, id: '1' });
    twice.say({ ...TICKS, id: '1' });
    expect((await twice.closed)[0]).toBe(CLOSES.ID_TAKEN.code);
  });

  it('for a credential that is refused, at the greeting or later, by its code', async () => {
    const wrong = await open();
    wrong.say({ type: 'connection_init', payload: { Authorization: 'Bearer nobody' } });
    expect(await wrong.closed).toEqual([CLOSES.REFUSED.code, 'UNAUTHENTICATED']);
    edge.people.set('Bearer idle', newUser());
    const idle = await begun({ authorization: 'Bearer idle' });
    edge.people.set('Bearer idle', new AtlasError('SESSION_ENDED'));
    expect(await idle.closed).toEqual([CLOSES.REFUSED.code, 'SESSION_ENDED']);
  });

  it('when it answers no ping', async () => {
    const raw = await begun();
    raw.socket.pong = () => undefined;
    raw.socket.ping = () => undefined;
    const { _receiver: receiver } = raw.socket as unknown as { _receiver: { removeAllListeners(name: string): void } };
    receiver.removeAllListeners('ping');
    expect((await raw.closed)[0]).toBe(1006);
  });
});

describe('a socket', () => {
  it('knows its caller from the greeting, however the name is written, for every operation', async () => {
    edge.people.set('Bearer ann', newUser());
    for (const name of ['Authorization', 'authorization', 'AUTHORIZATION']) {
      const raw = await begun({ [name]: 'Bearer ann' });
      raw.say({ id: 'a', type: 'subscribe', payload: { query: 'subscription { mine { n } }' } });
      await eventually('an event', () => typesOf(raw, 'a').includes('next'));
      raw.socket.close();
    }
  });

  it('runs several operations, each for itself', async () => {
    const raw = await begun();
    raw.say({ ...TICKS, id: 'a' });
    raw.say({ id: 'b', type: 'subscribe', payload: { query: '{ nope }' } });
    raw.say({ id: 'c', type: 'subscribe', payload: { query: '{ following }' } });
    await eventually('all three', () => typesOf(raw, 'a').length > 3 && typesOf(raw, 'b').length > 0 && typesOf(raw, 'c').length > 1);
    expect([typesOf(raw, 'b'), typesOf(raw, 'c')]).toEqual([['error'], ['next', 'complete']]);
    raw.say({ id: 'a', type: 'complete' });
    await eventually('the stream to be gone', () => following.now === 0);
    expect(typesOf(raw, 'a')).not.toContain('complete');
    raw.socket.close();
  });

  it('refuses what is no operation, and more of them than it may run', async () => {
    const raw = await begun();
    for (const id of ['1', '2', '3', '4']) raw.say({ ...TICKS, id });
    await eventually('the fourth to be refused', () => typesOf(raw, '4').includes('error'));
    expect(raw.heard.find((message) => message.id === '4' && message.type === 'error').payload[0].extensions.code).toBe('TOO_MANY_STREAMS');
    raw.say({ id: '1', type: 'complete' });
    raw.say({ id: '5', type: 'subscribe', payload: { query: '{ following }', variables: { text: 'a\u0000b' } } });
    await eventually('an answer', () => typesOf(raw, '5').includes('error'));
    expect(raw.heard.find(({ id }) => id === '5').payload[0]).toMatchObject({ message: expect.any(String), extensions: { code: 'TEXT_NOT_ALLOWED', status: 400, requestId: expect.stringMatching(/^req_/) } });
    raw.socket.close();
  });

  it('answers pings of its client', async () => {
    const raw = await begun();
    raw.say({ type: 'ping', payload: { a: 1 } });
    await eventually('a pong', () => raw.heard.some(({ type, payload }) => type === 'pong' && payload.a === 1));
    raw.socket.close();
  });

  it('is not opened for another protocol', async () => {
    const socket = new WebSocket(edge.socketUrl, 'graphql-ws');
    await expect(once(socket, 'open')).rejects.toThrow('no subprotocol');
  });

  it('that is left answers what was asked, and its client follows on where it goes next', async () => {
    const leaving = await startStreamEdge(graph);
    const client = socketClient(leaving.socketUrl, undefined, { retryAttempts: 3, retryWait: async () => undefined });
    let sockets = 0;
    client.on('connected', () => { sockets += 1; });
    const stream = overSocket(leaving.socketUrl, { query: 'subscription { ticks { n } }' }, client);
    await stream.atLeast(2);
    const slow = overSocket(leaving.socketUrl, { query: '{ slowly(ms: 300) }' }, client);
    await eventually('the question to be on its way', () => slowly.now === 1);
    await leaving.doors.renew();
    await slow.atLeast(1);
    expect(slow.got).toEqual([{ data: { slowly: 'done' } }]);
    await eventually('the stream to go on', () => sockets === 2 && stream.got.filter(({ data }) => data!.ticks.n === 1).length === 2);
    stream.leave();
    await client.dispose();
    await leaving.stop();
  });
});

describe('a subscriber that stops reading', () => {
  it('costs no more than its queue, is closed with a code, and takes nothing from the others', async () => {
    const narrow = await startStreamEdge(graph, { STREAM_QUEUE_BYTES: '1000000' });
    const flood = 'subscription { ticks(everyMs: 5, bytes: 50000) { n text } }';
    const stalled = await open('graphql-transport-ws', narrow.socketUrl);
    stalled.say({ type: 'connection_init' });
    await eventually('connection_ack', () => stalled.heard.length === 1);
    stalled.socket.pause();
    stalled.say({ id: 's', type: 'subscribe', payload: { query: flood } });
    const healthy = overSocket(narrow.socketUrl, { query: flood });
    await healthy.atLeast(1);
    await eventually('the stalled one to be gone upstream', () => following.now === 1, 60_000);
    const before = healthy.got.length;
    await healthy.atLeast(before + 50);
    expect(healthy.got.map(({ data }) => data!.ticks.n as number)).toEqual(healthy.got.map((_, n) => n));
    healthy.leave();
    await eventually('its socket to be let go', () => narrow.logged.some((line) => line.includes('is let go')));
    stalled.socket.resume();
    expect(await stalled.closed).toEqual([CLOSES.SLOW_CONSUMER.code, 'SLOW_CONSUMER']);
    await narrow.stop();
  });

  it.each([
    ['its own queue', { STREAM_QUEUE_BYTES: '200000' }],
    ['all queues together', { STREAM_QUEUES_BYTES: '200000', STREAM_QUEUE_BYTES: '100000000', STREAM_QUEUE_EVENTS: '1000000' }],
  ])('of an event stream is ended the same way, by the limit of %s', async (_, limits: Record<string, string>) => {
    const narrow = await startStreamEdge(graph, limits);
    const query = encodeURIComponent('subscription { ticks(everyMs: 1, bytes: 20000) { n text } }');
    const response = await fetch(`${narrow.url}?query=${query}`, { headers: { accept: 'text/event-stream' } });
    await eventually('the stream to begin', () => following.now === 1);
    await eventually('the stream to be gone upstream', () => following.now === 0, 60_000);
    const text = await response.text();
    expect(text).toMatch(/event: next\ndata: \{"errors":\[\{.*"code":"SLOW_CONSUMER".*\}\]\}\n\nevent: complete\ndata: \n\n$/);
    await narrow.stop();
  });
});

describe('a silent stream', () => {
  it.each([['text/event-stream', ':\n\n:\n\n'], ['multipart/mixed;subscriptionSpec=1.0', '{}\r\n--graphql\r\ncontent-type: application/json\r\n\r\n{}']])('gives signs of life as %s', async (accept, sign) => {
    const leaving = new AbortController();
    const response = await fetch(edge.url, { method: 'POST', signal: leaving.signal, headers: { accept, 'content-type': 'application/json' }, body: JSON.stringify({ query: 'subscription { ticks(everyMs: 100000, from: 1) { n } }' }) });
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream() as never) as unknown as AsyncIterable<string>) {
      text += chunk;
      if (text.includes(sign)) break;
    }
    leaving.abort();
    expect(text).toContain(sign);
  });
});

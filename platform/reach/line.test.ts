import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../test/kit/eventually.ts';
import { type AtlasError } from '../errors.ts';
import type { GraphRequest } from '../graph.ts';
import { openLog } from '../log.ts';
import { withRequest } from '../request.ts';
import { metrics } from '../telemetry/metrics.ts';
import { openLine, type Line, type LineSettings, type NeighbourAway } from './line.ts';
import { plainReach } from './plain-reach.ts';

type Answering = (request: IncomingMessage, response: ServerResponse, body: string) => void;
const json = (body: unknown): Answering => (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const fine = json({ data: { ok: true } });
const PROBE = '{ __typename }';

interface Subgraph { line: Line; url: string; logged: string[]; asked: { query: string; headers: IncomingMessage['headers'] }[]; sockets: number; aborted: number; answering: Answering }
const closers: (() => Promise<void>)[] = [];
afterEach(async () => { for (const close of closers.splice(0)) await close(); });

/** A subgraph on loopback that answers as the test says, and the line to it. */
async function subgraph(answering: Answering, given: Partial<LineSettings> & { service?: string } = {}): Promise<Subgraph> {
  const { service = 'reviews', ...settings } = given;
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => { body += String(part); });
    request.once('end', () => {
      const { query } = JSON.parse(body) as { query: string };
      made.asked.push({ query, headers: request.headers });
      response.once('close', () => { if (!response.writableEnded) made.aborted += 1; });
      made.answering(request, response, body);
    });
  });
  server.on('connection', () => { made.sockets += 1; });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const logged: string[] = [];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql?of=test`;
  const line = openLine({
    service, url, log: openLog({ level: 'debug', pretty: false, destination: { write: (text) => void logged.push(text) } }),
    settings: { ASK_TIMEOUT_MS: 2_500, BREAKER_FAILURES: 1_000, BREAKER_PROBE_MS: 50, ...settings },
  });
  const made: Subgraph = { line, url, logged, asked: [], sockets: 0, aborted: 0, answering };
  closers.push(async () => {
    server.closeAllConnections();
    await line.close();
    await new Promise((resolve) => { server.close(resolve); });
  });
  return made;
}
const ask = (to: Subgraph, more: Partial<GraphRequest> = {}) => to.line.answer({ document: '{ ok }', kind: 'query', ...more }, []);
const codeOf = (asked: Promise<unknown>) => asked.then(() => 'answered', (error: unknown) => (error as AtlasError).code);
const questions = (to: Subgraph) => to.asked.filter(({ query }) => query !== PROBE).length;
const drop: Answering = (request) => void request.socket.destroy();

describe('a line answers', () => {
  it('with what the subgraph said, errors too, over connections that it keeps', async () => {
    const users = await subgraph(json({ data: null, errors: [{ message: 'No.', path: ['a', 0] }] }));
    for (let n = 0; n < 20; n += 1) expect(await ask(users)).toEqual({ data: null, errors: [{ message: 'No.', path: ['a', 0] }] });
    expect(users.sockets).toBeLessThan(4);
  });

  it('also when the status is one of refusal, as long as it is GraphQL', async () => {
    const users = await subgraph((_, response) => void response.writeHead(401, { 'content-type': 'application/json' }).end('{"errors":[{"message":"Who are you?"}]}'));
    expect(await ask(users)).toEqual({ errors: [{ message: 'Who are you?' }] });
  });

  it('text that was cut anywhere on its way', async () => {
    const text = JSON.stringify({ data: { ok: 'Grüße 🙂 '.repeat(5_000) } });
    const users = await subgraph(async (_, response) => {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at += 9_973) { response.write(bytes.subarray(at, at + 9_973)); await sleep(0); }
      response.end();
    });
    expect(JSON.stringify(await ask(users))).toBe(text);
  });

  it('a plain reach passes on the chosen headers and no viewer', async () => {
    const users = await subgraph(fine);
    await plainReach({ service: 'users', url: users.url, line: users.line }).answer({ document: '{ ok }', viewer: null as never, headers: { authorization: 'Bearer abc' } });
    expect(users.asked[0]!.headers).toMatchObject({ authorization: 'Bearer abc', 'content-type': 'application/json' });
    expect(users.asked[0]!.headers).not.toHaveProperty('atlas-viewer');
  });
});

describe('a question that nobody answered', () => {
  const once = (failing: Answering): Answering => {
    let failed = false;
    return (request, response, body) => {
      if (failed) return fine(request, response, body);
      failed = true;
      failing(request, response, body);
    };
  };
  const nobody: [string, Answering][] = [
    ['the connection broke', drop],
    ...[502, 503, 504].map((status): [string, Answering] => [`status ${status}`, (_, response) => void response.writeHead(status).end('nobody is here')]),
  ];

  it.each(nobody)('is put again when it is a query: %s', async (_, failing) => {
    const users = await subgraph(once(failing), { service: 'retried' });
    expect(await ask(users)).toEqual({ data: { ok: true } });
    expect(users.asked).toHaveLength(2);
    expect(await metrics.metrics()).toMatch(/atlas_subgraph_retries_total\{service="retried"\} [1-9]/);
  });

  it.each(nobody)('is not put again when it may have changed something: %s', async (_, failing) => {
    for (const kind of ['mutation', undefined] as const) {
      const users = await subgraph(once(failing));
      expect(await codeOf(users.line.answer({ document: 'mutation { ok }', ...(kind && { kind }) }, []))).toBe('SUBGRAPH_UNAVAILABLE');
      expect(users.asked).toHaveLength(1);
    }
  });

  it('is put again whatever it may change when nobody was there to be asked', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => { gone.listen(0, '127.0.0.1', resolve); });
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => { gone.close(resolve); });
    const line = openLine({ service: 'refused', url: `http://127.0.0.1:${port}/graphql`, log: openLog({ level: 'silent', pretty: false }), settings: { ASK_TIMEOUT_MS: 2_500, BREAKER_FAILURES: 1_000, BREAKER_PROBE_MS: 50 } });
    closers.push(() => line.close());
    expect(await codeOf(line.answer({ document: 'mutation { ok }', kind: 'mutation' }, []))).toBe('SUBGRAPH_UNAVAILABLE');
    expect(await metrics.metrics()).toMatch(/atlas_subgraph_retries_total\{service="refused"\} 2/);
  });
  it('knows when another was answered, and the breaker asks nobody in its place', async () => {
    const users = await subgraph(drop, { BREAKER_FAILURES: 4 });
    const away = () => ask(users).then(() => null, (error: unknown) => (error as NeighbourAway).answeredAt);
    expect(await away()).toBe(-Infinity);
    users.answering = fine;
    const before = performance.now();
    await ask(users);
    users.answering = drop;
    const at = (await away())!;
    expect(at).toBeGreaterThanOrEqual(before);
    expect([await away(), await away()]).toEqual([at, at]);
  });
  it('is put again only so often, and half an answer is no reason to', async () => {
    const users = await subgraph(drop);
    expect(await codeOf(ask(users))).toBe('SUBGRAPH_UNAVAILABLE');
    expect(users.asked).toHaveLength(3);
    const half = await subgraph((request, response) => { response.writeHead(200, { 'content-length': '100' }); response.write('{"da', () => request.socket.destroy()); });
    expect(await codeOf(ask(half))).toBe('SUBGRAPH_UNAVAILABLE');
    expect(half.asked).toHaveLength(1);
  });
});

describe('an answer that cannot be used', () => {
  const answers: [string, Answering][] = [
    ['a page', (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>canary</html>')],
    ['JSON that is not GraphQL', json({ canary: true })], ['null', json(null)], ['a list', json(['canary'])], ['an error page', (_, response) => void response.writeHead(500).end('canary at 10.0.0.1')],
    ['an empty body', (_, response) => void response.writeHead(200).end()],
  ];
  it.each(answers)('is a code and a sentence, its cause in the log alone, and no reason to leave the subgraph alone: %s', async (_, answering) => {
    const users = await subgraph(answering, { BREAKER_FAILURES: 2 });
    for (let n = 1; n <= 4; n += 1) {
      const error = await ask(users).catch((thrown: unknown) => thrown) as AtlasError;
      expect([error.code, error.message]).toEqual(['SUBGRAPH_UNAVAILABLE', 'The reviews service does not answer at the moment.']);
      expect(users.asked).toHaveLength(n);
    }
    expect(users.logged.join('')).toContain('What came is not');
    expect(users.logged.join('')).not.toContain('canary');
  });

  it('as one that never ends, is left when its time is over, whatever has come by then', async () => {
    const users = await subgraph((_, response) => {
      response.writeHead(200);
      const more = setInterval(() => response.write(' '), 5);
      response.once('close', () => clearInterval(more));
    }, { ASK_TIMEOUT_MS: 200 });
    expect(await codeOf(ask(users))).toBe('SUBGRAPH_UNAVAILABLE');
    expect(users.logged.join('')).toContain('No whole answer within 200 ms.');
    await eventually('the connection to be closed', () => users.aborted === 1);
  });
});

describe('who waits', () => {
  it('and leaves, takes the question along', async () => {
    const users = await subgraph(() => undefined);
    const client = new AbortController();
    const asked = codeOf(ask(users, { signal: client.signal }));
    await eventually('the question to arrive', () => users.asked.length === 1);
    client.abort();
    expect(await asked).toBe('SUBGRAPH_UNAVAILABLE');
    await eventually('the connection to be closed', () => users.aborted === 1);
  });

  it('has no more time than the client has, and being short of it says nothing about the subgraph', async () => {
    const users = await subgraph((request, response, body) => void (body.includes('slow') || fine(request, response, body)), { BREAKER_FAILURES: 1 });
    const info = { requestId: 'r', address: null, userAgent: null, idempotencyKey: null };
    await withRequest({ ...info, deadlineAtMs: performance.now() + 60 }, async () => expect(await codeOf(ask(users, { document: '{ slow }' }))).toBe('SUBGRAPH_UNAVAILABLE'));
    await withRequest({ ...info, deadlineAtMs: performance.now() - 1 }, async () => expect(await codeOf(ask(users))).toBe('SUBGRAPH_UNAVAILABLE'));
    expect(await ask(users)).toEqual({ data: { ok: true } });
    expect(users.asked.map(({ query }) => query)).toEqual(['{ slow }', '{ ok }']);
  });
});

describe('a subgraph that fails again and again', () => {
  const state = async (service: string) => new RegExp(`atlas_subgraph_breaker\\{service="${service}"\\} (\\S+)`).exec(await metrics.metrics())?.[1];

  it.each([['is gone', drop], ['hangs', (() => undefined) as Answering]])('is left alone, tried, and used again once it answers: it %s', async (what, failing) => {
    const service = what.replace(' ', '-');
    const users = await subgraph(failing, { service, BREAKER_FAILURES: 4, BREAKER_PROBE_MS: 60, ASK_TIMEOUT_MS: 150 });
    const answers = await Promise.all(Array.from({ length: 4 }, () => codeOf(ask(users, { kind: 'mutation' }))));
    expect(answers).toEqual(Array(4).fill('SUBGRAPH_UNAVAILABLE'));
    const before = questions(users);
    for (let n = 0; n < 200; n += 1) expect(await codeOf(ask(users))).toBe('SUBGRAPH_UNAVAILABLE');
    await eventually('it to be tried twice', () => users.asked.length >= before + 2);
    expect([questions(users), users.asked.at(-1)!.query]).toEqual([before, PROBE]);
    expect(['1', '0.5']).toContain(await state(service));
    users.answering = fine;
    expect(await eventually('an answer', () => ask(users).catch(() => null))).toEqual({ data: { ok: true } });
    expect(await state(service)).toBe('0');
    const after = users.asked.length;
    await ask(users);
    await sleep(200);
    expect(users.asked).toHaveLength(after + 1); // nobody tries any more
  });

  it('is asked on when one of its answers comes in between', async () => {
    let n = 0;
    const users = await subgraph((...all) => ((n += 1) % 4 === 0 ? fine(...all) : drop(...all)), { BREAKER_FAILURES: 4 });
    for (let asked = 0; asked < 40; asked += 1) await codeOf(ask(users, { kind: 'mutation' }));
    expect([questions(users), users.asked.length]).toEqual([40, 40]);
  });
});

/** A fetch that several wait for, over a real connection: it has nobody's deadline, and goes on for as long as anybody waits. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Gone } from '../../platform/gone.ts';
import { openLine, type Line } from '../../platform/reach/line.ts';
import { withRequest } from '../../platform/request.ts';
import { anonymous } from '../../platform/viewer.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { silent } from '../../test/kit/toy-subgraph.ts';
import type { Call } from './call.ts';
import { shared } from './share.ts';

let server: Server;
let line: Line;
let call: Call;
let asked: ServerResponse[];
let letGo: number;
beforeEach(async () => {
  asked = [];
  letGo = 0;
  server = createServer((_, response) => {
    asked.push(response);
    response.once('close', () => { if (!response.writableEnded) letGo += 1; });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  line = openLine({ service: 'users', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, log: silent, settings: { ASK_TIMEOUT_MS: 5_000, BREAKER_FAILURES: 5, BREAKER_PROBE_MS: 500 } });
  call = shared((_, request) => line.answer(request, []));
});
afterEach(async () => {
  server.closeAllConnections();
  await line.close();
  await new Promise((resolve) => { server.close(resolve); });
});

/** A client with so much time: past it, it is gone. */
function client(leftMs: number) {
  const [gone, deadlineAtMs] = [new Gone(), performance.now() + leftMs];
  const answer = withRequest({ requestId: 'r', address: null, userAgent: null, idempotencyKey: null, deadlineAtMs }, () => call('users', { document: '{ ok }', kind: 'query', viewer: anonymous, signal: gone }));
  answer.catch(() => undefined);
  return { answer, gone, isLate: () => performance.now() > deadlineAtMs };
}
const reply = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"ok":true}}');

describe('a fetch that two wait for', () => {
  it('is not ended by the deadline of whoever asked first', async () => {
    const hurried = client(40);
    const patient = client(60_000);
    await eventually('the question to arrive', () => asked.length === 1);
    await eventually('the first to be late', hurried.isLate);
    hurried.gone.abort();
    reply(asked[0]!);
    expect(await patient.answer).toEqual({ data: { ok: true } });
    expect(asked).toHaveLength(1);
  });

  it('is ended with the last of them, and whoever comes then asks anew', async () => {
    const [one, other] = [client(60_000), client(60_000)];
    await eventually('the question to arrive', () => asked.length === 1);
    one.gone.abort();
    const third = client(60_000);
    other.gone.abort();
    third.gone.abort();
    await eventually('the connection to be let go', () => letGo === 1);
    const next = client(60_000);
    await eventually('it to be asked anew', () => asked.length === 2);
    reply(asked[1]!);
    expect(await next.answer).toEqual({ data: { ok: true } });
  });

  it('gives each an answer of its own to write into', async () => {
    const [one, other] = [client(60_000), client(60_000)];
    await eventually('the question to arrive', () => asked.length === 1);
    reply(asked[0]!);
    const [mine, theirs] = await Promise.all([one.answer, other.answer]);
    mine.data!.ok = 'written over';
    expect(theirs).toEqual({ data: { ok: true } });
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { Agent, request as send } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLog } from './log.ts';
import { readBody, sendJson, serve, type Listener } from './serve.ts';

const log = openLog({ level: 'silent', pretty: false });
const open: Listener[] = [];
async function start(more: Partial<Parameters<typeof serve>[0]> = {}): Promise<Listener> {
  const listener = await serve({
    name: 'users', host: '127.0.0.1', port: 0, drainMs: 2_000, noticeMs: 250, log, readiness: async () => ({ ready: true, detail: { users: 'ready' } }),
    routes: {
      '/slow': async (_, response) => { await sleep(300); sendJson(response, 200, { slow: true }); },
      '/quick': async (_, response) => sendJson(response, 200, {}),
      '/body': async (request, response) => sendJson(response, 200, { length: (await readBody(request, 1_000)).length }),
      '/hasty': async (request, response) => sendJson(response, 200, { length: (await readBody(request, 1_000, 50)).length }),
      '/broken': async () => { throw new Error('canary'); },
    },
    ...more,
  });
  open.push(listener);
  return listener;
}
afterEach(async () => { await Promise.all(open.splice(0).map((listener) => listener.drain())); });

describe('a listener', () => {
  it('is alive, ready and counted', async () => {
    const { url } = await start();
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'alive' });
    expect(await (await fetch(`${url}/ready`)).json()).toEqual({ ready: true, detail: { users: 'ready' } });
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('atlas_request_seconds');
  });

  it('says 503 when what it stands on is not ready', async () => {
    const { url } = await start({ readiness: async () => ({ ready: false, detail: { users: 'not ready' } }) });
    expect((await fetch(`${url}/ready`)).status).toBe(503);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  it('answers a failure with a code and nothing of its cause', async () => {
    const { url } = await start();
    const response = await fetch(`${url}/broken`);
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(JSON.parse(text).errors[0].extensions.code).toBe('INTERNAL');
    expect(text).not.toContain('canary');
  });

  it('does not wait for ever for a body, though files may take an hour', async () => {
    const { port } = await start({ arriveMs: 3_600_000 });
    const socket = connect(port, '127.0.0.1');
    socket.write('POST /hasty HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf of it');
    await new Promise((resolve) => { socket.resume().once('close', resolve); });
  });

  it('answers a request target that is no path with what is wrong, not with a failure', async () => {
    const { port } = await start();
    const status = await new Promise<number>((resolve, reject) => { send({ port, host: '127.0.0.1', path: '//[' }, (response) => { response.resume(); resolve(response.statusCode!); }).once('error', reject).end(); });
    expect(status).toBe(400);
  });

  it('refuses a body that is too long, announced or not', async () => {
    const { url } = await start();
    expect((await fetch(`${url}/body`, { method: 'POST', body: 'x'.repeat(1_000) })).status).toBe(200);
    expect((await fetch(`${url}/body`, { method: 'POST', body: 'x'.repeat(1_001) })).status).toBe(413);
    const stream = new ReadableStream({ start(to) { for (let n = 0; n < 3; n += 1) to.enqueue(new TextEncoder().encode('x'.repeat(500))); to.close(); } });
    expect((await fetch(`${url}/body`, { method: 'POST', body: stream, duplex: 'half' } as RequestInit)).status).toBe(413);
  });

  it('says in one sentence that its port is taken', async () => {
    const { port } = await start();
    await expect(start({ port })).rejects.toThrow(`Port ${port} is taken: stop what listens there, or set USERS_PORT to another.`);
    await expect(start({ port, name: 'gateway' })).rejects.toThrow('set PORT to another');
  });
});

describe('a drain', () => {
  it('finishes what runs, says that it is stopping, and fails nobody with a kept connection', async () => {
    const listener = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const get = (path: string) => new Promise<{ status: number; close: boolean }>((resolve, reject) => {
      send(`${listener.url}${path}`, { agent }, (response) => {
        response.resume();
        response.once('end', () => resolve({ status: response.statusCode!, close: response.headers.connection === 'close' }));
      }).once('error', reject).end();
    });
    const slow = Array.from({ length: 4 }, () => get('/slow'));
    await sleep(50);
    const draining = listener.drain();
    const during = await get('/quick');
    expect(during).toEqual({ status: 200, close: true });
    expect((await get('/ready')).status).toBe(503);
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    await draining;
    await expect(get('/quick')).rejects.toThrow(/ECONNREFUSED/);
    agent.destroy();
  });

  it('does not wait for ever', async () => {
    const listener = await start({ drainMs: 200, routes: { '/never': () => new Promise(() => undefined) } });
    const hanging = fetch(`${listener.url}/never`).catch(() => 'cut');
    await sleep(50);
    await listener.drain();
    expect(await hanging).toBe('cut');
  });
});

/** Clients that leave, stand still or bring much: what the folder's door has to do with them. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { eventually } from '../../test/kit/eventually.ts';
import { bytesOf, keyOf, put, soon } from '../../test/kit/objects.ts';
import { newId } from '../ids.ts';
import { openLog } from '../log.ts';
import { secretFrom } from '../secret.ts';
import { serve, type Listener } from '../serve.ts';
import { folderDoor, type Folder } from './door.ts';
import { folderObjects } from './folder.ts';
import type { ObjectKey, Objects } from './objects.ts';

const secret = secretFrom('a secret of the suites');
const tenant = newId('tnt');
const folder = mkdtempSync(join(tmpdir(), 'atlas-door-'));
const aside = join(folder, '.writing');
const logged: string[] = [];
let listener: Listener;
let objects: Objects;
let origin: string;
beforeAll(async () => {
  const log = openLog({ level: 'warn', pretty: false, destination: { write: (line) => void logged.push(line) } });
  listener = await serve({ name: 'gateway', host: '127.0.0.1', port: 0, drainMs: 0, noticeMs: 0, log, readiness: async () => ({ ready: true, detail: {} }), routes: { '/objects': (...asked) => objects.door!(...asked) } });
  origin = `http://127.0.0.1:${listener.port}`;
  objects = folderObjects({ folder, url: origin, secret });
  await objects.ready();
});
afterAll(async () => {
  await listener?.drain();
  rmSync(folder, { recursive: true, force: true });
});

const upload = (bytes: number, key = keyOf(tenant)) => objects.uploadUrl({ key, type: 'text/plain', bytes, expiresAt: soon() });
const download = (key: ObjectKey) => objects.downloadUrl({ key, name: 'a.txt', type: 'text/plain', expiresAt: soon() });
const nothingLeft = () => eventually('nothing to be left aside', () => readdirSync(aside).length === 0);

describe('a client that', () => {
  const head = (url: string, length: number) => `PUT ${url.slice(origin.length)} HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: ${length}\r\n\r\n`;

  it('leaves in the middle of an upload leaves nothing behind, and no error in the log', async () => {
    const key = keyOf(tenant);
    const { url } = await upload(1_000, key);
    const socket = connect(listener.port, '127.0.0.1');
    socket.write(`${head(url, 1_000)}half of it`);
    await eventually('the upload to begin', () => readdirSync(aside).length === 1);
    socket.destroy();
    await nothingLeft();
    expect(await objects.head(key)).toBeNull();
    expect(logged.filter((line) => line.includes('"level":50') && !line.includes('object\'s key'))).toEqual([]);
  });

  it('sends to a URL to which somebody sends already is told so, and one that comes afterwards is heard', async () => {
    const to = await upload(10);
    const first = connect(listener.port, '127.0.0.1');
    first.write(`${head(to.url, 10)}half`);
    await eventually('the upload to begin', () => readdirSync(aside).length === 1);
    const second = await put(to, 'the second');
    expect([second.status, await second.text()]).toEqual([409, expect.stringContaining('UPLOAD_UNDER_WAY')]);
    expect(readdirSync(aside)).toHaveLength(1);
    first.destroy();
    await nothingLeft();
    expect((await put(to, 'afterwards')).status).toBe(200);
  });

  it('sends nothing any more is cut off, and what is sent to one that takes nothing is closed', async () => {
    const endless = Readable.from(bytesOf(1_000));
    const folderOf1GB: Folder = {
      create: async (_, from) => { for await (const part of from) void part; return { bytes: 0, sha256: '' }; },
      open: async () => ({ bytes: 1_000_000_000, sha256: '', type: 'text/plain', stream: () => endless, close: async () => undefined }),
    };
    const hasty = await serve({ name: 'gateway', host: '127.0.0.1', port: 0, drainMs: 0, noticeMs: 0, log: openLog({ level: 'silent', pretty: false }), readiness: async () => ({ ready: true, detail: {} }), routes: { '/objects': folderDoor(folderOf1GB, secret, 100) } });
    const [sends, takes] = [connect(hasty.port, '127.0.0.1'), connect(hasty.port, '127.0.0.1')];
    sends.write(`${head((await upload(1_000)).url, 1_000)}half of it`);
    await once(sends.resume(), 'close');
    takes.write(`GET ${(await download(keyOf(tenant))).slice(origin.length)} HTTP/1.1\r\nhost: x\r\n\r\n`);
    await new Promise<void>((resolve) => { endless.once('close', resolve); });
    takes.destroy();
    await hasty.drain();
  });

  it('leaves in the middle of a download costs no file that stays open', async () => {
    const key = keyOf(tenant);
    await objects.write(key, Readable.from(bytesOf(50)), { type: 'text/plain' });
    const open = () => readdirSync('/dev/fd').length;
    const url = (await download(key)).slice(origin.length);
    const before = open();
    for (let n = 0; n < 10; n += 1) {
      const socket = connect(listener.port, '127.0.0.1');
      socket.write(`GET ${url} HTTP/1.1\r\nhost: x\r\n\r\n`);
      await once(socket, 'data');
      socket.destroy();
    }
    await eventually('the files to be closed', () => open() <= before);
  });
});

describe('300 MB', () => {
  it('go in and out in bounded memory', async () => {
    const child: ChildProcess = fork(join(import.meta.dirname, '..', '..', 'test', 'fixtures', 'objects-process.ts'), [folder], { execArgv: ['--import', 'tsx'] });
    const [{ port, mostMb: before }] = await once(child, 'message') as [{ port: number; mostMb: number }];
    const there = folderObjects({ folder, url: `http://127.0.0.1:${port}`, secret });
    const key = keyOf(tenant);
    const to = await there.uploadUrl({ key, type: 'application/zip', bytes: 300_000_000, expiresAt: soon() });
    const kept = await fetch(to.url, { method: 'PUT', headers: to.headers, body: Readable.toWeb(Readable.from(bytesOf(300))) as ReadableStream, duplex: 'half' } as RequestInit);
    expect(kept.status).toBe(200);
    let came = 0;
    for await (const part of (await fetch(await there.downloadUrl({ key, name: 'a.zip', type: 'application/zip', expiresAt: soon() }))).body!) came += (part as Uint8Array).length;
    expect(came).toBe(300_000_000);
    child.send('how much?');
    const [{ mostMb }] = await once(child, 'message') as [{ mostMb: number }];
    process.stderr.write(`300 MB up and down: ${before} MB before, ${mostMb} MB at most.\n`);
    expect(mostMb - before).toBeLessThan(150);
    child.kill();
    await once(child, 'exit');
  });
});

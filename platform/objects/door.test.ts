/** The folder's door, as clients of every kind come to it: over sockets. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { eventually } from '../../test/kit/eventually.ts';
import { bytesOf, keyOf, put, soon } from '../../test/kit/objects.ts';
import { newId } from '../ids.ts';
import { openLog } from '../log.ts';
import { secretFrom } from '../secret.ts';
import { serve, type Listener } from '../serve.ts';
import { folderObjects } from './folder.ts';
import { writeGrant, type Grant } from './grant.ts';
import type { ObjectKey, Objects } from './objects.ts';

const secret = secretFrom('a secret of the suites');
const tenant = newId('tnt');
const folder = mkdtempSync(join(tmpdir(), 'atlas-door-'));
const aside = join(folder, '.writing');
let listener: Listener;
let objects: Objects;
let origin: string;
beforeAll(async () => {
  const log = openLog({ level: 'silent', pretty: false });
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
const download = (key: ObjectKey, name = 'a.txt') => objects.downloadUrl({ key, name, type: 'text/plain', expiresAt: soon() });
const write = (key: ObjectKey, text: string) => objects.write(key, Readable.from([Buffer.from(text)]), { type: 'text/plain' });
const codeOf = async (answer: Response) => ((await answer.json()) as { errors: { message: string; extensions: { code: string } }[] }).errors.map(({ message, extensions }) => [answer.status, extensions.code, message])[0];
const signed = (grant: object) => `${origin}/objects?grant=${writeGrant(secret, grant as Grant)}`;
const nothingLeft = () => eventually('nothing to be left aside', () => readdirSync(aside).length === 0);

describe('an upload is refused with a code and a sentence', () => {
  it('when it is longer, shorter, of another type or content than its URL is for', async () => {
    expect(await codeOf(await put(await upload(3), 'four'))).toEqual([413, 'BODY_TOO_LARGE', 'This URL takes 3 bytes and no more.']);
    expect(await codeOf(await put(await upload(5), 'four'))).toEqual([422, 'UPLOAD_MISMATCH', 'This URL takes 5 bytes; 4 came.']);
    expect(await codeOf(await put(await upload(4), 'four', { 'content-type': 'text/html' }))).toEqual([422, 'UPLOAD_MISMATCH', 'This URL takes text/plain, and Content-Type has to say so.']);
    const sealed = await objects.uploadUrl({ key: keyOf(tenant), type: 'text/plain', bytes: 4, sha256: 'a'.repeat(64), expiresAt: soon() });
    expect(await codeOf(await put(sealed, 'four'))).toEqual([422, 'UPLOAD_MISMATCH', 'What came has another SHA-256 than was announced.']);
    await nothingLeft();
  });

  it('while it comes, when it did not say how long it is', async () => {
    const to = await upload(3_000_000);
    const answer = await fetch(to.url, { method: 'PUT', headers: to.headers, body: Readable.toWeb(Readable.from(bytesOf(5))) as ReadableStream, duplex: 'half' } as RequestInit);
    expect(await codeOf(answer)).toEqual([413, 'BODY_TOO_LARGE', 'This URL takes 3000000 bytes and no more.']);
    await nothingLeft();
  });

  it('when its URL has been used', async () => {
    const to = await upload(4);
    await put(to, 'four');
    expect(await codeOf(await put(to, 'five'))).toEqual([412, 'UPLOAD_DONE', 'This URL has been used: what it was made for is there.']);
  });

  it('when it never ends: it is cut off, and not before four more megabytes', async () => {
    const to = await upload(1);
    let sent = 0;
    async function* endless() { for await (const part of bytesOf(1_000)) { sent += part.length; yield part; } }
    await fetch(to.url, { method: 'PUT', headers: to.headers, body: Readable.toWeb(Readable.from(endless())) as ReadableStream, duplex: 'half' } as RequestInit).then((answer) => answer.text(), () => undefined);
    expect(sent).toBeLessThan(1_000_000_000);
    await nothingLeft();
  });
});

describe('a URL', () => {
  it.each(['', 'x', '.', 'x.y', 'x.y.z', '%00.%00', `${'a'.repeat(5_000)}.b`, '..%2f..%2fetc%2fpasswd.x'])('that is none opens nothing: %#', async (grant) => {
    for (const method of ['GET', 'PUT']) expect(await codeOf(await fetch(`${origin}/objects?grant=${grant}`, { method }))).toEqual([403, 'URL_INVALID', 'This URL was not made here, or was changed since.']);
    expect((await fetch(`${origin}/objects`)).status).toBe(403);
  });

  it('of another installation, and a mark of ours for another purpose, open nothing', async () => {
    const grant: Grant = { do: 'get', key: keyOf(tenant), type: 'text/plain', name: 'a', until: soon().getTime() };
    const said = Buffer.from(JSON.stringify(grant)).toString('base64url');
    for (const foreign of [writeGrant(secretFrom('another secret'), grant), `${said}.${secret.mark('cursor', said)}`]) expect((await fetch(`${origin}/objects?grant=${foreign}`)).status).toBe(403);
  });

  it('that has expired says so', async () => {
    const url = signed({ do: 'get', key: keyOf(tenant), type: 'text/plain', name: 'a', until: Date.now() - 1 });
    expect(await codeOf(await fetch(url))).toEqual([403, 'URL_EXPIRED', 'This URL has expired; ask for another.']);
  });

  it('never leaves its folder, not even with our signature', async () => {
    for (const key of [`${tenant}/../../etc/passwd`, '../../etc/passwd', '/etc/passwd']) {
      expect((await fetch(signed({ do: 'get', key, type: 'text/plain', name: 'a', until: soon().getTime() }))).status).toBe(500);
      expect((await fetch(signed({ do: 'put', key, type: 'text/plain', bytes: 1, until: soon().getTime() }), { method: 'PUT', body: 'x', headers: { 'content-type': 'text/plain' } })).status).toBe(500);
    }
  });

  it('is for one method, and says which', async () => {
    const key = keyOf(tenant);
    await write(key, 'here');
    const wrong = await fetch(await download(key), { method: 'DELETE' });
    expect([wrong.headers.get('allow'), await codeOf(wrong)]).toEqual(['GET, HEAD', [405, 'METHOD_NOT_ALLOWED', 'This URL is for GET.']]);
    expect(await codeOf(await fetch((await upload(1)).url))).toEqual([405, 'METHOD_NOT_ALLOWED', 'This URL is for PUT.']);
  });

  it('for what is not there says so', async () => {
    expect(await codeOf(await fetch(await download(keyOf(tenant))))).toEqual([404, 'NOT_FOUND', 'There is no such file.']);
  });
});

describe('a download', () => {
  it('is confined: nothing of it runs, is guessed, shown elsewhere or kept by a cache; its errors neither', async () => {
    const key = keyOf(tenant);
    await write(key, '<script>alert(1)</script>');
    for (const answer of [await fetch(await download(key)), await fetch(`${origin}/objects?grant=x`)]) {
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'x-content-type-options': 'nosniff', 'content-security-policy': "sandbox; default-src 'none'", 'cross-origin-resource-policy': 'same-origin', 'cache-control': 'private, no-store', 'referrer-policy': 'no-referrer',
      });
      expect(answer.headers.get('content-type')).not.toContain('html');
    }
  });

  it.each([
    ['evil"\r\nset-cookie: a=b\u0000.txt', 'evil"set-cookie: a=b.txt'], ['../../etc/passwd', 'passwd'], ['..', 'file'], ['', 'file'], ['C:\\temp\\x.doc', 'x.doc'],
    ['photo_\u202egpj.exe', 'photo_gpj.exe'], ['lone \ud800.txt', 'lone \ufffd.txt'], ['😀'.repeat(300), '😀'.repeat(200)], ['100% "sure".txt', '100% "sure".txt'],
  ])('is saved under a name that is one: %#', async (name, saved) => {
    const key = keyOf(tenant);
    await write(key, 'x');
    const answer = await fetch(await download(key, name));
    const said = answer.headers.get('content-disposition')!;
    const extended = /filename\*=UTF-8''(\S+)$/.exec(said);
    expect(extended ? decodeURIComponent(extended[1]!) : /filename="?((?:[^"\\]|\\.)*)"?$/.exec(said)![1]!.replace(/\\(.)/g, '$1')).toBe(saved);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it('answers HEAD with the same headers, and parts only of what the client knows', async () => {
    const key = keyOf(tenant);
    await write(key, 'abcdefghij');
    const url = await download(key);
    const [whole, head] = [await fetch(url), await fetch(url, { method: 'HEAD' })];
    const without = ({ headers }: Response) => Object.fromEntries([...headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name)));
    expect([head.status, without(head), await head.text()]).toEqual([200, without(whole), '']);
    expect(whole.headers.get('content-length')).toBe('10');
    const ranged = async (headers: Record<string, string>) => { const answer = await fetch(url, { headers }); return [answer.status, await answer.text()]; };
    expect(await ranged({ range: 'bytes=2-4', 'if-range': whole.headers.get('etag')! })).toEqual([206, 'cde']);
    expect(await ranged({ range: 'bytes=2-4', 'if-range': '"another"' })).toEqual([200, 'abcdefghij']);
    expect(await ranged({ range: 'bytes=8-99' })).toEqual([206, 'ij']);
    expect(await ranged({ range: 'bytes=0-1,4-5' })).toEqual([200, 'abcdefghij']);
    expect(await ranged({ range: 'lines=1-2' })).toEqual([200, 'abcdefghij']);
    const outside = await fetch(url, { headers: { range: 'bytes=10-' } });
    expect([outside.headers.get('content-range'), (await codeOf(outside))!.slice(0, 2)]).toEqual(['bytes */10', [416, 'RANGE_INVALID']]);
  });
});

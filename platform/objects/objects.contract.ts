/** What every store of objects promises, tried on each adapter as a service uses it, and over HTTP as a client does. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { bytesOf, changedTo, contentOf, keyOf, put, sha256, soon } from '../../test/kit/objects.ts';
import { newId, type TenantId } from '../ids.ts';
import type { ObjectKey, Objects, UploadWanted } from './objects.ts';

interface Opened { objects: Objects; stop(): Promise<void> }

export function objectsContract(name: string, open: () => Promise<Opened>): void {
  describe(`objects: ${name}`, () => {
    let opened: Opened;
    let objects: Objects;
    const tenant = newId('tnt');
    const upload = (wanted: Partial<UploadWanted> & { bytes: number }) => objects.uploadUrl({ key: keyOf(tenant), type: 'text/plain', expiresAt: soon(), ...wanted });
    const write = (key: ObjectKey, content: string | Buffer, type = 'text/plain') => objects.write(key, Readable.from([Buffer.from(content)]), { type });
    beforeAll(async () => {
      opened = await open();
      ({ objects } = opened);
      await objects.ready();
    });
    afterAll(() => opened?.stop());

    it('gives back what was written, and says how long, of which type and checksum it is', async () => {
      const key = keyOf(tenant);
      const content = randomBytes(300_000);
      expect(await objects.head(key)).toBeNull();
      await expect(objects.read(key)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect(await write(key, content, 'image/png')).toEqual({ bytes: 300_000, sha256: sha256(content) });
      expect(await objects.head(key)).toEqual({ bytes: 300_000, sha256: sha256(content), type: 'image/png' });
      expect([await objects.size(key), await objects.size(keyOf(newId('tnt')))]).toEqual([300_000, null]);
      expect((await contentOf(await objects.read(key))).equals(content)).toBe(true);
      await objects.remove(key);
      await objects.remove(key);
      expect(await objects.head(key)).toBeNull();
    });

    it('keeps nothing at all as well as something: zero bytes', async () => {
      const key = keyOf(tenant);
      expect(await objects.write(key, Readable.from([]), { type: 'text/plain' })).toEqual({ bytes: 0, sha256: sha256('') });
      expect(await objects.head(key)).toEqual({ bytes: 0, sha256: sha256(''), type: 'text/plain' });
      expect(await contentOf(await objects.read(key))).toHaveLength(0);
      const url = await upload({ bytes: 0 });
      expect((await put(url, '')).status).toBe(200);
    });

    it('what comes in parts has the checksum of the whole', async () => {
      const key = keyOf(tenant);
      const hash = createHash('sha256');
      for await (const part of bytesOf(20)) hash.update(part);
      const expected = { bytes: 20_000_000, sha256: hash.digest('hex') };
      expect(await objects.write(key, Readable.from(bytesOf(20)), { type: 'application/zip' })).toEqual(expected);
      expect(await objects.head(key)).toEqual({ ...expected, type: 'application/zip' });
    });

    it.each([['at its beginning', 3, 0], ['in the middle of many parts', 30, 25]])('a write whose source breaks %s fails as the source did and leaves what was there', async (_, mb, failAt) => {
      const key = keyOf(tenant);
      await write(key, 'before');
      await expect(objects.write(key, Readable.from(bytesOf(mb, failAt)), { type: 'text/plain' })).rejects.toThrow('the source broke');
      expect(String(await contentOf(await objects.read(key)))).toBe('before');
    });

    it('of writers of one key the last wins, wholly: a reader never sees a mixture', async () => {
      const key = keyOf(tenant);
      const contents = Array.from({ length: 8 }, (__, n) => Buffer.alloc(400_000, `${n}`));
      await write(key, contents[0]!);
      const seen: string[] = [];
      let writing = true;
      const reading = (async () => { while (writing) seen.push(sha256(await contentOf(await objects.read(key)))); })();
      await Promise.all(contents.map((content) => write(key, content)));
      writing = false;
      await reading;
      const whole = contents.map((content) => sha256(content));
      expect(seen.filter((one) => !whole.includes(one))).toEqual([]);
      expect(whole).toContain((await objects.head(key))!.sha256);
    });

    it('an upload through its URL is there with its type and checksum', async () => {
      const key = keyOf(tenant);
      const content = randomBytes(100_000);
      const answer = await put(await upload({ key, type: 'image/png', bytes: content.length }), content);
      expect(answer.status).toBe(200);
      expect(await objects.head(key)).toEqual({ bytes: content.length, sha256: sha256(content), type: 'image/png' });
    });

    it.each([['more bytes', 'hello!'], ['fewer bytes', 'hell']])('a URL for five bytes takes not %s', async (_, body) => {
      const key = keyOf(tenant);
      const answer = await put(await upload({ key, bytes: 5 }), body);
      expect(answer.ok).toBe(false);
      expect(await objects.head(key)).toBeNull();
    });

    it('a URL for one type takes no other', async () => {
      const key = keyOf(tenant);
      const answer = await put(await upload({ key, type: 'image/png', bytes: 5 }), 'hello', { 'content-type': 'text/html' });
      expect(answer.ok).toBe(false);
      expect(await objects.head(key)).toBeNull();
    });

    it('a URL for one checksum takes nothing else', async () => {
      const key = keyOf(tenant);
      const wanted = await upload({ key, bytes: 5, sha256: sha256('hello') });
      expect((await put(wanted, 'hellO')).ok).toBe(false);
      expect(await objects.head(key)).toBeNull();
      expect((await put(wanted, 'hello')).status).toBe(200);
      expect((await objects.head(key))?.sha256).toBe(sha256('hello'));
    });

    it('a URL takes one upload: what was looked at stays what it was', async () => {
      const key = keyOf(tenant);
      const wanted = await upload({ key, bytes: 5 });
      expect((await put(wanted, 'first')).status).toBe(200);
      expect((await put(wanted, 'other')).status).toBe(412);
      const twins = await upload({ bytes: 5 });
      const answers = await Promise.all(['one  ', 'two  ', 'three'].map((body) => put(twins, body)));
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
      expect(String(await contentOf(await objects.read(key)))).toBe('first');
    });

    it('URLs expire', async () => {
      const [key, other] = [keyOf(tenant), keyOf(tenant)];
      await write(other, 'hello');
      const to = await upload({ key, bytes: 5, expiresAt: soon(1_100) });
      const from = await objects.downloadUrl({ key: other, name: 'a.txt', type: 'text/plain', expiresAt: soon(1_100) });
      await sleep(2_500);
      expect([(await put(to, 'hello')).status, (await fetch(from)).status]).toEqual([403, 403]);
      expect(await objects.head(key)).toBeNull();
    });

    it('a URL that somebody has changed opens nothing', async () => {
      const [key, other] = [keyOf(tenant), keyOf(newId('tnt'))];
      await Promise.all([write(key, 'mine'), write(other, 'theirs')]);
      const url = await objects.downloadUrl({ key, name: 'a.txt', type: 'text/plain', expiresAt: soon() });
      const changed = changedTo(url, key, other);
      expect(changed).not.toBe(url);
      expect((await fetch(changed)).status).toBe(403);
      expect((await fetch(url, { method: 'PUT', body: 'x', headers: { 'content-type': 'text/plain' } })).ok).toBe(false);
      expect((await fetch(url, { method: 'DELETE' })).ok).toBe(false);
      expect(await (await fetch(url)).text()).toBe('mine');
    });

    it.each([['text/html', 'application/octet-stream'], ['image/svg+xml', 'application/octet-stream'], ['TEXT/HTML; charset=utf-8', 'application/octet-stream'], ['text/plain', 'text/plain; charset=utf-8'], ['image/png', 'image/png']])('a download of %s is saved, as %s', async (type, served) => {
      const key = keyOf(tenant);
      await write(key, '<script>alert(1)</script>', type);
      const answer = await fetch(await objects.downloadUrl({ key, name: 'Zürich “Straße” 日本.html', type, expiresAt: soon() }));
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, served]);
      const saved = answer.headers.get('content-disposition')!;
      expect(saved).toMatch(/^attachment; filename="/);
      expect(decodeURIComponent(/filename\*=UTF-8''(\S+)$/.exec(saved)![1]!)).toBe('Zürich “Straße” 日本.html');
      expect(answer.headers.get('cache-control')).toContain('no-store');
    });

    it('a part of a download can be had', async () => {
      const key = keyOf(tenant);
      await write(key, 'abcdefghij');
      const url = await objects.downloadUrl({ key, name: 'a.txt', type: 'text/plain', expiresAt: soon() });
      const part = await fetch(url, { headers: { range: 'bytes=2-4' } });
      expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/10', 'cde']);
      const last = await fetch(url, { headers: { range: 'bytes=-3' } });
      expect([last.status, await last.text()]).toEqual([206, 'hij']);
      expect((await fetch(url, { headers: { range: 'bytes=10-' } })).status).toBe(416);
    });

    it('removes everything of one tenant and nothing of another', async () => {
      const [one, other] = [newId('tnt'), newId('tnt')];
      const [a, b, c] = [keyOf(one), `${one}/exports/x` as ObjectKey, keyOf(other)];
      await Promise.all([a, b, c].map((key) => write(key, 'x')));
      await objects.removeAll(`${one}/exports/`);
      expect([await objects.head(b), (await objects.head(a))?.bytes]).toEqual([null, 1]);
      await objects.removeAll(`${one}/`);
      await objects.removeAll(`${one}/`);
      expect([await objects.head(a), (await objects.head(c))?.bytes]).toEqual([null, 1]);
      await write(a, 'again');
      expect((await objects.head(a))?.bytes).toBe(5);
    });

    it.each(['', 'x', '../x', '/etc/passwd', `${tenant}`, `${tenant}/`, `${tenant}/../x`, `${tenant}/.hidden`, `${tenant}/a//b`, `${tenant}/A`, `${tenant}/a\\b`, `${tenant}/a\0`, `${tenant}/ü`, `${tenant}/a/`, `${tenant}/a%2f..`, `${tenant}/${'a'.repeat(101)}`])('a key such as %j is no key', async (wrong) => {
      const key = wrong as ObjectKey;
      for (const act of [() => objects.head(key), () => objects.read(key), () => write(key, 'x'), () => objects.remove(key), () => upload({ key, bytes: 1 }), () => objects.downloadUrl({ key, name: 'a', type: 'text/plain', expiresAt: soon() })]) {
        await expect(act()).rejects.toThrow('An object\'s key is a tenant');
      }
    });

    it.each(['', '../', `${tenant}`, `${tenant}/a`, `${tenant}/../`, 'tnt_/'])('%j names nothing that may be removed at once', async (below) => {
      await expect(objects.removeAll(below as `${TenantId}/`)).rejects.toThrow('What is removed at once');
    });

    it('refuses what is no media type, and what is no checksum', async () => {
      await expect(write(keyOf(tenant), 'x', 'text/html\r\nx: y')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      await expect(upload({ type: 'nothing', bytes: 1 })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      await expect(upload({ sha256: 'abc', bytes: 1 })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    });
  });
}

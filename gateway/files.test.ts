/** Files at the gateway itself: where it stands, which pages may use it, and that it is not there beside an S3. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { newId } from '../platform/ids.ts';
import type { ObjectKey, Objects, UploadUrl } from '../platform/objects/objects.ts';
import { freePort } from '../test/kit/free-port.ts';
import { startServices, WHOLE, type Kit } from '../test/kit/services.ts';

const APP = 'https://app.example.com';
const S3 = { S3_ENDPOINT: 'http://127.0.0.1:1', S3_BUCKET: 'atlas', S3_ACCESS_KEY_ID: 'atlas', S3_SECRET_ACCESS_KEY: 'secret' };
let kit: Kit;
let objects: Objects;
let wanted: UploadUrl;
const key = `${newId('tnt')}/attachments/x` as ObjectKey;
const expiresAt = new Date(Date.now() + 60_000);
beforeAll(async () => {
  kit = await startServices(WHOLE, { env: { PORT: String(await freePort()), CORS_ORIGINS: APP } });
  ({ objects } = kit.atlas.host.resourcesFor('tenants'));
  wanted = await objects.uploadUrl({ key, type: 'text/html', bytes: 5, expiresAt });
});
afterAll(() => kit?.stop());

describe('the gateway', () => {
  it('takes and gives files for whoever has a URL, without a token', async () => {
    expect(new URL(wanted.url).port).toBe(new URL(kit.atlas.url!).port);
    const answer = await fetch(wanted.url, { method: 'PUT', headers: wanted.headers, body: 'hello' });
    expect([answer.status, (await objects.head(key))?.bytes]).toEqual([200, 5]);
    const saved = await fetch(await objects.downloadUrl({ key, name: 'a.html', type: 'text/html', expiresAt }));
    expect([saved.headers.get('content-type'), saved.headers.get('content-disposition'), await saved.text()]).toEqual(['application/octet-stream', 'attachment; filename="a.html"', 'hello']);
  });

  it('lets pages of the origins that may call it send files and read them, and no others', async () => {
    const url = await objects.downloadUrl({ key, name: 'a.html', type: 'text/html', expiresAt });
    const asked = (origin: string) => fetch(wanted.url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'PUT' } });
    expect((await asked(APP)).headers.get('access-control-allow-methods')).toBe('GET, PUT');
    expect((await asked('https://evil.example.com')).headers.get('access-control-allow-methods')).toBeNull();
    const headers = async (origin: string) => (await fetch(url, { headers: { origin } })).headers;
    expect([(await headers(APP)).get('access-control-allow-origin'), (await headers(APP)).get('access-control-expose-headers')]).toEqual([APP, 'accept-ranges, content-disposition, content-range, etag']);
    expect((await headers('https://evil.example.com')).get('access-control-allow-origin')).toBeNull();
  });

  it('sends no file to a client that takes JSON for an error: the code and a sentence', async () => {
    const answer = await fetch(`${kit.atlas.url!}/objects?grant=x`);
    expect([answer.status, answer.headers.get('content-type'), await answer.json()]).toEqual([403, 'application/json; charset=utf-8', {
      errors: [{ message: 'This URL was not made here, or was changed since.', extensions: { code: 'URL_INVALID', status: 403, retryable: false } }],
    }]);
  });

  it('has no such door beside an S3, and is up although that is not', async () => {
    const beside = await startServices(WHOLE, { env: S3 });
    expect((await fetch(`${beside.atlas.url!}/objects?grant=x`)).status).toBe(404);
    expect(beside.atlas.report.find(({ what }) => what === 'objects')?.how).toBe('S3 at S3_ENDPOINT');
    const to = await beside.atlas.host.resourcesFor('tenants').objects.uploadUrl({ key, type: 'text/plain', bytes: 1, expiresAt });
    expect(new URL(to.url).origin).toBe(S3.S3_ENDPOINT);
    await expect(beside.atlas.host.resourcesFor('tenants').objects.write(key, Readable.from([Buffer.from('x')]), { type: 'text/plain' })).rejects.toMatchObject({ code: 'OBJECTS_UNAVAILABLE' });
    await beside.stop();
  });
});

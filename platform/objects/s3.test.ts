import { describe, expect, it } from '@jest/globals';
import { AbortMultipartUploadCommand, CreateMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { readSettings } from '../config.ts';
import { newId } from '../ids.ts';
import { doorBefore } from '../../test/kit/door.ts';
import { bytesOf, keyOf, put, soon } from '../../test/kit/objects.ts';
import { s3OfRun } from '../../test/kit/s3.ts';
import { objectsContract } from './objects.contract.ts';
import { s3Objects } from './s3.ts';
import { openS3 } from './s3-client.ts';

const settings = s3OfRun('the store of objects in S3');
if (settings) {
  objectsContract('S3', async () => {
    const objects = s3Objects(settings);
    return { objects, stop: () => objects.close() };
  });

  describe('objects in S3', () => {
    const tenant = newId('tnt');

    it('URLs name the address that clients know, and work there', async () => {
      const door = await doorBefore(settings.S3_ENDPOINT!);
      const objects = s3Objects({ ...settings, S3_PUBLIC_ENDPOINT: door.url });
      const to = await objects.uploadUrl({ key: keyOf(tenant), type: 'text/plain', bytes: 5, expiresAt: soon() });
      expect(new URL(to.url).origin).toBe(new URL(door.url).origin);
      expect((await put(to, 'hello')).status).toBe(200);
      await door.shut();
      await objects.close();
    });

    it('a header that the URL was made with cannot be left out', async () => {
      const objects = s3Objects(settings);
      const to = await objects.uploadUrl({ key: keyOf(tenant), type: 'text/plain', bytes: 5, expiresAt: soon() });
      const { 'if-none-match': _, ...without } = to.headers;
      expect((await put(to, 'hello', without)).status).toBe(403);
      await objects.close();
    });

    it('a sweep ends uploads that nobody has finished, of Atlas alone, and none that is younger', async () => {
      const objects = s3Objects(settings);
      const { client, Bucket, close } = openS3(settings);
      const [mine, foreign] = [keyOf(tenant), 'somebody-elses/file'];
      const ids = await Promise.all([mine, foreign].map(async (Key) => (await client.send(new CreateMultipartUploadCommand({ Bucket, Key }))).UploadId!));
      const open = async () => ((await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? []).map(({ Key }) => Key).filter((key) => key === mine || key === foreign).sort();
      await objects.sweep(60_000);
      expect(await open()).toEqual([foreign, mine].sort());
      await objects.sweep(-60_000);
      expect(await open()).toEqual([foreign]);
      await client.send(new AbortMultipartUploadCommand({ Bucket, Key: foreign, UploadId: ids[1]! }));
      close();
      await objects.close();
    });

    it('a bucket that is not there is said by ready, without its address', async () => {
      const objects = s3Objects({ ...settings, S3_BUCKET: 'not-there' });
      const refused = await objects.ready().catch((error: unknown) => error as Error);
      expect(refused).toMatchObject({ code: 'OBJECTS_UNAVAILABLE', message: 'Files can be neither kept nor fetched at the moment.' });
      await objects.close();
    });

    it('a wrong secret opens nothing', async () => {
      const objects = s3Objects({ ...settings, S3_SECRET_ACCESS_KEY: 'another' });
      await expect(objects.head(keyOf(tenant))).rejects.toMatchObject({ code: 'OBJECTS_UNAVAILABLE' });
      await objects.close();
    });
  });
}

describe('an S3 that fails', () => {
  const tenant = newId('tnt');
  const at = (endpoint: string) => readSettings({ S3_ENDPOINT: endpoint, S3_BUCKET: 'atlas', S3_ACCESS_KEY_ID: 'atlas', S3_SECRET_ACCESS_KEY: 'secret' });
  const failing = async (listener: RequestListener) => {
    const server = createServer(listener);
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const { port } = server.address() as AddressInfo;
    return { endpoint: `http://127.0.0.1:${port}`, stop() { server.close(); server.closeAllConnections(); } };
  };

  it('is said with a code, by every call, and its address stays in the log', async () => {
    const objects = s3Objects(at('http://127.0.0.1:1'));
    const write = () => objects.write(keyOf(tenant), Readable.from(bytesOf(1)), { type: 'text/plain' });
    for (const call of [() => objects.head(keyOf(tenant)), () => objects.read(keyOf(tenant)), write, () => objects.remove(keyOf(tenant)), () => objects.removeAll(`${tenant}/`), () => objects.ready(), () => objects.sweep(0)]) {
      const refused = await call().then(() => null, (error: Error) => error);
      expect(refused).toMatchObject({ code: 'OBJECTS_UNAVAILABLE', retryable: true, message: 'Files can be neither kept nor fetched at the moment.' });
    }
    expect((await objects.uploadUrl({ key: keyOf(tenant), type: 'text/plain', bytes: 1, expiresAt: soon() })).url).toContain('X-Amz-Signature');
    await objects.close();
  });

  it('for a moment is asked again', async () => {
    let asked = 0;
    const s3 = await failing((_, response) => { response.writeHead((asked += 1) < 3 ? 503 : 404).end(); });
    const objects = s3Objects(at(s3.endpoint));
    expect(await objects.head(keyOf(tenant))).toBeNull();
    expect(asked).toBe(3);
    await objects.close();
    s3.stop();
  });

  it('by saying nothing is not waited for', async () => {
    const s3 = await failing(() => undefined);
    const objects = s3Objects(at(s3.endpoint), 200);
    await expect(objects.head(keyOf(tenant))).rejects.toMatchObject({ code: 'OBJECTS_UNAVAILABLE' });
    await objects.close();
    s3.stop();
  });

  it('by saying nothing is not sent the same content again and again', async () => {
    let asked = 0;
    const s3 = await failing(() => { asked += 1; });
    const objects = s3Objects(at(s3.endpoint), 400);
    await expect(objects.write(keyOf(tenant), Readable.from(bytesOf(1)), { type: 'text/plain' })).rejects.toMatchObject({ code: 'OBJECTS_UNAVAILABLE' });
    expect(asked).toBe(2);
    await objects.close();
    s3.stop();
  });

  it('is not made to give an object that has no checksum for its size', async () => {
    const asked: unknown[] = [];
    const s3 = await failing(({ method }, response) => { asked.push(method); response.writeHead(200, { 'content-length': 5 }).end(); });
    const objects = s3Objects(at(s3.endpoint));
    expect(await objects.size(keyOf(tenant))).toBe(5);
    expect(asked).toEqual(['HEAD']);
    await objects.close();
    s3.stop();
  });

  it('in the middle of an object fails whoever reads it: no end that is none', async () => {
    const s3 = await failing((_, response) => {
      response.writeHead(200, { 'content-length': 1_000_000 }).write('the beginning', () => response.destroy());
    });
    const objects = s3Objects(at(s3.endpoint));
    const from = await objects.read(keyOf(tenant));
    await expect(from.toArray()).rejects.toMatchObject({ code: 'OBJECTS_UNAVAILABLE' });
    await objects.close();
    s3.stop();
  });
});

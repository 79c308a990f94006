import { describe, expect, it } from '@jest/globals';
import { AbortMultipartUploadCommand, CreateMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { newId } from '../ids.ts';
import { doorBefore } from '../../test/kit/door.ts';
import { s3OfRun } from '../../test/kit/s3.ts';
import { keyOf, objectsContract, put, soon } from './objects.contract.ts';
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

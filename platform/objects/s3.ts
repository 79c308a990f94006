/**
 * Objects in a bucket of an S3. Clients speak to it themselves: their URLs are presigned for exactly one size, type and,
 * when it is known, checksum, and only while nothing has that key. What it cannot be made to promise is said in
 * docs/decisions/0018-objects-in-a-folder-or-an-s3.md.
 */
import { GetObjectCommand, HeadBucketCommand, HeadObjectCommand, DeleteObjectCommand, PutObjectCommand, type HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { createHash } from 'node:crypto';
import { PassThrough, pipeline, type Readable, Transform } from 'node:stream';
import { asAttachment, harmlessType } from './download.ts';
import { checkBelow, checkKey, checkType, checkUpload, noObject, unavailable, type ObjectKey, type Objects } from './objects.ts';
import { isMissing, openS3, type S3Settings } from './s3-client.ts';
import { abortLeftovers, removeBelow } from './s3-many.ts';

/** S3's least is 5 MB a part and 10 000 parts: 80 GB in all. Two are under way at a time. */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 2;
const SECONDS_MAX = 7 * 24 * 3_600;

export function s3Objects(settings: S3Settings, callMs?: number): Objects {
  const s3 = openS3(settings, callMs);
  const { Bucket } = s3;
  const get = async (key: ObjectKey): Promise<Readable> => {
    checkKey(key);
    const { Body } = await s3.reach((abortSignal) => s3.client.send(new GetObjectCommand({ Bucket, Key: key }), { abortSignal }))
      .catch((error: unknown) => { throw isMissing(error) ? noObject() : unavailable(error); });
    return whole(Body as Readable);
  };
  const look = (key: ObjectKey): Promise<HeadObjectCommandOutput | null> => {
    checkKey(key);
    return s3.reach((abortSignal) => s3.client.send(new HeadObjectCommand({ Bucket, Key: key, ChecksumMode: 'ENABLED' }), { abortSignal }))
      .catch((error: unknown) => { if (isMissing(error)) return null; throw unavailable(error); });
  };
  return {
    async uploadUrl(wanted) {
      checkUpload(wanted);
      const { key, type, bytes, sha256, expiresAt } = wanted;
      const checksum = sha256 === undefined ? undefined : Buffer.from(sha256, 'hex').toString('base64');
      const command = new PutObjectCommand({ Bucket, Key: key, ContentType: type, ContentLength: bytes, IfNoneMatch: '*', ...(checksum && { ChecksumSHA256: checksum }) });
      const url = await getSignedUrl(s3.presigner, command, {
        expiresIn: secondsUntil(expiresAt),
        // In the signature as headers that the client must send: in the query alone they would bind nobody.
        signableHeaders: new Set(['host', 'content-type', 'content-length', 'if-none-match', 'x-amz-checksum-sha256']),
        unhoistableHeaders: new Set(['x-amz-checksum-sha256']),
      });
      return { url, method: 'PUT', headers: { 'content-type': type, 'if-none-match': '*', ...(checksum && { 'x-amz-checksum-sha256': checksum }) } };
    },
    async downloadUrl({ key, name, type, expiresAt }) {
      checkKey(key);
      const command = new GetObjectCommand({ Bucket, Key: key, ResponseContentDisposition: asAttachment(name), ResponseContentType: harmlessType(type), ResponseCacheControl: 'private, no-store' });
      return getSignedUrl(s3.presigner, command, { expiresIn: secondsUntil(expiresAt) });
    },
    async head(key) {
      const found = await look(key);
      return found && { bytes: found.ContentLength ?? 0, type: found.ContentType ?? 'application/octet-stream', sha256: saidChecksum(found) ?? await checksumOf(await get(key)) };
    },
    async size(key) {
      const found = await look(key);
      return found && (found.ContentLength ?? 0);
    },
    read: get,
    async write(key, from, { type }) {
      checkKey(key);
      checkType(type);
      const counted = counting();
      // The source's failure, if it has one, is the caller's own; anything else is the store's.
      let fromSource: Error | undefined;
      from.once('error', (error) => { fromSource = error; });
      pipeline(from, counted.through, () => undefined);
      const upload = new Upload({ client: s3.uploader, params: { Bucket, Key: key, ContentType: type, Body: counted.through, ChecksumAlgorithm: 'SHA256' }, partSize: PART_BYTES, queueSize: PARTS_AT_ONCE });
      await upload.done().catch((error: unknown) => {
        from.destroy();
        throw fromSource ?? unavailable(error);
      });
      return counted.written();
    },
    async remove(key) {
      checkKey(key);
      await s3.reach((abortSignal) => s3.client.send(new DeleteObjectCommand({ Bucket, Key: key }), { abortSignal })).catch((error: unknown) => { throw unavailable(error); });
    },
    async removeAll(below) {
      checkBelow(below);
      await removeBelow(s3, below).catch((error: unknown) => { throw unavailable(error); });
    },
    sweep: (untouchedMs) => abortLeftovers(s3, untouchedMs).catch((error: unknown) => { throw unavailable(error); }),
    ready: () => s3.reach((abortSignal) => s3.client.send(new HeadBucketCommand({ Bucket }), { abortSignal })).then(() => undefined, (error: unknown) => { throw unavailable(error); }),
    door: null,
    close: async () => s3.close(),
  };
}

const secondsUntil = (at: Date): number => Math.max(1, Math.min(SECONDS_MAX, Math.floor((at.getTime() - Date.now()) / 1_000)));

/** Of an object in parts S3 has a checksum of checksums (`…-3`), which is not one of its content. */
function saidChecksum({ ChecksumSHA256: said }: HeadObjectCommandOutput): string | null {
  return said === undefined || said.includes('-') ? null : Buffer.from(said, 'base64').toString('hex');
}

async function checksumOf(content: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of content) hash.update(part as Buffer);
  return hash.digest('hex');
}

function counting(): { through: Transform; written(): { bytes: number; sha256: string } } {
  const hash = createHash('sha256');
  let bytes = 0;
  const through = new Transform({
    transform(part: Buffer, _, done) {
      bytes += part.length;
      hash.update(part);
      done(null, part);
    },
  });
  return { through, written: () => ({ bytes, sha256: hash.digest('hex') }) };
}

/** The same, but when it breaks off its error is ours and holds no address. */
function whole(body: Readable): Readable {
  const out = new PassThrough();
  body.once('error', (error) => out.destroy(unavailable(error)));
  return pipeline(body, out, () => undefined);
}

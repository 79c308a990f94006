/** What concerns many objects of a bucket at once: all of a tenant's, and what writes that were cut off have left. */
import { AbortMultipartUploadCommand, DeleteObjectsCommand, ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { isKey } from './objects.ts';
import type { S3 } from './s3-client.ts';

export async function removeBelow(s3: S3, below: string): Promise<void> {
  const { client, Bucket } = s3;
  for (let more = true; more;) {
    const page = await s3.reach((abortSignal) => client.send(new ListObjectsV2Command({ Bucket, Prefix: below }), { abortSignal }));
    const found = (page.Contents ?? []).map(({ Key }) => ({ Key: Key! }));
    if (found.length > 0) {
      const { Errors = [] } = await s3.reach((abortSignal) => client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: found, Quiet: true } }), { abortSignal }));
      if (Errors.length > 0) throw new Error(`S3 kept ${Errors.length} of ${found.length} objects: ${Errors[0]!.Code}.`);
    }
    more = page.IsTruncated === true && found.length > 0;
  }
}

/** Parts of uploads that were never completed. Of Atlas's own keys alone: a bucket may hold more. */
export async function abortLeftovers(s3: S3, untouchedMs: number): Promise<void> {
  const { client, Bucket } = s3;
  const before = Date.now() - untouchedMs;
  let after: { KeyMarker?: string; UploadIdMarker?: string } = {};
  for (let more = true; more;) {
    const page = await s3.reach((abortSignal) => client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'tnt_', ...after }), { abortSignal }));
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (!isKey(Key) || !UploadId || !Initiated || Initiated.getTime() >= before) continue;
      await s3.reach((abortSignal) => client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }), { abortSignal }));
    }
    more = page.IsTruncated === true;
    after = { ...(page.NextKeyMarker !== undefined && { KeyMarker: page.NextKeyMarker }), ...(page.NextUploadIdMarker !== undefined && { UploadIdMarker: page.NextUploadIdMarker }) };
  }
}

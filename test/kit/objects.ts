/** Objects for a suite: keys, content, and a client that uploads as it is told. */
import { createHash, randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { TenantId } from '../../platform/ids.ts';
import type { ObjectKey, UploadUrl } from '../../platform/objects/objects.ts';

export const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');
export const keyOf = (tenant: TenantId, name = randomBytes(8).toString('hex')): ObjectKey => `${tenant}/attachments/${name}`;
export const soon = (ms = 60_000): Date => new Date(Date.now() + ms);
export const put = (to: UploadUrl, body: string | Buffer, headers = to.headers): Promise<Response> => fetch(to.url, { method: to.method, headers, body: new Uint8Array(Buffer.from(body)) });
export const contentOf = async (from: Readable): Promise<Buffer> => Buffer.concat(await from.toArray() as Buffer[]);
/** So many bytes without holding them: the same block again and again, unless it is told to fail. */
export async function* bytesOf(mb: number, failAt = Infinity): AsyncGenerator<Buffer> {
  const block = Buffer.alloc(1_000_000, 'atlas ');
  for (let at = 0; at < mb; at += 1) {
    if (at === failAt) throw new Error('the source broke');
    yield block;
  }
}

/** The same URL, made to name another object, with the signature of the first. */
export function changedTo(url: string, key: ObjectKey, other: ObjectKey): string {
  const changed = new URL(url);
  const grant = changed.searchParams.get('grant');
  if (grant === null) return url.replace(key, other);
  const [said = '', mark] = grant.split('.');
  changed.searchParams.set('grant', `${Buffer.from(Buffer.from(said, 'base64url').toString().replace(key, other)).toString('base64url')}.${mark}`);
  return changed.href;
}

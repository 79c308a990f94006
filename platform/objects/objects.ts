/**
 * What is too large for a row: attachments, uploads, exports. An object has a key that begins with its tenant, a type and
 * a checksum; it is there wholly or not at all. Clients never send or fetch it through the graph: they are given a URL.
 */
import type { Readable } from 'node:stream';
import { AtlasError } from '../errors.ts';
import { ID_SUFFIX, type TenantId } from '../ids.ts';
import type { Route } from '../serve.ts';

/** `tnt_…/attachments/att_…`: made by Atlas, never by a client. */
export type ObjectKey = `${TenantId}/${string}`;

/** `sha256` is in hex. */
export interface ObjectHead { bytes: number; sha256: string; type: string }

export interface UploadWanted {
  key: ObjectKey;
  type: string;
  /** Exactly so many: the client knows, and whoever asks for the URL has held it to a limit. */
  bytes: number;
  /** When the client knows it, nothing else can be uploaded. */
  sha256?: string;
  expiresAt: Date;
}
/** What a client sends: the body alone, with these headers. */
export interface UploadUrl { url: string; method: 'PUT'; headers: Record<string, string> }
/** `name` is what the file is called at the client: any text. */
export interface DownloadWanted { key: ObjectKey; name: string; type: string; expiresAt: Date }

export interface Objects {
  /** A URL that works once, while no object has this key: what was looked at after an upload stays as it was. */
  uploadUrl(wanted: UploadWanted): Promise<UploadUrl>;
  /** A URL that saves the object as a file; no browser shows or runs it. Works until it expires, however often. */
  downloadUrl(wanted: DownloadWanted): Promise<string>;
  /** Null when there is none. In S3 the first look at what came without a checksum, or in parts, reads it through. */
  head(key: ObjectKey): Promise<ObjectHead | null>;
  /** How many bytes it has, and nothing of it is read for that; null when there is none. */
  size(key: ObjectKey): Promise<number | null>;
  /** NOT_FOUND when there is none. Fails, and never just ends, when it breaks off. */
  read(key: ObjectKey): Promise<Readable>;
  /** Takes the place of what was there, once all of it is kept. When `from` fails, nothing has changed. */
  write(key: ObjectKey, from: Readable, as: { type: string }): Promise<{ bytes: number; sha256: string }>;
  /** Whether or not there is one. */
  remove(key: ObjectKey): Promise<void>;
  /** Everything below: `tnt_…/` is all that a tenant has. */
  removeAll(below: `${TenantId}/${string}`): Promise<void>;
  /** Deletes what writes that were cut off have left, and nothing else: what nobody has touched for so long. */
  sweep(untouchedMs: number): Promise<void>;
  /** Rejects when objects can be neither kept nor read. */
  ready(): Promise<void>;
  /** What the gateway answers at /objects; null where clients speak to the store itself. */
  readonly door: Route | null;
  close(): Promise<void>;
}

/** Small letters alone: a folder may take `A` for `a`. A segment never begins with a dot. */
const SEGMENT = '[a-z0-9_-][a-z0-9._-]{0,99}';
const KEY = new RegExp(`^tnt_${ID_SUFFIX}(/${SEGMENT}){1,8}$`);
const BELOW = new RegExp(`^tnt_${ID_SUFFIX}/(${SEGMENT}/){0,8}$`);
const TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*(; ?[a-z0-9-]+=[\w.-]+)*$/i;
const TYPE_MAX = 127;
const SHA256 = /^[0-9a-f]{64}$/;

export const isKey = (key: unknown): key is ObjectKey => typeof key === 'string' && KEY.test(key);
export const isType = (type: unknown): type is string => typeof type === 'string' && type.length <= TYPE_MAX && TYPE.test(type);

/** Whoever calls has made the key: a wrong one is our fault, and no client is told of it. */
export function checkKey(key: string): void {
  if (!isKey(key)) throw new TypeError('An object\'s key is a tenant and one to eight names of small letters, digits, ".", "_" and "-".');
}
export function checkBelow(below: string): void {
  if (!BELOW.test(below)) throw new TypeError('What is removed at once is named by a tenant and whole names, with a "/" at the end.');
}
export function checkType(type: string): void {
  if (!isType(type)) throw new AtlasError('INVALID_INPUT', 'This is no media type such as image/png.');
}
export function checkUpload({ key, type, bytes, sha256 }: UploadWanted): void {
  checkKey(key);
  checkType(type);
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw new TypeError('An upload has a number of bytes.');
  if (sha256 !== undefined && !SHA256.test(sha256)) throw new AtlasError('INVALID_INPUT', 'A SHA-256 is 64 hexadecimal digits in small letters.');
}

export const noObject = (): AtlasError => new AtlasError('NOT_FOUND', 'There is no such file.');

const FULL = ['ENOSPC', 'EDQUOT'];
/** What a store says of itself names folders and addresses: that stays in the cause. */
export function unavailable(cause: unknown): AtlasError {
  if (cause instanceof AtlasError) return cause;
  const isFull = FULL.includes((cause as { code?: string }).code ?? '');
  return new AtlasError('OBJECTS_UNAVAILABLE', isFull ? 'There is no room left for files at the moment.' : undefined, { cause });
}

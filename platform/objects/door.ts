/**
 * The folder's way in and out, over HTTP: PUT and GET of /objects with a grant in the URL. What comes is held to what the
 * grant says while it comes; what leaves is saved by a browser, never shown by it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import parseRange from 'range-parser';
import { AtlasError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import type { Route } from '../serve.ts';
import { asAttachment, harmlessType } from './download.ts';
import { readGrant, type Grant } from './grant.ts';
import type { Judge, OpenObject, Written } from './object-file.ts';
import type { ObjectKey } from './objects.ts';

/** What the door needs of the folder. */
export interface Folder {
  /** Refuses with UPLOAD_DONE when there is one already, and with UPLOAD_UNDER_WAY while another is on its way. */
  create(key: ObjectKey, from: AsyncIterable<Buffer>, type: string, judge: Judge): Promise<Written>;
  /** NOT_FOUND when there is none. */
  open(key: ObjectKey): Promise<OpenObject>;
}

type Put = Extract<Grant, { do: 'put' }>;
type Get = Extract<Grant, { do: 'get' }>;

/** Who sends or takes nothing for so long has gone. */
const IDLE_MS = 30_000;
/** So much more is read of an upload that was refused, so that its client hears why instead of "connection reset". */
const LINGER_BYTES = 4_000_000;

/** On every answer of ours: whatever it holds, a browser neither guesses what it is, nor runs it, nor shows it elsewhere. */
const CONFINED = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'cache-control': 'private, no-store',
};

export const folderDoor = (folder: Folder, secret: Secret, idleMs = IDLE_MS): Route => async (request, response, url) => {
  for (const [name, value] of Object.entries(CONFINED)) response.setHeader(name, value);
  request.socket.setTimeout(idleMs);
  response.on('timeout', () => request.socket.destroy());
  const grant = readGrant(secret, url.searchParams.get('grant'));
  if (grant.do === 'put' && request.method === 'PUT') return take(folder, grant, request, response);
  if (grant.do === 'get' && (request.method === 'GET' || request.method === 'HEAD')) return give(folder, grant, request, response);
  response.setHeader('allow', grant.do === 'put' ? 'PUT' : 'GET, HEAD');
  throw new AtlasError('METHOD_NOT_ALLOWED', `This URL is for ${grant.do === 'put' ? 'PUT' : 'GET'}.`);
};

async function take(folder: Folder, grant: Put, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const tooLarge = () => new AtlasError('BODY_TOO_LARGE', `This URL takes ${grant.bytes} bytes and no more.`);
  try {
    if (request.headers['content-type'] !== grant.type) throw new AtlasError('UPLOAD_MISMATCH', `This URL takes ${grant.type}, and Content-Type has to say so.`);
    if (Number(request.headers['content-length'] ?? 0) > grant.bytes) throw tooLarge();
    // A refusal must not close what it is to be said through.
    const body = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    const { sha256 } = await folder.create(grant.key, body, grant.type, (so) => {
      if (so.bytes > grant.bytes) throw tooLarge();
      if (so.sha256 === undefined) return;
      if (so.bytes < grant.bytes) throw new AtlasError('UPLOAD_MISMATCH', `This URL takes ${grant.bytes} bytes; ${so.bytes} came.`);
      if (grant.sha256 !== undefined && grant.sha256 !== so.sha256) throw new AtlasError('UPLOAD_MISMATCH', 'What came has another SHA-256 than was announced.');
    });
    response.writeHead(200, { 'content-length': 0, etag: `"${sha256}"` }).end();
  } catch (error) {
    if (request.destroyed && !request.complete) return void response.destroy(); // the client left: nobody to tell
    linger(request);
    throw error;
  }
}

function linger(request: IncomingMessage): void {
  let bytes = 0;
  request.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes > LINGER_BYTES) request.socket.destroy();
  });
}

async function give(folder: Folder, grant: Get, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const object = await folder.open(grant.key);
  const etag = `"${object.sha256}"`;
  const part = partOf(request, object.bytes, etag);
  if (part === 'none') {
    await object.close();
    response.setHeader('content-range', `bytes */${object.bytes}`);
    throw new AtlasError('RANGE_INVALID');
  }
  const { start, end } = part ?? { start: 0, end: object.bytes - 1 };
  response.writeHead(part ? 206 : 200, {
    'content-type': harmlessType(grant.type),
    'content-disposition': asAttachment(grant.name),
    'content-length': end - start + 1,
    'accept-ranges': 'bytes',
    etag,
    ...(part && { 'content-range': `bytes ${start}-${end}/${object.bytes}` }),
  });
  if (request.method === 'HEAD') {
    await object.close();
    return void response.end();
  }
  await pipeline(object.stream({ start, end }), response).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error; // the client left
  });
}

/** One range of bytes, of the object as the client knows it; null for all of it, which is also the answer to several. */
function partOf(request: IncomingMessage, bytes: number, etag: string): { start: number; end: number } | null | 'none' {
  const { range, 'if-range': ifRange } = request.headers;
  if (range === undefined || request.method === 'HEAD' || (ifRange !== undefined && ifRange !== etag)) return null;
  const found = parseRange(bytes, range);
  if (found === -1) return 'none';
  return found !== -2 && found.type === 'bytes' && found.length === 1 ? found[0]! : null;
}

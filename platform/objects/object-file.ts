/**
 * One object, one file: a first line of 512 bytes that says what it is, then its bytes. Written aside, brought to the disk
 * and only then given its name, so that type, checksum and content change together and half a write is never seen.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import type { ObjectHead } from './objects.ts';

const HEAD_BYTES = 512;
const FORMAT = 'atlas-object-1 ';
const NAMING_TRIES = 5;

export interface Written { bytes: number; sha256: string }
/** May refuse what has come, by throwing: told with each part, and once at the end with the checksum. */
export type Judge = (so: { bytes: number; sha256?: string }) => void;

/** What was to be written could not be read: not the disk's fault. */
export class SourceFailed extends Error {}

async function* fromSource(from: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* from;
  } catch (cause) {
    throw new SourceFailed('What was to be written broke off.', { cause });
  }
}

export async function writeAside(file: string, from: AsyncIterable<Buffer>, type: string, judge?: Judge): Promise<Written> {
  const handle = await open(file, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const part of fromSource(from)) {
      bytes += part.length;
      judge?.({ bytes });
      hash.update(part);
      await writeWhole(handle, part, HEAD_BYTES + bytes - part.length);
    }
    const written = { bytes, sha256: hash.digest('hex') };
    judge?.(written);
    await writeWhole(handle, Buffer.from(`${FORMAT}${JSON.stringify({ ...written, type } satisfies ObjectHead)}`.padEnd(HEAD_BYTES - 1).concat('\n')), 0);
    await handle.sync();
    return written;
  } finally {
    await handle.close();
  }
}

async function writeWhole(handle: FileHandle, part: Buffer, at: number): Promise<void> {
  for (let done = 0; done < part.length;) done += (await handle.write(part, done, part.length - done, at + done)).bytesWritten;
}

/** Gives it its name. `first`: only when nothing has that name yet, otherwise fails with EEXIST. */
export async function nameIt(aside: string, file: string, first = false): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await (first ? link(aside, file) : rename(aside, file));
      break;
    } catch (error) {
      // Somebody removed the folder between the two: all of a tenant's, say.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === NAMING_TRIES) throw error;
    }
  }
  if (first) await rm(aside, { force: true });
  await syncFolder(dirname(file));
}

/** A name is as durable as the folder that holds it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch((error: NodeJS.ErrnoException) => { if (error.code !== 'ENOENT') throw error; });
  try {
    await handle?.sync();
  } finally {
    await handle?.close();
  }
}

export interface OpenObject extends ObjectHead {
  /** Both ends are part of it. Closes the file when it ends or is destroyed. */
  stream(range?: { start: number; end: number }): Readable;
  close(): Promise<void>;
}

/** Null when there is none. What it opened stays what it was, whatever takes its name meanwhile. */
export async function openObject(file: string): Promise<OpenObject | null> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (!handle) return null;
  try {
    const head = await headOf(handle);
    return {
      ...head,
      stream(range = { start: 0, end: head.bytes - 1 }) {
        if (head.bytes > 0) return createReadStream('', { fd: handle, start: HEAD_BYTES + range.start, end: HEAD_BYTES + range.end });
        return new Readable({ read() { this.push(null); }, destroy: (error, done) => { handle.close().then(() => done(error), done); } });
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function headOf(handle: FileHandle): Promise<ObjectHead> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  const text = buffer.subarray(0, bytesRead).toString('utf8');
  if (!text.startsWith(FORMAT)) throw new Error('The file is no object of Atlas\'s.');
  const head = JSON.parse(text.slice(FORMAT.length)) as ObjectHead;
  if ((await handle.stat()).size !== HEAD_BYTES + head.bytes) throw new Error('The file is shorter or longer than it was written.');
  return head;
}

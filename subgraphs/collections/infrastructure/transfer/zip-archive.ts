/** What lies in a zip archive, one entry after the other, by its directory at the end: what a stream says on the way may differ from it. */
import { mkdtemp, open, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { getFileNameLowLevel, fromFdPromise, validateFileName, type Entry, type ZipFile } from 'yauzl';
import { AtlasError } from '../../../../platform/errors.ts';
import { ROW_BYTES_MAX, type Bytes } from '../../domain/transfer.ts';

/**
 * The archive waits on the disk; of what is in it one entry at a time is held. Together these hold what an archive may
 * cost: a ratio would refuse honest text that repeats itself, and could not hold an archive of a million small bombs.
 */
export const ARCHIVE_LIMITS = { archiveBytesMax: 1_073_741_824, totalBytesMax: 2_147_483_648, entriesMax: 250_000, entryBytesMax: ROW_BYTES_MAX };
export type ArchiveLimits = typeof ARCHIVE_LIMITS;

const NAME_CHARS_MAX = 300;
const LINK = 0o120_000;
const KIND = 0o170_000;

/** `of`: how many there are. */
export interface ArchiveEntry { line: number; of: number; name: string; isFile: boolean; fault?: AtlasError; read(): Promise<Buffer> }

export async function* entriesOf(source: Bytes, limits: ArchiveLimits): AsyncGenerator<ArchiveEntry> {
  const file = await unnamedFile();
  try {
    await writeFile(file, bounded(source, limits.archiveBytesMax));
    const { size } = await file.stat();
    yield* within(await opened(file), size, limits);
  } finally {
    await file.close();
  }
}

/** Open, and already without a name: a process that is killed leaves nothing that somebody would have to find. */
async function unnamedFile(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-archive-'));
  try {
    return await open(join(folder, 'archive.zip'), 'wx+', 0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* within(zip: ZipFile, archiveBytes: number, limits: ArchiveLimits): AsyncGenerator<ArchiveEntry> {
  if (zip.entryCount > limits.entriesMax) throw tooLarge(`The archive holds more than ${limits.entriesMax} files.`);
  const spent = { bytes: 0 };
  let packed = 0;
  let line = 0;
  const entries = zip.eachEntry();
  for (;;) {
    const next = await entries.next().catch((cause: unknown) => { throw broken(cause); });
    if (next.done) return;
    const entry = next.value;
    line += 1;
    packed += entry.compressedSize;
    // Entries that share their bytes are how a small archive holds more than any ratio allows.
    if (packed > archiveBytes) throw broken();
    const name = nameOf(entry);
    const fault = faultOf(entry, name, limits);
    const isFile = !name.endsWith('/') && ((entry.externalFileAttributes >>> 16) & KIND) !== LINK;
    yield { line, of: zip.entryCount, name: name.slice(0, NAME_CHARS_MAX), isFile, ...(fault && { fault }), read: () => contentOf(zip, entry, spent, limits) };
  }
}

async function opened(file: FileHandle): Promise<ZipFile> {
  try {
    // Names are looked at one by one: a bad one refuses its entry, not the archive.
    return await fromFdPromise(file.fd, { autoClose: false, lazyEntries: true, decodeStrings: false, validateEntrySizes: true });
  } catch (cause) {
    throw broken(cause);
  }
}

const nameOf = (entry: Entry): string => getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);

function faultOf(entry: Entry, name: string, { entryBytesMax }: ArchiveLimits): AtlasError | undefined {
  if (validateFileName(name) !== null || name.includes('\0')) return new AtlasError('INVALID_INPUT', 'The path of this file leads out of the archive.');
  if (name.length > NAME_CHARS_MAX) return new AtlasError('INVALID_INPUT', `The path of this file is longer than ${NAME_CHARS_MAX} characters.`);
  if (entry.isEncrypted()) return new AtlasError('FILE_ENCRYPTED', 'This file is locked with a password.');
  return entry.uncompressedSize > entryBytesMax ? tooLarge(`This file is larger than ${Math.round(entryBytesMax / 1_048_576)} MB.`) : undefined;
}

async function contentOf(zip: ZipFile, entry: Entry, spent: { bytes: number }, limits: ArchiveLimits): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      spent.bytes += (chunk as Buffer).length;
      if (spent.bytes > limits.totalBytesMax) break;
      chunks.push(chunk as Buffer); // never more than the entry says of itself, which was looked at: yauzl holds it to that
    }
  } catch (cause) {
    throw new AtlasError('INVALID_INPUT', 'This file is broken, or packed in a way that is not known here.', { cause });
  }
  if (spent.bytes > limits.totalBytesMax) throw new ArchiveTooLarge('FILE_TOO_LARGE', `Unpacked, the archive is larger than ${Math.round(limits.totalBytesMax / 1_048_576)} MB.`);
  const content = Buffer.concat(chunks);
  if (crc32(content) !== entry.crc32) throw new AtlasError('INVALID_INPUT', 'This file was damaged on its way: its checksum differs.');
  return content;
}

/** The archive's fault, not the entry's: the reading ends. */
export class ArchiveTooLarge extends AtlasError {}

const tooLarge = (sentence: string) => new AtlasError('FILE_TOO_LARGE', sentence);
const broken = (cause?: unknown) => new AtlasError('FILE_UNREADABLE', 'This is no zip archive, or a broken one.', { cause });

async function* bounded(source: Bytes, bytesMax: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw tooLarge(`The archive is larger than ${Math.round(bytesMax / 1_048_576)} MB.`);
    yield chunk;
  }
}

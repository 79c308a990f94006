/** Bytes that are text: in UTF-8, without the mark that some programs put before it, and back into chunks worth sending. */
import { AtlasError } from '../../../../platform/errors.ts';
import type { Bytes } from '../../domain/transfer.ts';

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const CHUNK_CHARS = 65_536;

/** A view of the same memory. */
const bufferOf = (chunk: Uint8Array): Buffer => Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);

export async function* plainText(source: Bytes): AsyncGenerator<Buffer> {
  let start: Buffer | null = Buffer.alloc(0);
  for await (const chunk of source) {
    if (!start) {
      yield bufferOf(chunk);
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.length < BOM.length) continue;
    yield opened(start);
    start = null;
  }
  if (start && start.length > 0) yield opened(start);
}

function opened(start: Buffer): Buffer {
  const mark = start.length >= 2 ? start.readUInt16BE(0) : 0;
  if (mark === 0xfffe || mark === 0xfeff) throw new AtlasError('FILE_UNREADABLE', 'The file is in UTF-16; save it as UTF-8 and send it again.');
  if (start.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004'))) throw new AtlasError('FILE_UNREADABLE', 'This is a zip archive (or a spreadsheet), not text.');
  return start.subarray(0, BOM.length).equals(BOM) ? start.subarray(BOM.length) : start;
}

/** Lines of their own would each cost a write. */
export async function* inChunks(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let waiting: string[] = [];
  let chars = 0;
  for await (const text of texts) {
    waiting.push(text);
    chars += text.length;
    if (chars < CHUNK_CHARS) continue;
    yield Buffer.from(waiting.join(''));
    waiting = [];
    chars = 0;
  }
  if (chars > 0) yield Buffer.from(waiting.join(''));
}

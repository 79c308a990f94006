/** One JSON object a line. */
import { isUtf8 } from 'node:buffer';
import { AtlasError } from '../../../../platform/errors.ts';
import { refusalOf, ROW_BYTES_MAX, rowOf, type Bytes, type ExportedItem, type ReadRow, type Row, type RowReader, type RowWriter } from '../../domain/transfer.ts';
import { linesOf } from './lines.ts';
import { inChunks } from './text-bytes.ts';

/** Up to this size a row costs little whatever is in it. */
const PLAIN_BYTES_MAX = 262_144;
/** An item is long by its body, which is one value; millions of values would take a hundred times the memory of their text. */
const VALUES_MAX = 100_000;
const MEGABYTES_MAX = ROW_BYTES_MAX / 1_048_576;

export class JsonlRows implements RowReader, RowWriter {
  readonly type = 'application/x-ndjson';
  readonly extension = 'jsonl';

  async *read(source: Bytes, after = 0): AsyncGenerator<ReadRow> {
    for await (const { line, at, bytes } of linesOf(source, ROW_BYTES_MAX)) {
      if (at <= after || (bytes && isBlank(bytes))) continue;
      try {
        yield { line, at, row: parsed(bytes) };
      } catch (error) {
        yield { line, at, refused: refusalOf(error) };
      }
    }
  }

  write(items: AsyncIterable<ExportedItem>): Bytes {
    return inChunks(written(items));
  }
}

async function* written(items: AsyncIterable<ExportedItem>): AsyncGenerator<string> {
  for await (const { id, version, createdAt, updatedAt, title, body, url, tags, metadata } of items) {
    yield `${JSON.stringify({ title, body, url, tags, metadata, atlas: { id, version, createdAt, updatedAt } })}\n`;
  }
}

const refused = (sentence: string) => new AtlasError('INVALID_INPUT', sentence);

function parsed(bytes: Buffer | null): Row {
  if (!bytes) throw refused(`The row is longer than ${MEGABYTES_MAX} MB.`);
  if (!isUtf8(bytes)) throw refused('The row is not valid UTF-8.');
  if (bytes.length > PLAIN_BYTES_MAX && !valuesWithin(bytes, VALUES_MAX)) throw refused(`The row holds more than ${VALUES_MAX} values.`);
  const value = json(bytes.toString());
  if (Array.isArray(value)) throw refused('A row is one JSON object, not a list: { "title": "…", "body": "…" }.');
  if (typeof value !== 'object' || value === null) throw refused('A row is one JSON object: { "title": "…", "body": "…" }.');
  return rowOf(Object.entries(value));
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new AtlasError('INVALID_INPUT', 'The row is not JSON.', { cause });
  }
}

const isBlank = (bytes: Buffer): boolean => bytes.length < 16 && bytes.toString('latin1').trim() === '';

/** Counts what opens or parts values outside of texts, without making them. */
function valuesWithin(bytes: Buffer, max: number): boolean {
  let values = 0;
  let quoted = false;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i];
    if (byte === 0x5c && quoted) i += 1;
    else if (byte === 0x22) quoted = !quoted;
    else if (!quoted && (byte === 0x2c || byte === 0x5b || byte === 0x7b) && (values += 1) > max) return false;
  }
  return true;
}

/** Files as people and attackers send them, in pieces of any size. */
import { crc32, deflateRawSync } from 'node:zlib';
import type { Bytes, ReadRow, RowReader } from '../../subgraphs/collections/domain/transfer.ts';

export async function* inPieces(file: Buffer | string, bytes = 65_536): AsyncGenerator<Buffer> {
  const whole = Buffer.from(file as string);
  for (let at = 0; at < whole.length; at += bytes) yield whole.subarray(at, at + bytes);
}

export async function* each<T>(items: Iterable<T>): AsyncGenerator<T> { yield* items; }

export async function wholeOf(bytes: Bytes): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function rowsOf(reader: RowReader, file: Buffer | string, given: { bytes?: number; after?: number } = {}): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const row of reader.read(inPieces(file, given.bytes), given.after)) rows.push(row);
  return rows;
}

/** Where it stands and what became of it, in one line. */
export const told = (row: ReadRow): string => `${row.line}: ${'row' in row ? row.row.title : 'refused' in row ? `${row.refused.code} ${row.refused.message}` : row.skipped}`;

export interface Packed { name: string; data: Buffer | string; flags?: number; mode?: number; method?: number; size?: number; crc?: number; shared?: boolean }

/** A zip archive that may say of its entries what it wants. `shared`: the bytes are those of the entry before. */
export function zipOf(entries: readonly Packed[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  let start = 0;
  for (const { name, data, flags = 0x800, mode = 0o100_644, method = 8, size, crc, shared } of entries) {
    const plain = Buffer.from(data as string);
    const packed = method === 8 ? deflateRawSync(plain) : plain;
    const head = Buffer.alloc(26);
    [20, flags, method, 0, 0x21].forEach((value, place) => head.writeUInt16LE(value, place * 2));
    [crc ?? crc32(plain), packed.length, size ?? plain.length].forEach((value, place) => head.writeUInt32LE(value, 10 + place * 4));
    head.writeUInt16LE(Buffer.byteLength(name), 22);
    if (!shared) {
      start = at;
      const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), head, Buffer.from(name), packed]);
      parts.push(local);
      at += local.length;
    }
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(start, 10);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0003'), head, tail, Buffer.from(name)]));
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, central, end]);
}

/** A PDF of one page whose content is the given stream. `more` stands in its trailer. */
export function pdfOf(content: Buffer | string, filter = '', more = ''): Buffer {
  const stream = Buffer.from(content as string);
  const objects: (string | Buffer)[][] = [
    ['<< /Type /Catalog /Pages 2 0 R >>'],
    ['<< /Type /Pages /Kids [3 0 R] /Count 1 >>'],
    ['<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>'],
    [`<< /Length ${stream.length} ${filter} >>\nstream\n`, stream, '\nendstream'],
    ['<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'],
    ['<< /Title (On gardens) >>'],
  ];
  let file = Buffer.from('%PDF-1.4\n');
  const places = objects.map((parts, place) => {
    const at = file.length;
    file = Buffer.concat([file, Buffer.from(`${place + 1} 0 obj\n`), ...parts.map((part) => Buffer.from(part as string)), Buffer.from('\nendobj\n')]);
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const table = `xref\n0 7\n0000000000 65535 f \n${places.join('')}trailer << /Size 7 /Root 1 0 R /Info 6 0 R ${more} >>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.concat([file, Buffer.from(table)]);
}

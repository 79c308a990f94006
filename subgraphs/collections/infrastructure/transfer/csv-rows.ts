/** A table whose first row names the columns: what spreadsheets read and write. */
import { AtlasError } from '../../../../platform/errors.ts';
import { columnOf, refusalOf, ROW_BYTES_MAX, rowOf, type Bytes, type ExportedItem, type ReadRow, type Row, type RowReader, type RowWriter } from '../../domain/transfer.ts';
import { CsvRecords } from './csv-records.ts';
import { inChunks, plainText } from './text-bytes.ts';

const HEADER_BYTES_MAX = 65_536;
/** Where a comma parts decimals, spreadsheets part cells by semicolons. */
const DELIMITERS = [',', ';', '\t'] as const;
const COLUMNS = ['title', 'body', 'url', 'tags', 'metadata', 'atlas.id', 'atlas.version', 'atlas.createdAt', 'atlas.updatedAt'];
/** Without it spreadsheets take UTF-8 for something else. */
const BOM = '\ufeff';
/**
 * A cell that begins like a formula is one when a spreadsheet opens the file. An apostrophe before it is the
 * spreadsheets' own mark for text; the reader takes it off again, so that nothing is lost on the way.
 */
const LIKE_FORMULA = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/u;

export class CsvRows implements RowReader, RowWriter {
  readonly type = 'text/csv';
  readonly extension = 'csv';

  async *read(source: Bytes, after = 0): AsyncGenerator<ReadRow> {
    const { delimiter, text } = await headed(source);
    let header: readonly string[] | undefined;
    for await (const record of new CsvRecords(delimiter.charCodeAt(0), ROW_BYTES_MAX).of(text)) {
      if (!header) {
        header = headerOf(record);
        continue;
      }
      const { line, at } = record;
      if (at <= after) continue;
      try {
        yield { line, at, row: rowUnder(header, record) };
      } catch (error) {
        yield { line, at, refused: refusalOf(error) };
      }
    }
    if (!header) throw unnamed();
  }

  write(items: AsyncIterable<ExportedItem>): Bytes {
    return inChunks(written(items));
  }
}

async function* written(items: AsyncIterable<ExportedItem>): AsyncGenerator<string> {
  yield BOM + lineOf(COLUMNS);
  for await (const { id, version, createdAt, updatedAt, title, body, url, tags, metadata } of items) {
    yield lineOf([title, body, url ?? '', cellOfTags(tags ?? []), metadata ? JSON.stringify(metadata) : '', id, String(version), createdAt.toISOString(), updatedAt.toISOString()]);
  }
}

const lineOf = (cells: readonly string[]): string => `${cells.map(cellOf).join(',')}\r\n`;

function cellOf(value: string): string {
  const safe = LIKE_FORMULA.test(value) ? `'${value}` : value;
  return /[",;\t\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** As people write them, unless that would not be read as the same tags again. */
function cellOfTags(tags: readonly string[]): string {
  const plain = tags.every((tag) => tag !== '' && tag === tag.trim() && !/[;,]|^\[/.test(tag));
  return plain ? tags.join(';') : JSON.stringify(tags);
}

const unnamed = () => new AtlasError('FILE_UNREADABLE', 'The first row must name the columns, and one of them must be "title".');
const refused = (sentence: string) => new AtlasError('INVALID_INPUT', sentence);

function headerOf(record: { cells: string[] } | { fault: string }): readonly string[] {
  if ('fault' in record) throw new AtlasError('FILE_UNREADABLE', `The first row cannot be read: ${record.fault}`);
  const names = record.cells.map((cell) => columnOf(textOf(cell)));
  if (!names.includes('title')) throw unnamed();
  const twice = names.find((name, place) => name !== '' && names.indexOf(name) !== place);
  if (twice !== undefined) throw new AtlasError('FILE_UNREADABLE', `The column "${twice}" is there twice.`);
  return names;
}

function rowUnder(header: readonly string[], record: { cells: string[] } | { fault: string }): Row {
  if ('fault' in record) throw refused(record.fault);
  const { cells } = record;
  if (cells.length !== header.length) throw refused(`The row has ${cells.length} cells, the first row has ${header.length}.`);
  const fields: [string, string][] = [];
  for (const [place, cell] of cells.entries()) {
    const name = header[place]!;
    // An empty cell is no value; a row always has a title, be it empty, which the item's rules then refuse.
    if (cell === '' && name !== 'title') continue;
    if (name === '') throw refused(`Cell ${place + 1} stands under a column without a name.`);
    fields.push([name, textOf(cell)]);
  }
  return rowOf(fields);
}

const textOf = (cell: string): string => (cell.startsWith("'") && LIKE_FORMULA.test(cell) ? cell.slice(1) : cell);

/** Looks at the first line for what parts its cells, and gives the text whole. */
async function headed(source: Bytes): Promise<{ delimiter: string; text: Bytes }> {
  const chunks = plainText(source);
  let start = Buffer.alloc(0);
  while (start.length < HEADER_BYTES_MAX && !/[\r\n]/.test(start.toString('latin1'))) {
    const next = await chunks.next();
    if (next.done) break;
    start = Buffer.concat([start, next.value]);
  }
  const [first = ''] = start.toString().split(/[\r\n]/, 1);
  const delimiter = DELIMITERS.find((one) => first.split(one).some((name) => columnOf(name.replaceAll('"', '')) === 'title'));
  if (delimiter === undefined) {
    await chunks.return(undefined);
    throw unnamed();
  }
  return { delimiter, text: joined(start, chunks) };
}

async function* joined(start: Buffer, rest: Bytes): AsyncGenerator<Uint8Array> {
  yield start;
  yield* rest;
}

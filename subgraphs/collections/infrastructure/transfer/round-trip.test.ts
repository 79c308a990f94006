/** What is exported can be imported again, and is the same. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { each, rowsOf, wholeOf } from '../../../../test/kit/files.ts';
import { JSON_DEPTH_MAX } from '../../domain/json.ts';
import type { ExportedItem, Row, RowReader, RowWriter } from '../../domain/transfer.ts';
import { CsvRows } from './csv-rows.ts';
import { JsonlRows } from './jsonl-rows.ts';
import { MarkdownRows } from './markdown-rows.ts';

const RUNS = 150;
const FORMATS: [string, RowReader & RowWriter][] = [['JSON lines', new JsonlRows()], ['a table', new CsvRows()], ['a folder of Markdown', new MarkdownRows()]];

/** What a database takes: whole characters, no NUL. */
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('a', '"', "'", ',', ';', '\n', '\r', '\t', ' ', '=', '-', '#', '`', '[', ':', '\\', '\ufeff', '\u2028', '\u0085', 'é', 'e\u0301', '😀') }))
  .map((value) => value.replaceAll('\0', ''));
const metadata = fc.dictionary(text.filter((name) => name !== ''), fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value).replaceAll('\\u0000', '')) as unknown), { maxKeys: 4, noNullPrototype: true });
const item: fc.Arbitrary<ExportedItem> = fc.record({
  title: text, body: fc.oneof(text, fc.constantFrom('', '\n', '---\ntitle: x\n---\n', '\r\n\r\n', '# H\r\n', '\ufeff')),
  url: fc.option(fc.webUrl(), { nil: undefined }), tags: fc.option(fc.array(text, { minLength: 1, maxLength: 4 }), { nil: undefined }), metadata: fc.option(metadata, { nil: undefined }),
  id: fc.uuid().map((id) => `itm_${id}`), version: fc.integer({ min: 1 }), createdAt: fc.constant(new Date('2026-01-02T03:04:05Z')), updatedAt: fc.constant(new Date('2026-01-02T03:04:05Z')),
});
const rowOfItem = ({ title, body, url, tags, metadata: more }: ExportedItem): Row => ({ title, body, ...(url && { url }), ...(tags && { tags }), ...(more && { metadata: more }) });

describe.each(FORMATS)('an export as %s', (_, format) => {
  it('comes in again as it went out, whatever is in it', async () => {
    await fc.assert(fc.asyncProperty(fc.array(item, { maxLength: 5 }), fc.integer({ min: 1, max: 300 }), async (items, bytes) => {
      const rows = await rowsOf(format, await wholeOf(format.write(each(items))), { bytes });
      expect(rows.map((row) => ('row' in row ? row.row : row))).toEqual(items.map(rowOfItem));
    }), { numRuns: RUNS });
  });

  it('holds the largest items that there may be', async () => {
    let deep: unknown = 1;
    for (let level = 1; level < JSON_DEPTH_MAX; level += 1) deep = [deep];
    const given = { title: '\u0001'.repeat(500), tags: Array.from({ length: 50 }, (__, n) => `${n}${'"'.repeat(50)}`), metadata: { deep, long: '\u0001'.repeat(10_000) }, version: 1, createdAt: new Date(0), updatedAt: new Date(0) };
    const items = ['"', '\u0001', '\n', '😀'].map((unit, n) => ({ ...given, id: `itm_${n}`, body: unit.repeat(1_048_576 / Buffer.byteLength(unit)) }));
    const rows = await rowsOf(format, await wholeOf(format.write(each(items))));
    expect(rows.map((row) => ('row' in row ? row.row.title : row))).toEqual(items.map(({ title }) => title));
    expect(rows.every((row, n) => 'row' in row && row.row.body === items[n]!.body && JSON.stringify(row.row.metadata) === JSON.stringify(given.metadata))).toBe(true);
  });

  it('of nothing is a file of nothing', async () => {
    expect(await rowsOf(format, await wholeOf(format.write(each([]))))).toEqual([]);
  });

  it('rejects with the fault of what it is made from', async () => {
    async function* failing(): AsyncGenerator<ExportedItem> {
      yield* fc.sample(item, 1);
      throw new Error('the database is gone');
    }
    await expect(wholeOf(format.write(failing()))).rejects.toThrow('the database is gone');
  });
});

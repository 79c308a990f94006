import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { each, inPieces, rowsOf, told, wholeOf } from '../../../../test/kit/files.ts';
import { CsvRecords, type CsvRecord } from './csv-records.ts';
import { CsvRows } from './csv-rows.ts';

const csv = new CsvRows();
const read = async (file: Buffer | string, bytes?: number) => (await rowsOf(csv, file, { bytes })).map(told);
async function recordsOf(file: Buffer | string, bytes?: number, bytesMax = 1_000): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  for await (const record of new CsvRecords(44, bytesMax).of(inPieces(file, bytes))) records.push(record);
  return records;
}

describe('a table', () => {
  it.each([['commas', ','], ['semicolons', ';'], ['tabs', '\t']])('may part its cells by %s', async (_, parts) => {
    const [row] = await rowsOf(csv, [['Title', ' BODY ', 'tags', 'metadata', 'metadata.isbn', 'Author', ''], ['"a"', '', '"x;y, z"', '"{""n"":1}"', '0123', 'Ann', '']].map((cells) => cells.join(parts)).join('\r\n'));
    expect(row).toEqual({ line: 2, at: expect.any(Number), row: { title: 'a', body: '', tags: ['x', 'y', 'z'], metadata: { n: 1, isbn: '0123', Author: 'Ann' } } });
  });

  it('is the same with every line end, in pieces of every size, with a mark before it or without', async () => {
    for (const end of ['\n', '\r\n', '\r']) for (const mark of ['', '\ufeff']) for (const bytes of [1, 2, 3, 5, 1_000]) {
      const file = `${mark}title,body${end}a,"x${end}y""z"${end}${end}"b",5" disk${end}c,`;
      const rows = await rowsOf(csv, file, { bytes });
      expect(rows.map(({ line, ...row }) => [line, 'row' in row && row.row])).toEqual([[2, { title: 'a', body: `x${end}y"z` }], [5, { title: 'b', body: '5" disk' }], [6, { title: 'c', body: '' }]]);
    }
  });

  it('refuses a bad row by its line and reads on', async () => {
    const file = Buffer.concat([Buffer.from('title,body\na,b,c\nd\n"e" x,1\nf,2\n'), Buffer.from([0x67, 0x2c, 0xff, 0x0a]), Buffer.from('h,"line\nline"\ni,"never\nclosed')]);
    expect(await read(file)).toEqual([
      '2: INVALID_INPUT The row has 3 cells, the first row has 2.',
      '3: INVALID_INPUT The row has 1 cells, the first row has 2.',
      '4: INVALID_INPUT Something follows the closing quote of a cell in line 4.',
      '5: f',
      '6: INVALID_INPUT The row is not valid UTF-8.',
      '7: h',
      '9: INVALID_INPUT A quote that is opened in this row is never closed: nothing after it could be read.',
    ]);
  });

  it('refuses metadata that is not JSON, is there twice or has no name', async () => {
    expect(await read('title,metadata,metadata.n,\na,{,,\nb,"{""n"":1}",2,\nc,[],,\nd,,,x\n')).toEqual([
      '2: INVALID_INPUT "metadata" is not JSON.', '3: INVALID_INPUT The metadata name "n" is there twice.',
      '4: INVALID_INPUT "metadata" must be a JSON object.', '5: INVALID_INPUT Cell 4 stands under a column without a name.']);
  });

  it.each([['an empty file', '', /first row/], ['no title', 'name,body\na,b', /"title"/], ['a column twice', 'title,Title\na,b', /"title" is there twice/], ['a column twice, unknown', 'title,x,x\na,b,c', /"x" is there twice/], ['UTF-16', Buffer.from('\ufefftitle', 'utf16le'), /UTF-16/], ['a spreadsheet', 'PK\u0003\u0004title', /spreadsheet/]])(
    'is refused as a whole with %s', async (_, file, sentence) => {
      await expect(read(file)).rejects.toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringMatching(sentence) });
    });

  it('passes over a record that is too long, to its end, and reads on', async () => {
    for (const bytes of [1, 64, 4_096]) {
      const records = await recordsOf(`a,"${'x,\n'.repeat(500)}"\nb,2\n${'y,'.repeat(800)}\nc,3\n`, bytes);
      expect(records.map((record) => [record.line, 'cells' in record ? record.cells : 'too long'])).toEqual([[1, 'too long'], [502, ['b', '2']], [503, 'too long'], [504, ['c', '3']]]);
    }
  });

  it('refuses a row of millions of cells before it keeps them', async () => {
    const [row, next] = await recordsOf(`${','.repeat(2_000_000)}\nb`, 65_536, 8_000_000);
    expect(row).toMatchObject({ fault: 'The row has more than 10000 cells.' });
    expect(next).toMatchObject({ cells: ['b'] });
  });

  it('is read as csv-parse reads it', async () => {
    const cell = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', '😀') }));
    const written = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    await fc.assert(fc.asyncProperty(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }), fc.constantFrom('\n', '\r\n', '\r'), fc.integer({ min: 1, max: 20 }), async (rows, end, bytes) => {
      const file = rows.map((cells) => cells.map(written).join(',') + end).join('');
      const theirs = parse(file, { record_delimiter: end, relax_column_count: true, relax_quotes: true });
      expect((await recordsOf(file, bytes, 100_000)).map((record) => 'cells' in record && record.cells)).toEqual(theirs);
    }), { numRuns: 300 });
  });

  it('that is written is no formula to a spreadsheet', async () => {
    const given = { id: 'itm_1', version: 1, createdAt: new Date(0), updatedAt: new Date(0) };
    const bodies = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', "'=1"];
    const file = (await wholeOf(csv.write(each(bodies.map((body) => ({ ...given, title: body, body, tags: [body], metadata: { '=x': body } })))))).toString();
    const cells = (parse(file, { bom: true }) as string[][]).slice(1).flat();
    expect(cells.filter((text) => /^[=+\-@\t\r\n＝＋－＠]/u.test(text))).toEqual([]);
    expect((await rowsOf(csv, file)).map((row) => 'row' in row && row.row.body)).toEqual(bodies);
  });

  it('goes on after the row that was told last', async () => {
    const file = `title,body\n${Array.from({ length: 30 }, (_, n) => `${n},"a\nb"`).join('\n')}`;
    const all = await rowsOf(csv, file);
    for (const [place, { at }] of all.entries()) expect(await rowsOf(csv, file, { after: at, bytes: 11 })).toEqual(all.slice(place + 1));
  });
});

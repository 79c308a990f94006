import { describe, expect, it } from '@jest/globals';
import { inPieces, rowsOf, told } from '../../../../test/kit/files.ts';
import { ROW_BYTES_MAX } from '../../domain/transfer.ts';
import { JsonlRows } from './jsonl-rows.ts';

const jsonl = new JsonlRows();
const read = async (file: Buffer | string, bytes?: number) => (await rowsOf(jsonl, file, { bytes })).map(told);

describe('a file of JSON lines', () => {
  it('gives a row for each line, whatever the pieces it comes in', async () => {
    const file = '\ufeff{"title":"Ä","body":"x"}\r\n\r\n  \n{"title":"b"}\n{"title":"c"}';
    for (const bytes of [1, 2, 3, 7, 1_000]) expect(await read(file, bytes)).toEqual(['1: Ä', '4: b', '5: c']);
  });

  it('keeps what is not a field as metadata, and leaves out where an export came from', async () => {
    const [row] = await rowsOf(jsonl, '{"Title":"a","author":"Ann","metadata":{"n":1},"metadata.k":true,"atlas":{"id":"itm_1"},"atlas.id":"x","url":null,"tags":"a, b;c"}');
    expect(row).toMatchObject({ row: { title: 'a', body: '', tags: ['a', 'b', 'c'], metadata: { n: 1, author: 'Ann', k: true } } });
    expect(Object.keys((row as { row: object }).row).sort()).toEqual(['body', 'metadata', 'tags', 'title']);
  });

  it('refuses a bad row by its line and reads on', async () => {
    const rows: [string | Buffer, string][] = [
      ['{"title":', 'The row is not JSON.'],
      ['[{"title":"a"}]', 'A row is one JSON object, not a list: { "title": "…", "body": "…" }.'],
      ['null', 'A row is one JSON object: { "title": "…", "body": "…" }.'],
      ['{"body":"x"}', 'A row needs a "title".'],
      ['{"title":5}', '"title" must be text.'],
      ['{"title":"a","tags":[1]}', '"tags" must be a list of texts.'],
      ['{"title":"a","metadata":[]}', '"metadata" must be a JSON object.'],
      ['{"title":"a","Title":"b"}', '"title" is there twice.'],
      ['{"title":"a","n":1,"metadata":{"n":2}}', 'The metadata name "n" is there twice.'],
      [`{"title":"a","metadata":{"n":${'['.repeat(40)}${']'.repeat(40)}}}`, '"metadata" is more than 20 levels deep.'],
      [Buffer.from([0x7b, 0xff, 0x7d]), 'The row is not valid UTF-8.'],
    ];
    const file = Buffer.concat(rows.flatMap(([row]) => [Buffer.from(row as string), Buffer.from('\n{"title":"good"}\n')]));
    expect(await read(file)).toEqual(rows.flatMap(([, sentence], place) => [`${place * 2 + 1}: INVALID_INPUT ${sentence}`, `${place * 2 + 2}: good`]));
  });

  it('passes over a line that is absurdly long without holding it', async () => {
    const long = Buffer.alloc(1_048_576, 'x');
    async function* source() {
      yield Buffer.from('{"title":"a","body":"');
      for (let sent = 0; sent < 200; sent += 1) yield long;
      yield Buffer.from('"}\n{"title":"b"}\n');
    }
    const before = process.memoryUsage().arrayBuffers;
    const rows: string[] = [];
    let most = 0;
    for await (const row of jsonl.read(source())) {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      rows.push(told(row));
    }
    expect(rows).toEqual(['1: INVALID_INPUT The row is longer than 8 MB.', '2: b']);
    expect(most).toBeLessThan(8 * ROW_BYTES_MAX);
  });

  it('refuses a row of millions of values before it makes them', async () => {
    expect(await read(`{"title":"a","n":[${'[],'.repeat(1_000_000)}1]}\n{"title":"b","body":"${',[{'.repeat(1_000_000)}"}`)).toEqual(['1: INVALID_INPUT The row holds more than 100000 values.', '2: b']);
  });

  it('lets a name that means something to JavaScript be a name', async () => {
    const [row] = await rowsOf(jsonl, '{"title":"a","__proto__":{"admin":true},"constructor":1}');
    const { metadata } = (row as { row: { metadata: Record<string, unknown> } }).row;
    expect(Object.keys(metadata).sort()).toEqual(['__proto__', 'constructor']);
    expect(metadata.admin).toBeUndefined();
  });

  it('goes on after the row that was told last', async () => {
    const file = Array.from({ length: 50 }, (_, n) => `{"title":"${n}"}`).join('\n');
    const all = await rowsOf(jsonl, file);
    for (const [place, { at }] of all.entries()) expect(await rowsOf(jsonl, file, { after: at, bytes: 13 })).toEqual(all.slice(place + 1));
    expect(all.at(-1)!.at).toBe(file.length);
  });

  it.each([['UTF-16', Buffer.from('\ufeff{"title":"a"}', 'utf16le'), /UTF-16/], ['a zip archive', 'PK\u0003\u0004rest', /zip/]])('is refused as a whole when it is %s', async (_, file, sentence) => {
    await expect(read(file)).rejects.toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringMatching(sentence) });
  });

  it('leaves its source when nobody reads on', async () => {
    let closed = false;
    async function* source() { try { for (;;) yield* inPieces('{"title":"a"}\n'); } finally { closed = true; } }
    for await (const row of jsonl.read(source())) if (row.line === 3) break;
    expect(closed).toBe(true);
  });
});

import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { each, rowsOf, told, wholeOf, zipOf, type Packed } from '../../../../test/kit/files.ts';
import { FileNames } from './file-names.ts';
import { MarkdownRows } from './markdown-rows.ts';
import { ARCHIVE_LIMITS } from './zip-archive.ts';

const markdown = new MarkdownRows();
const read = async (...entries: Packed[]) => (await rowsOf(markdown, zipOf(entries))).map(told);
const rowOf = async (data: string, name = 'a.md') => {
  const [row] = await rowsOf(markdown, zipOf([{ name, data }]), { bytes: 100 });
  return 'row' in row! ? row.row : row;
};

describe('a folder of Markdown as a zip archive', () => {
  it('takes title, address, tags and metadata from the front matter', async () => {
    expect(await rowOf('\ufeff---\r\ntitle: 2024\r\nurl: https://a.example\r\ntags: [a, 2]\r\ndate: 2024-01-02\r\nmetadata: { n: 1 }\r\natlas: { id: itm_1 }\r\n---\r\n\r\n# Heading\r\n')).toEqual(
      { title: '2024', url: 'https://a.example', tags: ['a', '2'], metadata: { n: 1, date: '2024-01-02' }, body: '# Heading\r\n' });
  });

  it('is named by its first heading, or else by its file', async () => {
    expect(await rowOf('text\n\n```\n# code\n```\n## The *first* [one](http://x) &amp; `only` ##\n')).toMatchObject({ title: 'The first one & only' });
    expect(await rowOf('#tag\n', 'deep/er/A page.markdown')).toEqual({ title: 'A page', body: '#tag\n', metadata: { folder: 'deep/er' } });
  });

  it('says what it leaves out, and brings in the rest', async () => {
    expect(await read(
      { name: 'pages/', data: '' }, { name: 'pages/a.md', data: 'x' }, { name: 'pages/p.png', data: 'x' }, { name: '.obsidian/b.md', data: 'x' }, { name: '__MACOSX/._c.md', data: 'x' },
      { name: 'link.md', data: '/etc/passwd', mode: 0o120_777 }, { name: 'Ä/é.MD', data: 'x' },
    )).toEqual(['2: a', '3: Only Markdown files (.md, .markdown) are brought in.', '4: Hidden files are left out.', '5: Hidden files are left out.', '6: Links are left out.', '7: é']);
  });

  it('refuses a bad file by its name and reads on', async () => {
    const names = ['../out.md', '/etc/out.md', 'C:/out.md', 'a\\..\\..\\out.md', 'nul\0.md'];
    const paths = await read(...names.map((name) => ({ name, data: 'x' })), { name: 'good.md', data: 'x' });
    expect(paths).toEqual([...names.map((_, place) => `${place + 1}: INVALID_INPUT The path of this file leads out of the archive.`), '6: good']);
    expect(await read(
      { name: 'a.md', data: 'x', flags: 0x801 }, { name: 'b.md', data: Buffer.from([0xff]) }, { name: 'c.md', data: '---\na: [\n---\n' }, { name: 'd.md', data: '---\n- a\n---\n' }, { name: 'e.md', data: 'x', crc: 5 },
      { name: 'f.md', data: 'x', method: 99 }, { name: 'g.md', data: Buffer.alloc(9_000_000) }, { name: 'h.md', data: `---\na: ${'x'.repeat(300_000)}\n---\n` },
      { name: 'i.md', data: `---\n${Array.from({ length: 9 }, (_, n) => `a${n}: &a${n} [${n ? `*a${n - 1},`.repeat(9) : ''}1]\n`).join('')}---\n` }, { name: 'j.md', data: `---\na: ${'['.repeat(20_000)}\n---\n` }, { name: 'k.md', data: 'x' },
    )).toEqual([
      '1: FILE_ENCRYPTED This file is locked with a password.', '2: INVALID_INPUT The file is not valid UTF-8.', '3: INVALID_INPUT The front matter is not YAML.', '4: INVALID_INPUT The front matter must be a list of names and values.',
      '5: INVALID_INPUT This file was damaged on its way: its checksum differs.', '6: INVALID_INPUT This file is broken, or packed in a way that is not known here.', '7: FILE_TOO_LARGE This file is larger than 8 MB.',
      '8: INVALID_INPUT The front matter is longer than 256 kB.', '9: INVALID_INPUT The front matter is not YAML.', '10: INVALID_INPUT The front matter holds more than 5000 names, values and marks.', '11: k',
    ]);
  });

  it('refuses front matter of more marks than a reader of YAML gets through in a moment', async () => {
    const lines = (count: number, line: (n: string) => string) => Array.from({ length: count }, (_, n) => line(n.toString(36))).join('\n');
    const many = '1: INVALID_INPUT The front matter holds more than 5000 names, values and marks.';
    for (const yaml of [lines(6_000, (n) => `${n}:`), `a: {${lines(6_000, (n) => ` ${n}: x,`)}}`, lines(3_000, (n) => `- &a${n} x`), `a: [${'x,'.repeat(6_000)}]`, '? '.repeat(6_000)]) {
      expect(await read({ name: 'a.md', data: `---\n${yaml}\n---\nx` })).toEqual([many]);
    }
    expect(await read({ name: 'a.md', data: `---\n${lines(700, (n) => `n${n}: x`)}\n---\nx` })).toEqual(['1: a']);
  });

  it('refuses a name that is there twice, at whatever depth, or is no text', async () => {
    const twice = (name: string) => [`1: INVALID_INPUT The front matter has the name "${name}" twice.`];
    expect(await read({ name: 'a.md', data: '---\nn: x\nb: y\n"n": z\n---\n' })).toEqual(twice('n'));
    expect(await read({ name: 'a.md', data: '---\nb: [{ c: x, c: y }]\n---\n' })).toEqual(twice('c'));
    expect(await read({ name: 'a.md', data: `---\n? ${'['.repeat(50)}${']'.repeat(50)}\n---\n` }, { name: 'b.md', data: '---\nb: &b x\n*b : x\n---\n' })).toEqual([1, 2].map((line) => `${line}: INVALID_INPUT The front matter has a name that is no text.`));
    expect(await read({ name: 'a.md', data: '---\nn: 1\nn: 2\n---\n' })).toEqual(['1: INVALID_INPUT The metadata name "n" is there twice.']);
  });

  it('takes in again what was exported with all the names that metadata may have', async () => {
    const metadata = Object.fromEntries(Array.from({ length: 9_000 }, (_, n) => [n.toString(36), 1]));
    const item = { id: 'itm_1', version: 1, createdAt: new Date(0), updatedAt: new Date(0), title: 'a', body: 'x', metadata };
    const [row] = await rowsOf(markdown, await wholeOf(markdown.write(each([item]))));
    expect(row).toMatchObject({ row: { title: 'a', body: 'x', metadata } });
  });

  it('unpacks no more of an entry than the entry says of itself', async () => {
    expect(await read({ name: 'a.md', data: Buffer.alloc(100_000_000), size: 10 }, { name: 'b.md', data: 'x' })).toEqual(['1: INVALID_INPUT This file is broken, or packed in a way that is not known here.', '2: b']);
  });

  it.each([
    ['entries share their bytes', zipOf([{ name: 'a.md', data: Buffer.from(Array.from({ length: 5_000 }, (_, n) => n * n)) }, ...Array.from({ length: 9 }, () => ({ name: 'a.md', data: Buffer.from(Array.from({ length: 5_000 }, (_, n) => n * n)), shared: true }))]), 'FILE_UNREADABLE'],
    ['it holds too many files', zipOf(Array.from({ length: 21 }, (_, n) => ({ name: `${n}.md`, data: '' }))), 'FILE_TOO_LARGE'],
    ['it unpacks to too much', zipOf(Array.from({ length: 5 }, (_, n) => ({ name: `${n}.md`, data: Buffer.alloc(300_000) }))), 'FILE_TOO_LARGE'],
    ['it is too large', Buffer.alloc(200_001), 'FILE_TOO_LARGE'],
    ['it is no archive', Buffer.from('# A page'), 'FILE_UNREADABLE'],
    ['it is cut off', zipOf([{ name: 'a.md', data: 'x'.repeat(1_000) }]).subarray(0, -30), 'FILE_UNREADABLE'],
  ])('is refused as a whole when %s, and leaves nothing on the disk', async (_, file, code) => {
    const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('atlas-archive-'));
    const before = new Set(folders());
    const small = new MarkdownRows({ ...ARCHIVE_LIMITS, entriesMax: 20, totalBytesMax: 1_000_000, archiveBytesMax: 200_000 });
    await expect(rowsOf(small, file)).rejects.toMatchObject({ code });
    expect(folders().filter((name) => !before.has(name))).toEqual([]);
  });

  it('has no name on the disk while it is read, so that a process that is killed leaves none', async () => {
    const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('atlas-archive-'));
    const before = new Set(folders());
    async function* source() {
      yield zipOf([{ name: 'a.md', data: 'x' }]);
      expect(folders().filter((name) => !before.has(name))).toEqual([]);
    }
    for await (const row of markdown.read(source())) {
      expect(told(row)).toBe('1: a');
      expect(folders().filter((name) => !before.has(name))).toEqual([]);
    }
  });

  it('goes on after the file that was told last', async () => {
    const file = zipOf(Array.from({ length: 5 }, (_, n) => ({ name: `${n}.md`, data: 'x' })));
    expect((await rowsOf(markdown, file, { after: 3 })).map(told)).toEqual(['4: 3', '5: 4']);
  });
});

describe('a name for a file', () => {
  it('is one on every system', () => {
    const names = new FileNames();
    const of = (title: string) => names.nameFor(title, 'itm_1', 'md');
    expect([of('A/B: "C"?'), of('con'), of('COM1.txt'), of('..'), of('.hidden'), of('end. '), of('\u202egnp'), of('🎉')]).toEqual(['A-B- -C-.md', 'con-.md', 'COM1-txt-.md', 'itm_1.md', 'hidden.md', 'end.md', 'gnp.md', '🎉.md']);
    expect(Buffer.byteLength(of('é'.repeat(500)))).toBeLessThan(200);
  });

  it('is there once, for systems that do not tell upper from lower case nor spellings apart', () => {
    const names = new FileNames();
    expect([['Café', '1'], ['CAFE\u0301', '2'], ['cafe', '3'], ['café (4)', '5'], ['café', '4']].map(([title, id]) => names.nameFor(title!, id!, 'md'))).toEqual(['Café.md', 'CAFÉ (2).md', 'cafe.md', 'café (4).md', 'café (4) (4).md']);
  });
});

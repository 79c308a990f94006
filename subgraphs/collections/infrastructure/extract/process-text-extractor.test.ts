import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { inPieces, pdfOf, zipOf } from '../../../../test/kit/files.ts';
import { extractText } from './extract-text.ts';
import { EXTRACT_LIMITS, ProcessTextExtractor } from './process-text-extractor.ts';

const HELLO = 'BT /F1 24 Tf 72 700 Td (Hello roses) Tj 0 -30 Td (second line) Tj ET';
const LOCKED = `/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${'01'.repeat(32)}> /U <${'02'.repeat(32)}> >> /ID [<00><00>]`;
const never = () => new AbortController().signal;
const extract = (file: Buffer | string, type: string, limits = {}) => new ProcessTextExtractor({ ...EXTRACT_LIMITS, ...limits }).extract(async () => inPieces(file), type, never());
const textOf = (file: Buffer | string, type: string, bytesMax = 10_000) => extractText(Buffer.from(file as string), type, bytesMax);

describe('the text of a file', () => {
  it('comes out of a PDF, with its title', async () => {
    expect(await extract(pdfOf(HELLO), 'application/pdf')).toEqual({ text: 'Hello roses\nsecond line', truncated: false, title: 'On gardens' });
  });

  it('comes out of a page as one reads it', async () => {
    const page = '<!doctype html><html><head><title>A &amp; B</title><style>p{}</style></head><body><nav>Menu</nav><h1>One</h1><script>alert("no")</script><p>Some <b>bo</b>ld,\n  text<br>here &lt;tag&gt;</p><ul><li>a</li><li>b<noscript>no</noscript></ul><pre>x\n  y</pre><table><tr><td>1</td><td>2</td></tr><tr><td>3</table><svg><text>no</text></svg>end';
    expect(await extract(page, 'text/html; charset=utf-8')).toEqual({ text: 'Menu\n\nOne\n\nSome bold, text\nhere <tag>\n\n- a\n- b\n\nx\n  y\n\n1\t2\n3\n\nend', truncated: false, title: 'A & B' });
  });

  it('comes out of Markdown without its markup', async () => {
    expect(await extract('---\ntitle: Roses\n---\n# Of *roses*\n\nRed [ones](http://x.example) `code`\n\n<script>no</script>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n', 'text/markdown')).toEqual({ text: 'Of roses\n\nRed ones code\n\na\tb\n1\t2', truncated: false, title: 'Roses' });
    expect(await textOf('---\na: [\n---\n\n# H\n', 'text/markdown')).toMatchObject({ title: 'H' });
  });

  it.each([
    ['UTF-8 with a mark', Buffer.from('\ufeffGrün'), 'text/plain'], ['UTF-16', Buffer.from('\ufeffGrün', 'utf16le'), 'text/plain'], ['Latin, undeclared', Buffer.from('Grün', 'latin1'), 'text/plain'],
    ['Latin, declared', Buffer.from('Grün', 'latin1'), 'text/plain; charset="iso-8859-1"'], ['Latin, declared within', Buffer.from('<meta charset="latin1">Grün', 'latin1'), 'text/html'], ['of a charset that nobody knows', Buffer.from('Grün', 'latin1'), 'text/plain;charset=x-none'],
  ])('is read in %s', async (_, file, type) => {
    expect((await textOf(file, type)).text).toBe('Grün');
  });

  it('is cut between characters, and says so', async () => {
    for (const type of ['text/plain', 'text/html', 'text/markdown']) {
      const { text, truncated } = await textOf('é'.repeat(100_000), type, 1_001);
      expect([type, Buffer.byteLength(text), truncated, text.includes('\ufffd')]).toEqual([type, 1_000, true, false]);
    }
  });

  it('holds nothing that a database refuses', async () => {
    expect((await textOf('<p>a&#0;b\u0007&#xD800;c</p>', 'text/html')).text).toMatch(/^a\ufffd?b\ufffd?c$/);
  });

  it('is the same however deep a page is', async () => {
    expect((await textOf(`${'<div><b>'.repeat(10_000)}deep`, 'text/html')).text).toBe('deep');
  });

  it.each([
    ['a PDF that is none', 'plain words', 'application/pdf', 'FILE_UNREADABLE'], ['text that is a PDF', pdfOf(HELLO), 'text/plain', 'FILE_UNREADABLE'], ['text that is an archive', zipOf([{ name: 'a', data: 'x' }]), 'text/markdown', 'FILE_UNREADABLE'],
    ['a picture', 'x', 'image/png', 'FILE_UNREADABLE'], ['a type that is a name of JavaScript', 'x', 'constructor', 'FILE_UNREADABLE'], ['a broken PDF', '%PDF-1.4\nrubbish', 'application/pdf', 'FILE_UNREADABLE'], ['a PDF that is cut off', pdfOf(HELLO).subarray(0, 150), 'application/pdf', 'FILE_UNREADABLE'],
    ['a locked PDF', pdfOf(HELLO, '', LOCKED), 'application/pdf', 'FILE_ENCRYPTED'],
  ])('is refused for %s', async (_, file, type, code) => {
    await expect(textOf(file, type)).rejects.toMatchObject({ code });
  });
});

describe('a hostile file', () => {
  it('that unpacks to far more than there is memory ends its own process, and not this one', async () => {
    const bomb = pdfOf(deflateSync(deflateSync(Buffer.alloc(1_000_000_000))), '/Filter [/FlateDecode /FlateDecode]');
    const before = process.memoryUsage.rss();
    await expect(extract(bomb, 'application/pdf', { memoryBytesMax: 402_653_184 })).rejects.toMatchObject({ code: 'FILE_TOO_COMPLEX', cause: expect.objectContaining({ message: expect.stringContaining('SIGKILL') }) });
    expect(bomb.length).toBeLessThan(10_000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(402_653_184);
  });

  it('that takes for ever is given up', async () => {
    const endless = pdfOf(deflateSync(Buffer.alloc(50_000_000, '(x) Tj ')), '/Filter /FlateDecode');
    await expect(extract(endless, 'application/pdf', { timeMs: 1_500 })).rejects.toMatchObject({ code: 'FILE_TOO_COMPLEX' });
  });

  it('that is too large is refused before it is read to its end', async () => {
    let sent = 0;
    async function* endless() { for (;;) { sent += 65_536; yield Buffer.alloc(65_536, 'x'); } }
    await expect(new ProcessTextExtractor({ ...EXTRACT_LIMITS, fileBytesMax: 1_000_000 }).extract(async () => endless(), 'text/plain', never())).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
    expect(sent).toBeLessThan(10_000_000);
  });

  it('fetches nothing', async () => {
    const asked: string[] = [];
    const server = createServer(({ url }, response) => { asked.push(url!); response.end(); }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      await extract(`<base href="${at}"><link rel=stylesheet href="/a.css"><script src="${at}/b.js"></script><img src="${at}/c.png"><iframe src="${at}/d"></iframe>x`, 'text/html');
      await extract(`![x](${at}/e.png) <img src="${at}/f.png">`, 'text/markdown');
      await extract(pdfOf(HELLO, `/F << /FS /URL /F (${at}/g) >>`), 'application/pdf');
      expect(asked).toEqual([]);
    } finally {
      server.close();
    }
  });
});

describe('a process that reads a file', () => {
  const task = { type: 'text/plain', textBytesMax: 1_000, memoryBytesMax: EXTRACT_LIMITS.memoryBytesMax, timeMs: 60_000, parent: process.pid };
  it.each([
    ['nobody waits for any more', { parent: process.ppid }], ['has had its time', { timeMs: 1 }],
  ])('that %s ends by itself, though its file has not', async (_, given) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('./process.mjs', import.meta.url)), JSON.stringify({ ...task, ...given })], { stdio: ['pipe', 'ignore', 'ignore', 'ignore'], env: {} });
    try {
      expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('whoever waits for a text', () => {
  it('may give up, and is told its own reason', async () => {
    const stop = new AbortController();
    async function* slow() {
      yield Buffer.from('x');
      stop.abort(new Error('the job was cancelled'));
      await new Promise(() => undefined);
    }
    await expect(new ProcessTextExtractor().extract(async () => slow(), 'text/plain', stop.signal)).rejects.toThrow('the job was cancelled');
  });

  it('is told what is wrong with the source', async () => {
    async function* failing() { yield Buffer.from('x'); throw new Error('the store is gone'); }
    await expect(new ProcessTextExtractor().extract(async () => failing(), 'text/plain', never())).rejects.toThrow('the store is gone');
  });
});

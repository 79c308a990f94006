import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '..');
const base = mkdtempSync(join(tmpdir(), 'atlas code '));
let root = '';
let count = 0;

const ENTRY = `
import { read, word } from './platform/word.ts';
export async function main(argv: string[]): Promise<void> {
  if (argv[0] === 'fail') throw new Error('on line four');
  const { later } = await import('./subgraphs/later.ts');
  console.log(JSON.stringify({ word, read: read(), later, from: import.meta.url }));
}`;
const WORD = (word: string) => `
import { readFileSync } from 'node:fs';
export enum Kind { Said }
export const word: string = '${word}';
export const read = (): string => readFileSync(new URL('./beside.txt', import.meta.url), 'utf8');`;

beforeEach(() => {
  root = join(base, `clone ${++count}`);
  for (const folder of ['platform', 'gateway', 'subgraphs', 'node_modules']) mkdirSync(join(root, folder), { recursive: true });
  for (const file of ['start.mjs', 'lock.mjs', 'code.mjs', 'packs.mjs', 'packs-bundle.mjs', 'packs-lines.mjs', 'packs-names.mjs']) copyFileSync(join(import.meta.dirname, file), join(root, 'platform', file));
  for (const name of ['tsx', 'esbuild']) symlinkSync(join(repository, 'node_modules', name), join(root, 'node_modules', name));
  writeFileSync(join(root, 'package.json'), '{ "type": "module", "dependencies": { "tsx": "4", "esbuild": "0" } }');
  writeFileSync(join(root, 'package-lock.json'), '{}');
  writeFileSync(join(root, 'tsconfig.json'), '{}');
  writeFileSync(join(root, 'atlas.ts'), ENTRY);
  writeFileSync(join(root, 'platform', 'word.ts'), WORD('one'));
  writeFileSync(join(root, 'platform', 'beside.txt'), 'beside');
  writeFileSync(join(root, 'subgraphs', 'later.ts'), `export const later = 'later';`);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

async function node(...args: string[]) {
  const child = spawn(process.execPath, [join(root, 'platform', 'start.mjs'), ...args], { cwd: tmpdir(), env: { PATH: process.env.PATH }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => (stdout += text));
  child.stderr.on('data', (text) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}
async function start(): Promise<{ word: string; read: string; later: string; from: string }> {
  await node('--stamp');
  const { code, stdout, stderr } = await node();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Awaited<ReturnType<typeof start>>;
}
const kept = () => readdirSync(join(root, '.atlas', 'code'));

test('a start keeps what it compiled, with what the code reads beside itself, and the next one runs that', async () => {
  const first = await start();
  expect(first).toMatchObject({ word: 'one', read: 'beside', later: 'later', from: expect.stringContaining('/.atlas/code/') });
  const [name] = kept();
  const made = statSync(join(root, '.atlas', 'code', name!, 'atlas.js'));
  expect(await start()).toEqual(first);
  expect(statSync(join(root, '.atlas', 'code', name!, 'atlas.js'))).toMatchObject({ ino: made.ino, mtimeMs: made.mtimeMs });
});

test('what was changed is never run as it was, whatever its date and its length say', async () => {
  const file = join(root, 'platform', 'word.ts');
  const { atime, mtime } = statSync(file);
  expect(await start()).toMatchObject({ word: 'one' });
  writeFileSync(file, WORD('two'));
  utimesSync(file, atime, mtime);
  expect(await start()).toMatchObject({ word: 'two' });
  writeFileSync(join(root, 'platform', 'beside.txt'), 'BESIDE');
  expect(await start()).toMatchObject({ word: 'two', read: 'BESIDE' });
  expect(kept()).toHaveLength(3);
});

test('of several that start at once each runs, and one of what they made is kept', async () => {
  await node('--stamp');
  const all = await Promise.all([node(), node(), node(), node()]);
  expect(all.map(({ code, stderr }) => ({ code, stderr }))).toEqual(all.map(() => ({ code: 0, stderr: '' })));
  expect(kept()).toHaveLength(1);
});

test('an error names the line of the source', async () => {
  await start();
  const { code, stderr } = await node('fail');
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(`${join(root, 'atlas.ts')}:4:`) });
});

test('where nothing can be kept, the source runs as it is, and one line says so', async () => {
  writeFileSync(join(root, '.atlas'), 'a file where a folder should be');
  await node('--stamp');
  const { code, stdout, stderr } = await node();
  expect({ code, lines: stderr.trim().split('\n') }).toEqual({ code: 0, lines: [expect.stringContaining('nothing can be kept in')] });
  expect(JSON.parse(stdout)).toMatchObject({ word: 'one', read: 'beside', from: expect.stringMatching(/clone%20\d+\/atlas\.ts/) });
});

test('a source that has a fault is told by the place of the fault', async () => {
  writeFileSync(join(root, 'platform', 'word.ts'), 'export const word = ;');
  await node('--stamp');
  const { code, stderr } = await node();
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/word\.ts:1:20/) });
  expect(kept()).toEqual([]);
});

test('what nobody has started for a week is forgotten', async () => {
  await start();
  const old = join(root, '.atlas', 'code', kept()[0]!);
  const longAgo = new Date(Date.now() - 8 * 24 * 3_600_000);
  utimesSync(old, longAgo, longAgo);
  writeFileSync(join(root, 'platform', 'word.ts'), WORD('two'));
  await start();
  expect({ there: existsSync(old), kept: kept().length }).toEqual({ there: false, kept: 1 });
});

import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const repository = join(import.meta.dirname, '..');
const base = mkdtempSync(join(tmpdir(), 'atlas packs '));
let root = '';
let count = 0;

/** Packages as they come: of the old form and of the new, asking for each other either way, and for what is not there. */
const PACKAGES: Record<string, string> = {
  'thing/package.json': '{ "main": "index.js" }',
  'thing/index.js': `class Thing {}
exports.Thing = Thing;
exports.fail = () => {
  throw new Error('of the package');
};
try { exports.missing = require('not-there'); } catch (error) { exports.missing = error.code; }
exports.beside = () => require('node:fs').readFileSync(require('node:path').join(__dirname, 'beside.txt'), 'utf8');
exports.hash = () => typeof module.require('node:crypto').createHash;`,
  'thing/beside.txt': 'beside',
  'requires/package.json': '{ "main": "index.js" }',
  'requires/index.js': `'use strict';
const { Thing } = require('thing');
exports.make = () => new Thing();`,
  'imports/package.json': '{ "type": "module", "exports": "./index.js" }',
  'imports/index.js': `import { Thing } from 'thing';
import requires from 'requires';
export let made = 0;
export default () => { made += 1; return [new Thing(), requires.make()]; };`,
  'rarely/package.json': '{ "main": "index.js" }',
  'rarely/index.js': `globalThis.loadedRarely = true; exports.word = 'rarely';`,
};
const ENTRY = `
import { Thing, beside, fail, hash, missing } from 'thing';
import { make } from 'requires';
import both, { made } from 'imports';
declare const loadedRarely: unknown;
export async function main(argv: string[]): Promise<void> {
  if (argv[0] === 'fail') fail();
  const all = [make(), ...both()].every((one) => one instanceof Thing);
  const before = typeof loadedRarely;
  const { word } = await import('rarely');
  console.log(JSON.stringify({ all, made, name: Thing.name, missing, beside: beside(), hash: hash(), before, word }));
}`;
/** Said by whoever makes a pack. */
const MAKES = 'Atlas bundles its packages, some ten seconds; this is done once for each installation.\n';
const SAYS = { all: true, made: 1, name: 'Thing', missing: 'MODULE_NOT_FOUND', beside: 'beside', hash: 'function', before: 'undefined', word: 'rarely' };

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

beforeEach(() => {
  root = join(base, `clone ${++count}`);
  for (const folder of ['platform', 'gateway', 'subgraphs', 'node_modules']) mkdirSync(join(root, folder), { recursive: true });
  for (const file of readdirSync(import.meta.dirname).filter((name) => name.endsWith('.mjs'))) copyFileSync(join(import.meta.dirname, file), join(root, 'platform', file));
  for (const name of ['tsx', 'esbuild']) symlinkSync(join(repository, 'node_modules', name), join(root, 'node_modules', name));
  for (const [file, text] of Object.entries(PACKAGES)) write(`node_modules/${file}`, text);
  write('package.json', '{ "type": "module", "dependencies": { "tsx": "4", "esbuild": "0" } }');
  write('package-lock.json', '{}');
  write('tsconfig.json', '{}');
  write('atlas.ts', ENTRY);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

async function node(...args: string[]) {
  const child = spawn(process.execPath, [join(root, 'platform', 'start.mjs'), ...args], { cwd: tmpdir(), env: { PATH: process.env.PATH }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => (stdout += text));
  child.stderr.on('data', (text) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr: stderr.replace(MAKES, ''), makes: stderr.includes(MAKES) };
}
async function start(): Promise<typeof SAYS> {
  await node('--stamp');
  const { code, stdout, stderr } = await node();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as typeof SAYS;
}
const packs = () => readdirSync(join(root, '.atlas', 'packs')).filter((name) => !name.startsWith('lock.'));
const pack = (name: string) => join(root, '.atlas', 'packs', name);

test('a package is one in a process, required or imported, and does what it does in node_modules', async () => {
  const files = ['thing/index.js', 'requires/index.js', 'imports/index.js', 'rarely/index.js'].map((file) => join(root, 'node_modules', file));
  const before = new Date(2020, 1, 1);
  for (const file of files) utimesSync(file, before, before);
  expect(await start()).toEqual(SAYS);
  expect(packs()).toHaveLength(1);
  // The pack is what runs: were a file of node_modules read as well, it would have nothing in it.
  const made = statSync(pack(packs()[0]!));
  for (const file of files) {
    writeFileSync(file, ' '.repeat(statSync(file).size));
    utimesSync(file, before, before);
  }
  expect(await start()).toEqual(SAYS);
  expect([packs(), statSync(pack(packs()[0]!)).ino]).toEqual([[expect.any(String)], made.ino]);
});

test('a package that was edited in place is another pack', async () => {
  await start();
  write('node_modules/rarely/index.js', `exports.word = 'edited';`);
  expect(await start()).toEqual({ ...SAYS, word: 'edited' });
  expect(packs()).toHaveLength(2);
});

test('what was installed beside the lockfile is another pack', async () => {
  await start();
  write('node_modules/not-there/index.js', `module.exports = 'there';`);
  write('node_modules/.package-lock.json', '{ "packages": { "node_modules/not-there": {} } }');
  expect(await start()).toEqual({ ...SAYS, missing: 'there' });
});

test('of several that start at once one makes the pack, and all run', async () => {
  await node('--stamp');
  const all = await Promise.all([node(), node(), node(), node()]);
  expect(all.map(({ code, stdout, stderr }) => ({ code, stderr, says: JSON.parse(stdout) as unknown }))).toEqual(all.map(() => ({ code: 0, stderr: '', says: SAYS })));
  expect(packs()).toHaveLength(1);
  expect(all.filter(({ makes }) => makes)).toHaveLength(1);
});

test('a pack of which a part is missing is not run', async () => {
  await start();
  rmSync(join(pack(packs()[0]!), 'atlas-inputs'));
  expect(await start()).toEqual(SAYS);
});

test('an error of a package names its file and line', async () => {
  await start();
  const { code, stderr } = await node('fail');
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(`${join(root, 'node_modules', 'thing', 'index.js')}:4:`) });
});

test('packages that cannot be bundled are loaded from node_modules, with one line each start that says why', async () => {
  write('node_modules/rarely/package.json', '{ "type": "module", "exports": "./index.js" }');
  write('node_modules/rarely/index.js', `export const word = 'rarely'; export const where = import.meta.url;`);
  await node('--stamp');
  for (const start of [1, 2]) {
    const { code, stdout, stderr } = await node();
    expect({ start, code, says: JSON.parse(stdout) as unknown, lines: stderr.trim().split('\n') }).toEqual({ start, code: 0, says: SAYS, lines: [expect.stringMatching(/could not be bundled: .*rarely\/index\.js asks where it is/)] });
  }
  expect(packs()).toEqual([]);
});

test('where no pack can be kept, packages are loaded from node_modules', async () => {
  write('.atlas/packs', 'a file where a folder should be');
  await node('--stamp');
  const { code, stdout, stderr } = await node();
  expect({ code, says: JSON.parse(stdout) as unknown, lines: stderr.trim().split('\n') }).toEqual({ code: 0, says: SAYS, lines: [expect.stringContaining('could not be bundled')] });
});

test('a pack that nobody has started for a week is forgotten', async () => {
  await start();
  const old = pack(packs()[0]!);
  const longAgo = new Date(Date.now() - 8 * 24 * 3_600_000);
  utimesSync(old, longAgo, longAgo);
  write('node_modules/rarely/index.js', `exports.word = 'edited';`);
  await start();
  expect({ there: existsSync(old), kept: packs().length }).toEqual({ there: false, kept: 1 });
});

import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const repository = join(import.meta.dirname, '..');
const base = mkdtempSync(join(tmpdir(), 'atlas start '));
let root = '';
let count = 0;

/** Stands in for npm: notes how it was called, takes its time, as long as it is told to, and puts one package there. */
const npm = `#!/bin/sh
echo "$@" >> calls
sleep 0.3
while [ -e npm-waits ]; do sleep 0.1; done
[ -e npm-fails ] && { echo "npm error the registry is away" >&2; exit 7; }
mkdir -p node_modules && ln -s "$TSX" node_modules/tsx
`;

beforeEach(() => {
  root = join(base, `clone ${++count}`);
  mkdirSync(join(root, 'platform'), { recursive: true });
  mkdirSync(join(root, 'programs'));
  for (const file of ['start.mjs', 'lock.mjs', 'code.mjs', 'packs.mjs', 'packs-bundle.mjs', 'packs-lines.mjs', 'packs-names.mjs']) copyFileSync(join(import.meta.dirname, file), join(root, 'platform', file));
  writeFileSync(join(root, 'programs', 'npm'), npm, { mode: 0o755 });
  writeFileSync(join(root, 'package.json'), '{ "type": "module", "dependencies": { "tsx": "4" }, "devDependencies": { "checker": "1" } }');
  writeFileSync(join(root, 'package-lock.json'), '{ "first": true }');
  writeFileSync(join(root, 'tsconfig.json'), '{}');
  writeFileSync(join(root, 'atlas.ts'), 'export async function main(argv: string[]): Promise<void> { console.log(JSON.stringify({ argv, tsconfig: process.env.TSX_TSCONFIG_PATH })); }');
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

async function start(args: string[], given: { cwd?: string; env?: NodeJS.ProcessEnv; said?: (text: string) => void } = {}) {
  const child = spawn(process.execPath, [join(root, 'platform', 'start.mjs'), ...args], {
    cwd: given.cwd ?? root,
    env: { PATH: `${join(root, 'programs')}${delimiter}${process.env.PATH}`, TSX: join(repository, 'node_modules', 'tsx'), ...given.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => (stdout += text));
  child.stderr.on('data', (text) => {
    stderr += text;
    given.said?.(stderr);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

const calls = () => (existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8').trim().split('\n') : []);
const stampFile = () => join(root, 'node_modules', 'atlas-installed');

describe('--ready', () => {
  test('installs what is missing, once, and says so to stderr only', async () => {
    const first = await start(['--ready']);
    expect(first).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('Atlas installs its packages') });
    expect(await start(['--ready'])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(calls()).toEqual(['ci --include=dev']);
  });

  test('installs again when the lockfile changed', async () => {
    await start(['--ready']);
    writeFileSync(join(root, 'package-lock.json'), '{ "second": true }');
    rmSync(join(root, 'node_modules', 'tsx')); // as npm ci does
    await start(['--ready']);
    await start(['--ready']);
    expect(calls()).toHaveLength(2);
  });

  test('installs again when an installation was interrupted', async () => {
    mkdirSync(join(root, 'node_modules'));
    await start(['--ready']);
    expect(calls()).toHaveLength(1);
    rmSync(join(root, 'node_modules', 'tsx'));
    await start(['--ready']);
    expect(calls()).toHaveLength(2);
  });

  test('installs what only the tests need before the tests', async () => {
    await start(['--ready']);
    rmSync(join(root, 'node_modules', 'tsx'));
    await start(['--ready'], { env: { npm_lifecycle_event: 'pretest' } });
    expect(calls()).toHaveLength(2);
  });

  test('lets a second process wait for the first', async () => {
    writeFileSync(join(root, 'npm-waits'), '');
    const waiting = new Set<number>();
    const all = await Promise.all([1, 2, 3].map((n) => start(['--ready'], { said(stderr) {
      if (stderr.includes('waiting for it')) waiting.add(n);
      if (waiting.size === 2) rmSync(join(root, 'npm-waits'), { force: true });
    } })));
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(calls()).toHaveLength(1);
    expect(waiting.size).toBe(2);
  });

  test('goes on when the one that installed was killed', async () => {
    mkdirSync(join(root, '.atlas', 'install'), { recursive: true });
    writeFileSync(join(root, '.atlas', 'install', 'lock.3'), `${process.pid} 1\n${process.pid} `);
    expect((await start(['--ready'])).code).toBe(0);
  });

  test('fails with one sentence below what npm said', async () => {
    writeFileSync(join(root, 'npm-fails'), '');
    const { code, stderr } = await start(['--ready']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/npm error the registry is away\nThe packages of Atlas could not be installed: npm ci ended with code 7, see its last lines above\.\n$/);
    rmSync(join(root, 'npm-fails'));
    expect((await start(['--ready'])).code).toBe(0);
  });

  test('says when there is no npm', async () => {
    const { code, stderr } = await start(['--ready'], { env: { PATH: join(base, 'nowhere') } });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('npm could not be run') });
  });
});

describe('--stamp', () => {
  test('notes what was installed, in silence', async () => {
    mkdirSync(join(root, 'node_modules'));
    symlinkSync(join(repository, 'node_modules', 'tsx'), join(root, 'node_modules', 'tsx'));
    expect(await start(['--stamp'])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(stampFile(), 'utf8')).toMatch(/^[0-9a-f]{64}$/);
    await start(['--ready']);
    expect(calls()).toEqual([]);
  });

  test('does not mind that nothing was installed', async () => {
    expect(await start(['--stamp'])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(existsSync(join(root, 'node_modules'))).toBe(false);
  });
});

describe('atlas', () => {
  test('installs and starts from any folder, with its own settings for TypeScript', async () => {
    const { code, stdout } = await start(['search', 'ai'], { cwd: tmpdir() });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ argv: ['search', 'ai'], tsconfig: join(root, 'tsconfig.json') });
  });

  test('runs what was built in production, and installs nothing there', async () => {
    mkdirSync(join(root, 'dist'));
    writeFileSync(join(root, 'dist', 'atlas.js'), 'export const main = async (argv) => console.log("built", ...argv);');
    expect(await start(['ai'], { env: { NODE_ENV: 'production' } })).toEqual({ code: 0, stdout: 'built ai\n', stderr: '' });
    expect(calls()).toEqual([]);
  });

  test('can be run as a program', () => {
    expect(statSync(join(import.meta.dirname, 'start.mjs')).mode & 0o111).toBe(0o111);
    expect(readFileSync(join(import.meta.dirname, 'start.mjs'), 'utf8')).toMatch(/^#!\/usr\/bin\/env -S node --max-semi-space-size=64\n/);
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MAY_ASK, type ServiceName, type SubgraphName } from '../platform/names.ts';
import { BREACHES, plantTree } from './lint/breaches.ts';

const ROOT = join(import.meta.dirname, '..');
const CONFIG = join(ROOT, '.dependency-cruiser.cjs');
const RULES = (createRequire(import.meta.url)(CONFIG) as { forbidden: { name: string }[] }).forbidden.map(({ name }) => name);
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** What git knows or would take: neither what is ignored nor what was deleted. */
const FILES = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'], { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean);
const DELETED = new Set(execFileSync('git', ['ls-files', '--deleted'], { cwd: ROOT, encoding: 'utf8' }).split('\n'));
const SOURCES = FILES.filter((file) => /\.(ts|tsx|js|mjs|cjs)$/.test(file) && !DELETED.has(file) && !file.includes('/generated/'));
const CODE = SOURCES.filter((file) => /^(atlas\.ts|platform\/|gateway\/|subgraphs\/)/.test(file) && !/\.(test|contract)\.ts$/.test(file));

interface Violation { rule: { name: string }; from: string; to: string }
function cruise(root: string, folders: readonly string[]): Violation[] {
  const cli = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [cli, '--config', CONFIG, '--output-type', 'json', ...folders], { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1_024 * 1_024 });
  if (!stdout) throw new Error(stderr);
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}

describe('who imports whom', () => {
  let found: Violation[];
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'atlas-rules-'));
    plantTree(root);
    found = cruise(root, ['atlas.ts', 'platform', 'gateway', 'subgraphs', 'schema', 'clients', 'docker', 'test']);
  }, 120_000);
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('is as the rules say, in this tree', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const folders = scripts.rules!.split(/\s+/).slice(scripts.rules!.split(/\s+/).indexOf('.dependency-cruiser.cjs') + 1);
    expect(cruise(ROOT, folders).map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  }, 120_000);

  it('has a planted breach for every rule, and a rule for every breach', () => expect(Object.keys(BREACHES).sort()).toEqual([...RULES].sort()));

  it.each(Object.entries(BREACHES).flatMap(([rule, files]) => Object.keys(files).map((file) => [rule, file] as const)))('finds by %s, and by no other rule, %s', (rule, file) => {
    expect([...new Set(found.filter(({ from }) => from === file).map((one) => one.rule.name))]).toEqual([rule]);
  });

  it('lets through what is allowed', () => {
    const planted = new Set(Object.values(BREACHES).flatMap((files) => Object.keys(files)));
    expect(found.filter(({ from }) => !planted.has(from))).toEqual([]);
  });
});

describe('names', () => {
  it('of files are in kebab-case', () => {
    const fixed = /^(README\.md|docker\/(s3\/)?Dockerfile|LICENSE)$|^\./;
    expect(FILES.filter((file) => !fixed.test(file) && !/^[a-z0-9./_-]+$/.test(file) || /_/.test(basename(file)))).toEqual([]);
  });

  it('say what is inside', () => {
    const vague = /(^|-)(utils?|common|shared|helpers?|dtos?|managers?|impl|misc)$/;
    expect(FILES.filter((file) => file.split('/').some((part) => vague.test(part.replace(/\..*$/, ''))))).toEqual([]);
  });

  it('of classes and interfaces carry no letter or word that says nothing', () => {
    const empty = /\b(?:class|interface) (I[A-Z][a-z]\w*|\w+(?:Impl|Manager|Helper|Service|Dto))\b/g;
    expect(CODE.flatMap((file) => [...read(file).matchAll(empty)].map(([text]) => `${file}: ${text}`))).toEqual([]);
  });
});

describe('every source', () => {
  it('has fewer than 300 lines', () => expect(SOURCES.filter((file) => read(file).split('\n').length > 300)).toEqual([]));

  it('of the platform that a service imports opens with a comment', () => {
    const imported = new Set(CODE.filter((file) => /^(gateway|subgraphs)\//.test(file)).flatMap((file) => [...read(file).matchAll(/from '(?:\.\.\/)+(platform\/[\w/.-]+)'/g)].map(([, path]) => path!)));
    expect(imported.size).toBeGreaterThan(10);
    expect([...imported].filter((file) => !/^\/\*\*/.test(read(file)))).toEqual([]);
  });

  it('leaves the environment to platform/config.ts', () => {
    // The entry hands it over; what comes before any setting is read (the start) and what runs beside Atlas have their own.
    const may = /^(platform\/config\.ts|platform\/start\.mjs|docker\/health\.ts)$/;
    const reads = /process\.env(?!\.PATH\b)/;
    const handed = /readSettings\((\{ \.\.\.)?process\.env/g;
    expect(CODE.filter((file) => !may.test(file) && reads.test(read(file).replace(handed, '')))).toEqual([]);
  });
});

describe('who asks whom', () => {
  it('is what MAY_ASK says: nothing more, and nothing that nobody does', () => {
    const asked: Record<ServiceName, Set<string>> = { gateway: new Set(), users: new Set(), tenants: new Set(), billing: new Set(), collections: new Set(), search: new Set(), ai: new Set() };
    for (const file of CODE) {
      const asker = (/^subgraphs\/([^/]+)\//.exec(file)?.[1] ?? /^(gateway)\//.exec(file)?.[1]) as ServiceName | undefined;
      if (!asker) continue;
      for (const [, service] of read(file).matchAll(/\bask\('(\w+)'/g)) asked[asker].add(service as SubgraphName);
      if (/\bbillingOver\(/.test(read(file))) asked[asker].add('billing'); // platform/billing/door.ts asks in its name
    }
    for (const service of MAY_ASK.gateway) asked.gateway.add(service); // it passes questions on to all of them, by no name
    for (const [asker, services] of Object.entries(MAY_ASK)) expect([asker, [...asked[asker as ServiceName]].sort()]).toEqual([asker, [...services].sort()]);
  });
});

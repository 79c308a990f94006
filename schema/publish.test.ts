import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SUBGRAPHS, type SubgraphName } from '../platform/service.ts';
import { compose, CompositionError, fileOf, sliceText, type Sdl } from './compose.ts';
import { publish } from './publish.ts';
import { ROOT } from './slices.ts';

const FIXTURES = join(ROOT, 'test/fixtures/services');

const namesIn = (root: string): SubgraphName[] => SUBGRAPHS.filter((name) => existsSync(join(root, 'subgraphs', name, 'index.ts')));

const printed = new Map<string, Promise<Record<string, string>>>();
/** Prints in a process of its own, which nobody needs twice: type-graphql remembers every class that was ever loaded. */
function printInOwnProcess(names: readonly SubgraphName[], root: string): Promise<Record<string, string>> {
  const script = `
    const { loadSlices } = await import('./schema/slices.ts');
    const { printSlice } = await import('./platform/graph.ts');
    const slices = await loadSlices(${JSON.stringify(names)}, ${JSON.stringify(root)});
    process.stdout.write(JSON.stringify(Object.fromEntries(slices.map((slice) => [slice.name, printSlice(slice)]))));`;
  const known = printed.get(script);
  if (known) return known;
  const made = promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], { cwd: ROOT, maxBuffer: 16 * 1_024 * 1_024 })
    .then(({ stdout }) => JSON.parse(stdout) as Record<string, string>);
  printed.set(script, made);
  return made;
}

describe.each([['of the fixtures', FIXTURES], ['of Atlas', ROOT]])('the slices %s', (_title, root) => {
  const names = namesIn(root);
  it('print the same alone and with all loaded', async () => {
    if (names.length === 0) return;
    const together = await printInOwnProcess(names, root);
    for (const name of names) expect((await printInOwnProcess([name], root))[name]).toBe(together[name]);
    expect(Object.keys(together).sort()).toEqual([...names].sort());
  }, 120_000);
});

describe('publishing', () => {
  let folder: string;
  let slices: Sdl[];
  const read = (name: string) => readFileSync(join(folder, fileOf(name)), 'utf8');
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'atlas-schema-'));
    slices = Object.entries(await printInOwnProcess(namesIn(FIXTURES), FIXTURES)).map(([name, sdl]) => ({ name, sdl }));
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('writes every slice, the supergraph and the API, each saying what made it', () => {
    expect(publish({ slices, root: folder, check: false }).code).toBe(0);
    for (const name of ['users', 'tenants', 'supergraph', 'api']) expect(read(name)).toMatch(/^# Made by `npm run schema`/);
    expect(read('supergraph')).toContain('url: "http://tenants/graphql"');
  });

  it('keeps descriptions in the API, and leaves out what is inaccessible or federation’s own', () => {
    expect(read('api')).toContain('"""A person with an account."""');
    expect(read('api')).not.toMatch(/nodeId|join__|_entities|@key/);
  });

  it('gives the same bytes whatever order the slices come in', () => {
    expect(compose([...slices].reverse())).toEqual(compose(slices));
  });

  it('checks without writing, and shows what differs', () => {
    expect(publish({ slices, root: folder, check: true }).code).toBe(0);
    const api = read('api');
    writeFileSync(join(folder, fileOf('api')), api.replace('A person with an account.', 'Somebody.'));
    const { code, lines } = publish({ slices, root: folder, check: true });
    expect(code).toBe(1);
    expect(lines[0]).toContain('schema/api.graphql: 1 lines added, 1 removed');
    expect(lines[0]).toContain('- """Somebody."""');
    expect(read('api')).toContain('Somebody.');
    writeFileSync(join(folder, fileOf('api')), api);
  });

  it('names file and line when slices do not fit together, and leaves the supergraph alone', () => {
    const broken = slices.map(({ name, sdl }) => ({ name, sdl: name === 'tenants' ? `${sdl}\ntype RegisterPayload {\n  user: String\n}\n` : sdl }));
    const before = read('supergraph');
    const { code, lines } = publish({ slices: broken, root: folder, check: false });
    expect(code).toBe(1);
    const faults = lines.filter((line) => line.includes('RegisterPayload.user'));
    expect(faults.length).toBeGreaterThan(0);
    for (const fault of faults) {
      const [, file = '', line = ''] = /^(schema\/\w+\.graphql):(\d+): /.exec(fault) ?? [];
      expect(readFileSync(join(folder, file), 'utf8').split('\n')[Number(line) - 1]).toContain('user');
    }
    expect(read('supergraph')).toBe(before);
  });

  it.each([
    ['not GraphQL', 'type Query { a: }', 3],
    ['an unknown type', 'type Query { a: String }\ntype B {\n  c: Missing\n}', 5],
    ['an unknown key field', 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])\ntype Query { a: A }\ntype A @key(fields: "nope") { b: ID }', 5],
  ])('names file and line of a slice that is broken by itself: %s', (_what, sdl, line) => {
    expect(() => compose([{ name: 'users', sdl }])).toThrow(CompositionError);
    try {
      compose([{ name: 'users', sdl }]);
    } catch (error) {
      expect((error as CompositionError).faults.some((fault) => fault.startsWith(`schema/users.graphql:${line}: `))).toBe(true);
      expect(sliceText(sdl).split('\n').length).toBeGreaterThanOrEqual(line);
    }
  });
});

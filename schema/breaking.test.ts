import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { breaking } from './breaking.ts';

const BEFORE = 'type Query { foo(a: Int): String bar: Int }\ninput In { a: Int }\ntype Mutation { set(input: In!): Int }\n';

describe('schema:breaking', () => {
  let root: string;
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], { cwd: root, stdio: 'ignore' });
  const write = (file: string, text: string) => {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  // A hook of git names its own repository in the environment: nothing of that may reach the one that is made here.
  beforeAll(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith('GIT_')) delete process.env[name];
  });
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'atlas-breaking-'));
    git('init', '--quiet', '--initial-branch=main');
    write('README.md', 'a repository');
    git('add', '.');
    git('commit', '--quiet', '--message', 'first');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const mainHas = (text: string) => {
    write('schema/api.graphql', text);
    git('add', '.');
    git('commit', '--quiet', '--message', 'the API');
  };

  it('passes and says so when main has no API yet', async () => {
    write('schema/api.graphql', BEFORE);
    expect(await breaking(root)).toEqual({ code: 0, lines: [expect.stringContaining('There is no schema/api.graphql on main')] });
  });

  it('lets additions through', async () => {
    mainHas(BEFORE);
    write('schema/api.graphql', BEFORE.replace('bar: Int', 'bar: Int more: String'));
    expect((await breaking(root)).code).toBe(0);
  });

  it.each([
    ['a field that is gone', BEFORE.replace(' bar: Int', ''), 'Query.bar'],
    ['an argument that is gone', BEFORE.replace('(a: Int)', ''), 'Query.foo.a'],
    ['a field that may be null now', 'type Query { foo(a: Int): String bar: String }\ninput In { a: Int }\ntype Mutation { set(input: In!): Int }\n', 'Query.bar'],
    ['an input that is required now', BEFORE.replace('In { a: Int }', 'In { a: Int! }'), 'In.a'],
  ])('refuses %s, and names its path', async (_what, after, path) => {
    mainHas(BEFORE);
    write('schema/api.graphql', after);
    const { code, lines } = await breaking(root);
    expect(code).toBe(1);
    expect(lines[0]).toMatch(new RegExp(`^${path.replaceAll('.', '\\.')}: `));
  });

  it('accepts a breaking change whose exact path a decision record names, and no other', async () => {
    mainHas(BEFORE);
    write('schema/api.graphql', BEFORE.replace(' bar: Int', '').replace('foo(a: Int)', 'foo'));
    write('docs/decisions/007-less-is-more.md', '# Less\n\nBreaking: Query.bar\n\nWe also talk of Breaking: Query.foo.a in a sentence.\n');
    expect((await breaking(root)).lines[0]).toMatch(/^Query\.foo\.a: /);
    write('docs/decisions/008-even-less.md', '- Breaking: `Query.foo.a`\n');
    expect(await breaking(root)).toEqual({ code: 0, lines: ['2 changes against main; 2 break clients and are decided.'] });
  });

  it('on main looks at what the last change of the API did', async () => {
    mainHas(BEFORE);
    mainHas(BEFORE.replace(' bar: Int', ''));
    expect((await breaking(root)).lines[0]).toMatch(/^Query\.bar: /);
    write('README.md', 'something else');
    git('commit', '--quiet', '--all', '--message', 'another change');
    expect((await breaking(root)).code).toBe(1);
  });

  it('refuses when the API itself is gone', async () => {
    mainHas(BEFORE);
    rmSync(join(root, 'schema/api.graphql'));
    expect((await breaking(root)).code).toBe(1);
  });
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { defineEvent, nullable, text } from '../platform/event.ts';
import { breakingEvents } from './breaking-events.ts';
import { schemaFileOf, schemaFiles } from './event-schema.ts';

const FILE = schemaFileOf('toys.thing-done', 1);
const schema = (shape: Parameters<typeof defineEvent>[2]) => schemaFiles([defineEvent('toys.thing-done', 1, shape)]).get(FILE)!;

describe('schema:breaking, of events', () => {
  let root: string;
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], { cwd: root, stdio: 'ignore' });
  const write = (file: string, content: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  };
  const commit = () => { git('add', '--all', '.'); git('commit', '--quiet', '--message', 'a change'); };
  // A hook of git names its own repository in the environment: nothing of that may reach the one that is made here.
  beforeAll(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith('GIT_')) delete process.env[name];
  });
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'atlas-breaking-events-'));
    git('init', '--quiet', '--initial-branch=main');
    write('README.md', 'a repository');
    commit();
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('lets through what main does not have yet, and another version', () => {
    write(FILE, schema({ name: text }));
    expect(breakingEvents(root).code).toBe(0);
    commit();
    write(schemaFileOf('toys.thing-done', 2), schema({ other: text }));
    expect(breakingEvents(root)).toEqual({ code: 0, lines: ['1 versions of events are on main; none means anything else here.'] });
  });

  it.each([
    ['a version that is gone', null, 'is gone'],
    ['a field that is gone', schema({}), 'data.body.name: is gone'],
    ['a field that must be there now', schema({ name: text, more: text }), 'data.body.more: is new and must be there'],
    ['a field that may be null now', schema({ name: nullable(text) }), 'data.body.name: was "string", is ["string","null"]'],
  ])('refuses %s, until a record names that version', (_what, after, what) => {
    write(FILE, schema({ name: text }));
    commit();
    if (after === null) rmSync(join(root, FILE));
    else write(FILE, after);
    const { code, lines } = breakingEvents(root);
    expect([code, lines[0]]).toEqual([1, `toys.thing-done.v1: ${what}`]);
    write('docs/decisions/009-other.md', 'Breaking: toys.thing-done.v2\n');
    expect(breakingEvents(root).code).toBe(1);
    write('docs/decisions/010-this.md', 'Breaking: `toys.thing-done.v1`\n');
    expect(breakingEvents(root).code).toBe(0);
  });

  it('on main itself looks at what the last change did', () => {
    write(FILE, schema({ name: text }));
    commit();
    write(FILE, schema({}));
    commit();
    expect(breakingEvents(root).code).toBe(1);
  });
});

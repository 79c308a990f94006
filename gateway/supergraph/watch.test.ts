import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GraphQLError, parse } from 'graphql';
import { eventually } from '../../test/kit/eventually.ts';
import { openLog } from '../../platform/log.ts';
import { NotYet } from './addresses.ts';
import { watchSupergraph, type Watch } from './watch.ts';

let folder: string;
let file: string;
let watch: Watch;
let taken: string[];
let logged: string[];

const first = 'type Query { a: Int }';
const start = (replace = async (sdl: string) => { parse(sdl); taken.push(sdl); }) => {
  writeFileSync(file, first);
  watch = watchSupergraph({ file, served: first, replace, log: openLog({ level: 'debug', pretty: false, destination: { write: (line) => void logged.push(line) } }) });
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atlas watch '));
  file = join(folder, 'supergraph.graphql');
  taken = [];
  logged = [];
});
afterEach(async () => {
  await watch?.stop();
  rmSync(folder, { recursive: true, force: true });
});
const takenOver = (sdl: string) => eventually(`${sdl} to be taken over`, () => taken.at(-1) === sdl);

describe('a supergraph that changes is taken over', () => {
  it('when it is written in place, in one step or in several', async () => {
    start();
    writeFileSync(file, 'type Query { b: Int }');
    await takenOver('type Query { b: Int }');
    writeFileSync(file, '');
    for (const part of ['type Query', ' { c:', ' Int }']) appendFileSync(file, part);
    await takenOver('type Query { c: Int }');
    expect(taken).toEqual(['type Query { b: Int }', 'type Query { c: Int }']);
  });

  it('when another file is put in its place, again and again', async () => {
    start();
    for (const name of ['b', 'c', 'd']) {
      writeFileSync(join(folder, '.saving'), `type Query { ${name}: Int }`);
      renameSync(join(folder, '.saving'), file);
      await takenOver(`type Query { ${name}: Int }`);
    }
  });

  it('when it is deleted first and comes back', async () => {
    start();
    unlinkSync(file);
    await eventually('that to be said', () => logged.join('').includes('cannot be read'));
    writeFileSync(file, 'type Query { b: Int }');
    await takenOver('type Query { b: Int }');
  });

  it('when it is a link, and a link on the way to it is turned', async () => {
    for (const version of ['1', '2']) {
      mkdirSync(join(folder, version));
      writeFileSync(join(folder, version, 'supergraph.graphql'), `type Query { v${version}: Int }`);
    }
    symlinkSync('1', join(folder, 'current'));
    symlinkSync(join('current', 'supergraph.graphql'), file);
    watch = watchSupergraph({ file, served: 'type Query { v1: Int }', replace: async (sdl) => void taken.push(sdl), log: openLog({ level: 'silent', pretty: false }) });
    symlinkSync('2', join(folder, 'next'));
    renameSync(join(folder, 'next'), join(folder, 'current'));
    await takenOver('type Query { v2: Int }');
  });

  it('when SIGHUP says so; the same content again is no change', async () => {
    start();
    process.emit('SIGHUP');
    writeFileSync(file, first);
    process.emit('SIGHUP');
    writeFileSync(file, 'type Query { b: Int }');
    await takenOver('type Query { b: Int }');
    expect(taken).toHaveLength(1);
    expect(logged.join('')).toContain('SIGHUP');
  });

  it('one at a time, and the last of many in the end', async () => {
    let at = 0;
    let most = 0;
    start(async (sdl) => {
      at += 1;
      most = Math.max(most, at);
      await new Promise((resolve) => { setTimeout(resolve, 20); });
      at -= 1;
      taken.push(sdl);
    });
    for (let n = 0; n < 30; n += 1) {
      writeFileSync(file, `type Query { n${n}: Int }`);
      await new Promise((resolve) => { setTimeout(resolve, 5); });
    }
    await takenOver('type Query { n29: Int }');
    expect(most).toBe(1);
  });
});

describe('a supergraph that is bad', () => {
  it('is refused with its file and line, once for each time it is asked for, and the next good one is taken over', async () => {
    start();
    writeFileSync(file, 'type Query {\n  a: Int\n  b:\n}');
    const [line] = await eventually('the refusal', () => { const said = logged.filter((text) => text.includes('was refused')); return said.length > 0 && said; }) as string[];
    expect((JSON.parse(line!) as { reason: string }).reason).toMatch(/supergraph\.graphql:4: Syntax Error/);
    writeFileSync(join(folder, 'beside'), 'nothing');
    process.emit('SIGHUP');
    await eventually('it to be refused once more, since it was asked for', () => logged.filter((text) => text.includes('was refused')).length === 2);
    writeFileSync(file, 'type Query { good: Int }');
    await takenOver('type Query { good: Int }');
    expect(logged.filter((text) => text.includes('was refused'))).toHaveLength(2);
    expect(taken).toHaveLength(1);
  });

  it('that only waits for something is said once, looked at again by itself, and taken over when that is there', async () => {
    let there = false;
    start(async (sdl) => {
      if (!there) throw new NotYet('Nobody is there.');
      taken.push(sdl);
    });
    writeFileSync(file, 'type Query { b: Int }');
    await eventually('the refusal', () => logged.join('').includes('Nobody is there.'));
    writeFileSync(join(folder, 'beside'), 'nothing'); // wakes it, as its own interval does
    there = true;
    await takenOver('type Query { b: Int }');
    expect(logged.filter((text) => text.includes('was refused'))).toHaveLength(1);
  });

  it('is refused by whatever keeps it from being served, without a line where there is none', async () => {
    start(async () => { throw new Error('No subgraph answers.', { cause: new GraphQLError('deep') }); });
    writeFileSync(file, 'type Query { b: Int }');
    await eventually('the refusal', () => logged.join('').includes('supergraph.graphql: No subgraph answers.'));
  });
});

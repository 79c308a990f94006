/** Objects in a folder: what the contract does not say, at the folder itself. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { bytesOf, contentOf, keyOf } from '../../test/kit/objects.ts';
import { newId } from '../ids.ts';
import { openLog } from '../log.ts';
import { secretFrom } from '../secret.ts';
import { serve } from '../serve.ts';
import { folderObjects } from './folder.ts';
import { objectsContract } from './objects.contract.ts';
import { unavailable, type ObjectKey } from './objects.ts';

const secret = secretFrom('a secret of the suites');
const log = openLog({ level: 'silent', pretty: false });
const DAY_MS = 24 * 3_600_000;

objectsContract('a folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-objects-'));
  let door = folderObjects({ folder, url: '', secret }).door!;
  const listener = await serve({ name: 'gateway', host: '127.0.0.1', port: 0, drainMs: 0, noticeMs: 0, log, readiness: async () => ({ ready: true, detail: {} }), routes: { '/objects': (...asked) => door(...asked) } });
  const objects = folderObjects({ folder, url: `http://127.0.0.1:${listener.port}`, secret });
  door = objects.door!;
  return {
    objects,
    async stop() {
      await listener.drain();
      rmSync(folder, { recursive: true, force: true });
    },
  };
});

describe('a folder of objects', () => {
  const tenant = newId('tnt');
  const folder = mkdtempSync(join(tmpdir(), 'atlas-objects-'));
  const objects = folderObjects({ folder, url: 'http://localhost', secret });
  const aside = join(folder, '.writing');
  const write = (key: ObjectKey, text: string) => objects.write(key, Readable.from([Buffer.from(text)]), { type: 'text/plain' });
  beforeAll(() => objects.ready());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is made when it is first needed, and not before', async () => {
    const none = join(folder, 'not-yet');
    const unused = folderObjects({ folder: none, url: 'http://localhost', secret });
    await unused.sweep(0);
    expect(await unused.head(keyOf(tenant))).toBeNull();
    expect(readdirSync(folder)).not.toContain('not-yet');
  });

  it('can be read by its owner alone', async () => {
    const key = keyOf(tenant);
    await write(key, 'mine');
    expect(statSync(join(folder, `${key}~`)).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, tenant)).mode & 0o777).toBe(0o700);
  });

  it('holds a key and keys below it', async () => {
    const [above, below] = [`${tenant}/a`, `${tenant}/a/b`] as [ObjectKey, ObjectKey];
    await Promise.all([write(above, 'above'), write(below, 'below')]);
    expect([String(await contentOf(await objects.read(above))), String(await contentOf(await objects.read(below)))]).toEqual(['above', 'below']);
  });

  it('a write that fails leaves nothing beside what was there', async () => {
    await expect(objects.write(keyOf(tenant), Readable.from(bytesOf(5, 3)), { type: 'text/plain' })).rejects.toThrow('the source broke');
    expect(readdirSync(aside)).toEqual([]);
  });

  it('a sweep deletes what killed writes have left, and nothing that is written, kept or not its own', async () => {
    const key = keyOf(tenant);
    await write(key, 'kept');
    const old = new Date(Date.now() - 2 * DAY_MS);
    for (const name of ['left', 'young']) writeFileSync(join(aside, name), 'half');
    utimesSync(join(aside, 'left'), old, old);
    utimesSync(join(folder, `${key}~`), old, old);
    writeFileSync(join(folder, 'a-note-of-somebodys'), 'x');
    utimesSync(join(folder, 'a-note-of-somebodys'), old, old);
    await objects.sweep(DAY_MS);
    expect(readdirSync(aside)).toEqual(['young']);
    expect(readdirSync(folder)).toContain('a-note-of-somebodys');
    expect((await objects.head(key))?.bytes).toBe(4);
    rmSync(join(aside, 'young'));
  });

  it('a file that was cut short or is none of ours is not passed off as an object', async () => {
    const [cut, foreign] = [keyOf(tenant), keyOf(tenant)];
    await write(cut, 'all of it');
    truncateSync(join(folder, `${cut}~`), 515);
    writeFileSync(join(folder, `${foreign}~`), 'something else');
    for (const key of [cut, foreign]) await expect(objects.read(key)).rejects.toMatchObject({ code: 'OBJECTS_UNAVAILABLE', message: 'Files can be neither kept nor fetched at the moment.' });
  });

  it('that can be neither written nor read says so, without its path', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, 'x');
    const broken = folderObjects({ folder: join(file, 'objects'), url: 'http://localhost', secret });
    for (const act of [() => broken.ready(), () => broken.write(keyOf(tenant), Readable.from([Buffer.from('x')]), { type: 'text/plain' })]) {
      const refused = await act().then(() => null, (error: Error) => error);
      expect(refused).toMatchObject({ code: 'OBJECTS_UNAVAILABLE', retryable: true });
      expect(refused!.message).not.toContain(folder);
    }
  });

  it('that may not be entered says so', async () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o500 });
    const refused = folderObjects({ folder: join(closed, 'objects'), url: 'http://localhost', secret });
    const isRoot = process.geteuid!() === 0; // whom nothing is forbidden
    if (isRoot) process.seteuid!(65_534);
    const ready = await refused.ready().then(() => null, (error: Error) => error);
    if (isRoot) process.seteuid!(0);
    expect(ready).toMatchObject({ code: 'OBJECTS_UNAVAILABLE', cause: { code: 'EACCES' } });
  });

  it('that is full says that', () => {
    expect(unavailable(Object.assign(new Error(`ENOSPC: no space left on device, write '${folder}'`), { code: 'ENOSPC' }))).toMatchObject({ code: 'OBJECTS_UNAVAILABLE', message: 'There is no room left for files at the moment.' });
  });
});

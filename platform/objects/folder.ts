/**
 * Objects in a folder: a file each, the gateway as the way in and out. For one machine, or for several that mount the same
 * folder. URLs carry what they allow (grant.ts); the door holds clients to it (door.ts).
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AtlasError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import { folderDoor, type Folder } from './door.ts';
import { writeGrant, type Grant } from './grant.ts';
import { nameIt, openObject, SourceFailed, writeAside, type Judge, type OpenObject, type Written } from './object-file.ts';
import { checkBelow, checkKey, checkType, checkUpload, noObject, unavailable, type ObjectKey, type Objects } from './objects.ts';

/** No tenant is called so: what stands in it is not an object yet. */
const ASIDE = '.writing';
/** Of a file, so that `a` and `a/b` can both be keys; no key has it. */
const SUFFIX = '~';

interface Store extends Folder {
  fileOf(key: ObjectKey): string;
  find(key: ObjectKey): Promise<OpenObject | null>;
  keep(key: ObjectKey, from: AsyncIterable<Buffer>, type: string, first?: boolean, judge?: Judge): Promise<Written>;
}

export function folderObjects(given: { folder: string; url: string; secret: Secret }): Objects {
  const { folder, secret } = given;
  const urlOf = (grant: Grant) => `${given.url}/objects?grant=${writeGrant(secret, grant)}`;
  const store = openFolder(folder);
  return {
    async uploadUrl(wanted) {
      checkUpload(wanted);
      const { key, type, bytes, sha256, expiresAt } = wanted;
      return { url: urlOf({ do: 'put', key, type, bytes, ...(sha256 !== undefined && { sha256 }), until: expiresAt.getTime() }), method: 'PUT', headers: { 'content-type': type } };
    },
    async downloadUrl({ key, name, type, expiresAt }) {
      checkKey(key);
      return urlOf({ do: 'get', key, type, name: [...name.toWellFormed()].slice(0, 255).join(''), until: expiresAt.getTime() });
    },
    async head(key) {
      const object = await store.find(key);
      await object?.close();
      return object && { bytes: object.bytes, sha256: object.sha256, type: object.type };
    },
    async size(key) {
      const object = await store.find(key);
      await object?.close();
      return object && object.bytes;
    },
    read: async (key) => (await store.open(key)).stream(),
    async write(key, from, { type }) {
      checkKey(key);
      checkType(type);
      return store.keep(key, from, type);
    },
    async remove(key) {
      checkKey(key);
      await rm(store.fileOf(key), { force: true }).catch(refuse);
    },
    async removeAll(below) {
      checkBelow(below);
      await rm(join(folder, below), { recursive: true, force: true }).catch(refuse);
    },
    sweep: (untouchedMs) => sweepAside(join(folder, ASIDE), untouchedMs).catch(refuse),
    async ready() {
      await mkdir(join(folder, ASIDE), { recursive: true, mode: 0o700 }).catch(refuse);
      await access(join(folder, ASIDE), constants.R_OK | constants.W_OK).catch(refuse);
    },
    door: folderDoor(store, secret),
    close: async () => undefined,
  };
}

function openFolder(folder: string): Store {
  const aside = join(folder, ASIDE);
  const coming = new Set<ObjectKey>();
  const fileOf = (key: ObjectKey): string => join(folder, `${key}${SUFFIX}`);
  const find: Store['find'] = async (key) => {
    checkKey(key);
    return openObject(fileOf(key)).catch(refuse);
  };
  const keep: Store['keep'] = async (key, from, type, first = false, judge) => {
    const file = join(aside, randomBytes(16).toString('hex'));
    try {
      await mkdir(aside, { recursive: true, mode: 0o700 });
      const written = await writeAside(file, from, type, judge);
      await nameIt(file, fileOf(key), first);
      return written;
    } catch (error) {
      await rm(file, { force: true }).catch(() => undefined); // what cannot be deleted now is swept
      if (error instanceof SourceFailed) throw error.cause;
      throw first && (error as NodeJS.ErrnoException).code === 'EEXIST' ? new AtlasError('UPLOAD_DONE') : unavailable(error);
    }
  };
  return {
    fileOf, find, keep,
    async open(key) {
      const object = await find(key);
      if (!object) throw noObject();
      return object;
    },
    async create(key, from, type, judge) {
      const there = await find(key);
      await there?.close();
      if (there) throw new AtlasError('UPLOAD_DONE');
      // What is sent lies on the disk while it comes: one URL takes no more of it than it was made for.
      if (coming.has(key)) throw new AtlasError('UPLOAD_UNDER_WAY');
      coming.add(key);
      return keep(key, from, type, true, judge).finally(() => coming.delete(key));
    },
  };
}

const refuse = (error: unknown): never => { throw unavailable(error); };

async function sweepAside(aside: string, untouchedMs: number): Promise<void> {
  const names = await readdir(aside).catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return []; throw error; });
  for (const name of names) {
    const file = join(aside, name);
    const found = await stat(file).catch(() => null); // finished in the meantime
    if (found?.isFile() && found.mtimeMs < Date.now() - untouchedMs) await rm(file, { force: true });
  }
}

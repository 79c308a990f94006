/**
 * The packages of node_modules, bundled once into .atlas/packs: a start reads some dozen files where it found, read and
 * compiled two thousand. A pack is kept under what it was made from and beside a list of the files that went into it:
 * where one of them is not as it was then, it is another pack. It is renamed into place once it is whole, by the one of
 * several starts that makes it while the others wait.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimLock } from './lock.mjs';

/** What was not started for so long is forgotten; what runs may still load a part of itself. */
const KEEP_MS = 7 * 24 * 3_600_000;
const INPUTS = 'atlas-inputs';

const packsOf = (root) => join(root, '.atlas', 'packs');
export const packFolder = (root, pack) => join(packsOf(root), pack);

/** What was installed, as npm noted it; without the note, what should have been. */
export function installed(root) {
  const files = ['package-lock.json', 'node_modules/.package-lock.json'].map((file) => join(root, file));
  return files.filter((file) => existsSync(file)).map((file) => readFileSync(file));
}

/** Whether every file that went into a pack is still the one that went into it. */
export function isWhole(root, pack) {
  try {
    return readFileSync(join(packFolder(root, pack), INPUTS), 'utf8').split('\n').every((line) => stampOf(root, line.slice(line.indexOf('\t') + 1)) === line);
  } catch {
    return false;
  }
}

/** The name of the pack in which all of these can be imported. */
export async function packed({ root, specifiers, say = () => undefined }) {
  const key = keyOf(root, specifiers);
  const there = wholeOne(root, key);
  if (there) return there;
  const lock = await claimLock({ folder: packsOf(root), stuck: 'Another process has been bundling the packages' });
  try {
    const made = wholeOne(root, key); // whoever held the lock before may have made it
    if (made) return made;
    say('Atlas bundles its packages, some ten seconds; this is done once for each installation.');
    return await make({ root, specifiers, key });
  } finally {
    lock.free();
  }
}

const wholeOne = (root, key) => (existsSync(packsOf(root)) ? readdirSync(packsOf(root)).find((name) => name.startsWith(`${key}-`) && isWhole(root, name)) : undefined);

function keyOf(root, specifiers) {
  const hash = createHash('sha256').update(`${process.version} ${process.platform} ${process.arch} ${specifiers.join(' ')}`);
  for (const bytes of [...installed(root), ...['packs.mjs', 'packs-bundle.mjs', 'packs-names.mjs', 'packs-lines.mjs'].map((file) => readFileSync(join(import.meta.dirname, file)))]) {
    hash.update(`\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex').slice(0, 16);
}

async function make({ root, specifiers, key }) {
  const fresh = join(packsOf(root), `${key}.${process.pid}`);
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  try {
    const { bundle } = await import('./packs-bundle.mjs');
    const stamps = (await bundle({ root, specifiers, into: fresh, stampOf: (file) => stampOf(root, file) })).join('\n');
    writeFileSync(join(fresh, INPUTS), stamps);
    const name = `${key}-${createHash('sha256').update(stamps).digest('hex').slice(0, 16)}`;
    rmSync(packFolder(root, name), { recursive: true, force: true }); // it would have been taken, were it whole
    renameSync(fresh, packFolder(root, name));
    forgetOld(packsOf(root), name);
    return name;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** One line for a file, which is another when the file is. */
function stampOf(root, file) {
  const { size, mtimeMs } = statSync(join(root, file));
  return `${size} ${mtimeMs}\t${file}`;
}

/** Says that it is in use. */
export function touch(folder) {
  try {
    utimesSync(folder, new Date(), new Date());
  } catch {
    // It is another account's, who forgets it in time; this one then makes it again.
  }
}

export function forgetOld(kept, current) {
  for (const name of readdirSync(kept)) {
    const folder = join(kept, name);
    if (name !== current && !name.startsWith('lock.') && Date.now() - statSync(folder).mtimeMs > KEEP_MS) rmSync(folder, { recursive: true, force: true });
  }
}

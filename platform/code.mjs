/**
 * The source as JavaScript, kept in .atlas/code: a start compiles nothing that it finds there, and loads it as any other
 * JavaScript, without a loader in between. It is kept under what it was made from, every byte, so it cannot be that of
 * another source, and renamed into place once it is whole: of several who start at once each finds all of it or makes it.
 * Plain JavaScript, because it is what makes JavaScript out of the rest.
 */
import { createHash } from 'node:crypto';
import { accessSync, constants, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { EXTERNAL, fileIn, packageOf } from './packs-names.mjs';
import { forgetOld, installed, isWhole, packed, packFolder, touch } from './packs.mjs';

const FOLDERS = ['gateway', 'platform', 'subgraphs'];
/** Files of other folders that the code reads while it runs. */
export const READ = ['schema/supergraph.graphql', 'clients/typescript/generated/persisted-documents.json'];
const NOT_RUN = /(\.test\.ts|\.contract\.ts|-trial\.ts|\.md)$/;
/** Why what is kept imports from node_modules, where it should have imported from a pack. */
const UNPACKED = 'why-not-packed';

/**
 * The entry as JavaScript; null where it cannot be made or kept: without the compiler, where nothing may be written, or of
 * a source that has a fault. `say` is told when the packages are not bundled, and why.
 */
export async function compiled(root, say = () => undefined) {
  try {
    const sources = sourcesOf(root);
    const print = fingerprint(root, sources);
    return join(keptOf(root, print, say) ?? (await make({ root, sources, print, say })), 'atlas.js');
  } catch {
    return null; // whoever loads the source instead meets what is wrong with it, and says it better
  }
}

const codeOf = (root) => join(root, '.atlas', 'code');

/** What was compiled from these bytes, over a pack that still is what it was; a folder is called by both. */
function keptOf(root, print, say) {
  if (!existsSync(codeOf(root))) return undefined;
  const packOf = (name) => name.slice(print.length + 1);
  const name = readdirSync(codeOf(root)).filter((each) => each.startsWith(print) && !each.includes('.')).find((each) => packOf(each) === '' || isWhole(root, packOf(each)));
  if (!name) return undefined;
  const folder = join(codeOf(root), name);
  touch(folder);
  if (packOf(name)) touch(packFolder(root, packOf(name)));
  else if (existsSync(join(folder, UNPACKED))) say(`${readFileSync(join(folder, UNPACKED), 'utf8')} Remove ${folder} to have it tried again.`);
  return folder;
}

function sourcesOf(root) {
  const found = FOLDERS.flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    // What models are told is text that the code reads.
    .filter((entry) => entry.isFile() && (!NOT_RUN.test(entry.name) || basename(entry.parentPath) === 'prompts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name))));
  return ['atlas.ts', ...READ.filter((file) => existsSync(join(root, file))), ...found].sort();
}

function fingerprint(root, sources) {
  const hash = createHash('sha256').update(`${process.version} ${process.platform}`);
  for (const bytes of installed(root)) hash.update(`\0${bytes.length}\0`).update(bytes);
  for (const file of ['tsconfig.json', ...sources]) {
    const bytes = readFileSync(join(root, file));
    hash.update(`\0${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex').slice(0, 32);
}

async function make({ root, sources, print, say }) {
  mayBeKept(root, say);
  const files = sources.filter((file) => file.endsWith('.ts'));
  const { build, stop } = await import('esbuild');
  try {
    const names = new Set();
    await build(settings({ root, files, write: false, called: (name) => (names.add(name), name) }));
    const { pack, why } = await packFor(root, say, [...names].filter((name) => !isBuiltin(name) && !EXTERNAL.has(packageOf(name))).sort());
    if (why) say(why);
    return await keep({ root, name: pack ? `${print}-${pack}` : print, fill: async (fresh) => {
      const called = (name, importer) => (pack && names.has(name) && !isBuiltin(name) && !EXTERNAL.has(packageOf(name))
        ? relative(dirname(join(fresh, relative(root, importer))), join(packFolder(root, pack), fileIn(name))) : name);
      await build(settings({ root, files, outdir: fresh, called }));
      if (why) writeFileSync(join(fresh, UNPACKED), why);
      for (const file of sources.filter((one) => !/\.(ts|mjs)$/.test(one))) {
        mkdirSync(dirname(join(fresh, file)), { recursive: true });
        cpSync(join(root, file), join(fresh, file));
      }
    } });
  } finally {
    await stop();
  }
}

/** Before anything is made: it would be made at every start. */
function mayBeKept(root, say) {
  try {
    mkdirSync(codeOf(root), { recursive: true });
    accessSync(codeOf(root), constants.W_OK);
  } catch (cause) {
    say(`Each start compiles the source and finds its packages anew, which takes longer, because nothing can be kept in ${codeOf(root)} (${cause.code}).`);
    throw cause;
  }
}

async function packFor(root, say, specifiers) {
  try {
    return { pack: specifiers.length === 0 ? null : await packed({ root, specifiers, say }) };
  } catch (cause) {
    return { pack: null, why: `The packages are loaded one file after the other, which takes longer, because they could not be bundled: ${cause.errors?.[0]?.text ?? String(cause.message).split('\n')[0]}.` };
  }
}

async function keep({ root, name, fill }) {
  const folder = join(codeOf(root), name);
  const fresh = `${folder}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  try {
    await fill(fresh);
    try {
      renameSync(fresh, folder);
    } catch (cause) {
      if (!existsSync(folder)) throw cause; // else another was first
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  forgetOld(codeOf(root), name);
  return folder;
}

/** `called`: the name by which what is no file of ours is imported. */
const settings = ({ root, files, called, ...given }) => ({
  absWorkingDir: root, outbase: root, outdir: root, entryPoints: files,
  // "Bundled" without anything in it: that is how what a file imports can be called by its new name.
  bundle: true, treeShaking: false, plugins: [{ name: 'each file by itself', setup: eachByItself(called) }],
  platform: 'node', format: 'esm', target: `node${process.versions.node}`, tsconfig: join(root, 'tsconfig.json'),
  keepNames: true, sourcemap: true, sourcesContent: false, logLevel: 'silent', ...given,
});

const eachByItself = (called) => ({ onResolve }) => onResolve({ filter: /./ }, ({ path, kind, importer }) =>
  (kind === 'entry-point' ? undefined : { path: /^\.\.?\//.test(path) ? path.replace(/\.ts$/, '.js') : called(path, importer), external: true }));

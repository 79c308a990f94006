/** Makes a pack: esbuild puts the packages together, and whoever wants to know whether it did well asks Node. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { EXTERNAL, fileIn, packageOf } from './packs-names.mjs';
import { lineMap } from './packs-lines.mjs';

/** What a file of the old form knows of itself and of where it lies, where it asks: what is beside it there is not beside the pack. */
const PLACE = /\b__(dir|file)name\b/;
const OWN_REQUIRE = /\bmodule\.require\b/;
const CODE = /\.([cm]?js|json)$/;

/** `require` is for what is not in the pack: Node's own, and what stays where it is. */
const BANNER = `import { createRequire as atlasRequire } from 'node:module';
import { fileURLToPath as atlasPath } from 'node:url';
const require = atlasRequire(import.meta.url);
const atlasFile = (file) => atlasPath(new URL(file, import.meta.url));`;

const posix = (path) => path.split(sep).join('/');

/** Answers a line for each file that went into it, as it was before it was read. */
export async function bundle({ root, specifiers, into, stampOf }) {
  const wanted = specifiers.map((specifier) => ({ specifier, file: resolved(specifier) }));
  const names = namesOf(root, Object.fromEntries(specifiers.map((specifier) => [specifier, specifier])));
  const entries = join(into, 'entries');
  mkdirSync(entries);
  writeFileSync(join(into, 'package.json'), '{ "type": "module" }');
  for (const { specifier, file } of wanted) writeFileSync(join(entries, entryFile(specifier)), isModule(file) ? ofModule(specifier, names[specifier]) : ofOldForm(specifier, names[specifier]));
  const stamps = new Map();
  const { metafile } = await build({ root, into, entryPoints: specifiers.map((specifier) => join(entries, entryFile(specifier))), onFile: (file) => stamps.set(file, stampOf(file)) });
  rmSync(entries, { recursive: true });
  for (const output of Object.keys(metafile.outputs).filter((file) => file.endsWith('.map'))) {
    const file = join(root, output);
    writeFileSync(file, JSON.stringify(lineMap(JSON.parse(readFileSync(file, 'utf8')))));
  }
  for (const { specifier, file } of wanted) if (!metafile.inputs[posix(relative(root, file))]) throw new Error(`Node takes ${file} for ${specifier}, and the bundler another file`);
  const made = namesOf(root, Object.fromEntries(specifiers.map((specifier) => [specifier, pathToFileURL(join(into, fileIn(specifier))).href])));
  for (const { specifier } of wanted) if (String(made[specifier]) !== String(names[specifier])) throw new Error(`${specifier} would say other names than in node_modules`);
  return Object.keys(metafile.inputs).filter((file) => stamps.has(file)).map((file) => stamps.get(file)).sort();
}

const entryFile = (specifier) => fileIn(specifier).replace(/js$/, 'mjs');
const resolved = (specifier) => realpathSync(fileURLToPath(import.meta.resolve(specifier)));

/** As Node tells them apart. */
function isModule(file) {
  if (extname(file) !== '.js') return extname(file) === '.mjs';
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const about = join(folder, 'package.json');
    if (existsSync(about)) return JSON.parse(readFileSync(about, 'utf8')).type === 'module';
    if (folder === dirname(folder)) return false;
  }
}

/** What each exports, from a process of its own: who imports a package and then the pack would have both. */
function namesOf(root, urls) {
  const script = `const names = {};
for (const [name, url] of ${JSON.stringify(Object.entries(urls))}) names[name] = Object.keys(await import(url)).filter((each) => each !== 'module.exports').sort();
process.stdout.write('\\n' + JSON.stringify(names), () => process.exit(0));`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8', env: { PATH: process.env.PATH }, maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(/^\w*Error.*$/m.exec(stderr)?.[0] ?? `a package cannot be imported (${status})`);
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n') + 1));
}

const ofModule = (specifier, names) => `export * from '${specifier}';${names.includes('default') ? `\nexport { default } from '${specifier}';` : ''}\n`;

/** Node shows the names it finds in the text of such a file; the bundler alone would show none. */
const ofOldForm = (specifier, names) => `import whole from '${specifier}';\nexport default whole;\n${names
  .filter((name) => name !== 'default').map((name, index) => `const _${index} = whole[${JSON.stringify(name)}];\nexport { _${index} as ${JSON.stringify(name)} };\n`).join('')}`;

async function build({ root, into, entryPoints, onFile }) {
  const { build: esbuild, stop } = await import('esbuild');
  try {
    return await esbuild({
      absWorkingDir: root, outdir: into, entryPoints, bundle: true, splitting: true, format: 'esm', platform: 'node', target: `node${process.versions.node}`,
      // What Node would take, all of it, under the names it has: nothing is left out because a package says that nobody misses it.
      mainFields: ['main'], conditions: ['node-addons', 'module-sync'], treeShaking: false, ignoreAnnotations: true, keepNames: true,
      metafile: true, sourcemap: true, sourcesContent: false, legalComments: 'none', logLevel: 'silent',
      banner: { js: BANNER },
      plugins: [{ name: 'as Node has them', setup: (given) => asNode({ ...given, root, into, onFile }) }],
    });
  } finally {
    await stop();
  }
}

function asNode({ onResolve, onLoad, resolve, root, into, onFile }) {
  const placeOf = (file) => posix(relative(into, file));
  onResolve({ filter: /^[^./]|\.node$/ }, async ({ path, pluginData, ...asked }) => {
    if (pluginData === 'asked' || asked.kind === 'entry-point') return undefined;
    const { kind, importer, resolveDir } = asked;
    const found = await resolve(path, { kind, importer, resolveDir, pluginData: 'asked' });
    if (found.errors.length > 0) return { path, external: true }; // an optional package that is not there: so says whoever asks for it
    if (found.external || !(EXTERNAL.has(packageOf(found.path)) || found.path.endsWith('.node'))) return found;
    return { path: placeOf(found.path), external: true };
  });
  onLoad({ filter: CODE }, ({ path }) => {
    if (path.startsWith(into)) return undefined;
    onFile(posix(relative(root, path)));
    if (path.endsWith('.json')) return undefined;
    const text = readFileSync(path, 'utf8');
    if (/\bimport\.meta\.(url|dirname|filename|resolve)\b/.test(text) && isModule(path)) throw new Error(`${relative(root, path)} asks where it is, which a pack does not say to a module`);
    const asks = [PLACE.test(text) && placed(placeOf(path)), OWN_REQUIRE.test(text) && 'module.require = (name) => require(name);'].filter(Boolean);
    return asks.length === 0 || isModule(path) ? undefined : { contents: `${asks.join(' ')} ${text}`, loader: 'js' };
  });
}

const placed = (place) => `var __filename = atlasFile('${place}'), __dirname = require('node:path').dirname(__filename);`;

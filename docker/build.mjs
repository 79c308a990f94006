/**
 * `npm run build`: compiles what atlas.ts reaches into dist/, and lays beside it the files that are read at run time.
 * Plain JavaScript, because it is what makes JavaScript out of the rest.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { READ } from '../platform/code.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const [supergraph, trusted] = READ;

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/** Whatever code reads beside itself, found by being there: the next such file needs no entry in a list. */
function filesBesideCode(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && (!/\.(ts|mjs|md)$/.test(entry.name) || entry.parentPath.endsWith('/prompts')))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

if (!existsSync(join(root, supergraph))) refuse(`${supergraph} is missing and the gateway cannot start without it: make it with \`npm run schema\`.`);

if (!existsSync(join(root, trusted))) refuse(`${trusted} is missing and the gateway cannot start without it: make it with \`npm run codegen\`.`);

// What was deleted from the source must not live on in dist.
rmSync(dist, { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '--project', join(root, 'tsconfig.build.json')], { cwd: root, stdio: 'inherit' });
if (status !== 0) refuse('Nothing was built: see what the compiler said.');

const copied = [supergraph, trusted, ...['gateway', 'platform', 'subgraphs'].flatMap(filesBesideCode)];
for (const file of copied) {
  mkdirSync(dirname(join(dist, file)), { recursive: true });
  cpSync(join(root, file), join(dist, file));
}
process.stdout.write(`dist/ holds the code and ${copied.length} files it reads: ${copied.join(', ')}.\n`);

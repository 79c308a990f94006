#!/usr/bin/env -S node --max-semi-space-size=64
/**
 * The way in: makes sure that what the lockfile names is installed, then starts Atlas. It runs before anything is
 * installed, so it is plain JavaScript and knows only Node.
 *
 *   start.mjs [names of services …]   installs what is missing and starts them; none named: all
 *   start.mjs --ready                 installs what is missing
 *   start.mjs --stamp                 notes that what is there was installed from this lockfile (npm's postinstall)
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stampFile = join(modules, 'atlas-installed');
const lockFolder = join(root, '.atlas', 'install');
const progressEveryMs = 10_000;

const say = (line) => process.stderr.write(`${line}\n`);

function refuse(sentence) {
  say(sentence);
  process.exit(1);
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  refuse(`Atlas needs Node 20.19 or newer, and this is Node ${process.versions.node}.`);
}

/** What was installed fits another lockfile, another Node or another machine as little as nothing at all. */
function stampOf() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  return hash.update(`\0${process.versions.node.split('.')[0]}\0${process.platform}\0${process.arch}`).digest('hex');
}

function stamp() {
  if (!existsSync(modules)) return;
  // Renamed into place, because clones may share their files as hard links and must not write through them.
  const fresh = `${stampFile}.${process.pid}`;
  writeFileSync(fresh, stampOf());
  renameSync(fresh, stampFile);
}

/** An image has no devDependencies and needs none to start; the tests do. */
function isReady() {
  const needed = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const names = Object.keys({ ...needed.dependencies, ...(process.env.npm_lifecycle_event === 'pretest' ? needed.devDependencies : {}) });
  return textOf(stampFile) === stampOf() && names.every((name) => existsSync(join(modules, name, 'package.json')));
}

async function ready() {
  if (isReady()) return;
  // Loaded only here: an image has all that it needs, and this file alone of those that are not compiled.
  const { claimLock } = await import('./lock.mjs');
  const onWait = () => say('Another process is installing the packages; waiting for it.');
  const lock = await claimLock({ folder: lockFolder, onWait, stuck: `Another process has been installing packages in ${root}` }).catch((cause) => refuse(cause.message));
  try {
    if (!isReady()) await install(lock); // whoever held the lock before may have done it
  } finally {
    lock.free();
  }
}

async function install(lock) {
  const startedAt = Date.now();
  say('Atlas installs its packages (npm ci); this is done once for each lockfile.');
  rmSync(stampFile, { force: true }); // an installation that is interrupted must not look finished
  const npm = spawn('npm', ['ci', '--include=dev'], { cwd: root, env: npmSettings(), stdio: ['ignore', 2, 2] });
  // npm may outlive us; the lock is held as long as either is there.
  if (npm.pid) lock.addProcess(npm.pid);
  const progress = setInterval(() => say(`… npm ci, ${Math.round((Date.now() - startedAt) / 1000)} s`), progressEveryMs);
  const leave = (signal) => {
    npm.kill(signal);
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, leave);
  const failure = await new Promise((resolve) => {
    npm.once('error', (cause) => resolve(`npm could not be run: ${cause.message}`));
    npm.once('exit', (code, signal) => resolve(code === 0 ? null : `npm ci ended with ${signal ?? `code ${code}`}, see its last lines above`));
  });
  clearInterval(progress);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, leave);
  if (failure) {
    lock.free();
    refuse(`The packages of Atlas could not be installed: ${failure}.`);
  }
  stamp(); // npm has done it already, unless it was told to run no scripts
  say(`Installed after ${Math.round((Date.now() - startedAt) / 1000)} s.`);
}

/** What was said to the npm that runs us, about another folder or a rehearsal, is not meant for this one. */
function npmSettings() {
  const foreign = /^npm_config_(prefix|local_prefix|global|location|workspaces?|include_workspace_root|dry_run|package_lock_only|omit)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

async function run(names) {
  const built = join(root, 'dist', 'atlas.js');
  const { main } = await import(pathToFileURL(process.env.NODE_ENV === 'production' && existsSync(built) ? built : await fromSource()).href);
  await main(names);
}

async function fromSource() {
  await ready();
  process.setSourceMapsEnabled(true); // an error names the line that was written
  const { compiled } = await import('./code.mjs');
  const entry = await compiled(root, say);
  if (entry) return entry;
  // Found by the working folder otherwise, which may hold another project's settings for decorators.
  process.env.TSX_TSCONFIG_PATH = join(root, 'tsconfig.json');
  const { register } = await import('tsx/esm/api');
  register();
  return join(root, 'atlas.ts');
}

const [first] = process.argv.slice(2);
if (first === '--stamp') {
  try {
    stamp();
  } catch {
    // Without a stamp the next start installs once more; that is no reason to fail this installation.
  }
} else {
  refuseOldNode();
  await (first === '--ready' ? ready() : run(process.argv.slice(2)));
}

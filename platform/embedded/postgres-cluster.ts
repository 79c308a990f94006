/** The cluster on disk: made whole or not at all, with the passwords of its three logins beside its data. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { dataFolderOf, type Home } from './postgres-home.ts';
import { unsupported, type Programs } from './postgres-programs.ts';
import { own, spawnAs } from './postgres-user.ts';

/** `admin` is the superuser; only this folder's code logs in with it, to make the other two. */
export interface Passwords {
  admin: string;
  atlas_owner: string;
  atlas: string;
}

export interface Cluster {
  folder: string;
  dataFolder: string;
  passwords: Passwords;
}

export const adminLogin = 'atlas_admin';
const unfinished = 'new-';
const run = promisify(execFile);

export async function openCluster(given: { home: Home; programs: Programs; say: (line: string) => void }): Promise<Cluster> {
  const { home, programs, say } = given;
  const folder = join(home.folder, 'cluster');
  for (const name of await readdir(home.folder)) {
    // We hold the folder's lock, so whoever was making this one is gone.
    if (name.startsWith(unfinished)) await rm(join(home.folder, name), { recursive: true, force: true });
  }
  if (!existsSync(folder)) {
    say(`PostgreSQL ${programs.major} makes its data folder in ${home.folder}.`);
    await makeCluster(home, programs, folder);
  }
  await refuseAnotherMajor(folder, programs.major);
  return { folder, dataFolder: dataFolderOf(home.folder), passwords: await readPasswords(folder) };
}

async function makeCluster(home: Home, programs: Programs, folder: string): Promise<void> {
  const fresh = await mkdtemp(join(home.folder, unfinished));
  await chmod(fresh, 0o711);
  const passwords: Passwords = { admin: password(), atlas_owner: password(), atlas: password() };
  await writeFile(join(fresh, 'passwords.json'), JSON.stringify(passwords), { mode: 0o600, flag: 'wx' });
  const data = join(fresh, 'data');
  await mkdir(data, { mode: 0o700 });
  own(data, home.user);
  const adminFile = join(fresh, 'admin');
  await writeFile(adminFile, passwords.admin, { mode: 0o600, flag: 'wx' });
  own(adminFile, home.user);
  await initdb(programs, home, { data, adminFile });
  await rm(adminFile);
  await rename(fresh, folder);
}

async function initdb(programs: Programs, home: Home, given: { data: string; adminFile: string }): Promise<void> {
  // The built-in locale gives every system the same order and the same upper and lower case.
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const logins = [`--username=${adminLogin}`, `--pwfile=${given.adminFile}`, '--auth=scram-sha-256'];
  try {
    await run(programs.initdb, ['-D', given.data, ...locale, ...logins, '--no-instructions'], {
      ...spawnAs(home.user),
      env: { PATH: process.env.PATH, TZ: 'UTC', LC_ALL: 'C' },
    });
  } catch (cause) {
    const { code, stderr } = cause as { code?: unknown; stderr?: string };
    // The file is there, so what is not found is the loader that it names.
    if (code === 'ENOENT') throw unsupported();
    const reason = stderr?.trim().split('\n').find((line) => line.includes('error:')) ?? (cause as Error).message;
    throw new Error(`PostgreSQL could not make its data folder in ${home.folder}: ${reason.replace(/^initdb: error: /, '')}.`, { cause });
  }
}

async function refuseAnotherMajor(folder: string, major: string): Promise<void> {
  const found = await readFile(join(folder, 'data', 'PG_VERSION'), 'utf8').catch(unreadable(folder));
  if (found.trim() === major) return;
  throw new Error(
    `The data in ${folder} was made by PostgreSQL ${found.trim()} and cannot be read by PostgreSQL ${major}: ` +
      'move the folder away to start anew, or set DATABASE_URL to a server that reads it.',
  );
}

async function readPasswords(folder: string): Promise<Passwords> {
  return JSON.parse(await readFile(join(folder, 'passwords.json'), 'utf8').catch(unreadable(folder))) as Passwords;
}

const unreadable = (folder: string) => (cause: unknown): never => {
  throw new Error(`The data in ${folder} cannot be read: ${(cause as Error).message}.`, { cause });
};

/** Letters that need no escape in a URL. */
const password = () => randomBytes(24).toString('base64url');

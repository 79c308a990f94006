/**
 * Where the data of one folder really lives. Usually in the folder itself. Under root PostgreSQL runs as another user,
 * who may be unable to enter the folder (a clone under /root); then the data lives elsewhere, and a pointer in the
 * folder says where. Without the pointer the data is forgotten, so deleting the folder starts anew in either case.
 */
import { createHash, randomBytes } from 'node:crypto';
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandOf } from './processes.ts';
import { canUse, runAs, type RunAs } from './postgres-user.ts';

export interface Home {
  /** Holds everything of one installation: the cluster, its log. */
  folder: string;
  user: RunAs;
  /** Where a copy of the programs goes, should one be needed. */
  copies: string;
}

const elsewhere = '/var/lib/atlas';
const pointerName = 'data-is-in';
const ownerName = 'belongs-to';

export const dataFolderOf = (home: string) => join(home, 'cluster', 'data');

/** Call it under the folder's lock: it may make and remove folders. */
export function openHome(folder: string): Home {
  const here = join(folder, 'cluster');
  const owner = existsSync(join(here, 'data')) ? statSync(join(here, 'data')) : null;
  const user = runAs(owner);
  if (!user) return { folder, user, copies: join(folder, 'programs') };
  const copies = join(elsewhere, 'programs');
  const known = owner ? null : knownElsewhere(folder);
  if (known) return { folder: known, user, copies };
  // Others may pass through but not look around.
  if (!owner && statSync(folder).uid === 0) chmodSync(folder, 0o711);
  if (canUse(user, { folder })) return { folder, user, copies };
  if (owner) throw new Error(`The data in ${here} belongs to user ${user.uid}, who can no longer enter that folder: let that user pass again.`);
  return { folder: makeElsewhere(folder), user, copies };
}

function knownElsewhere(folder: string): string | null {
  const pointer = join(folder, pointerName);
  const known = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : null;
  if (!known || !existsSync(known) || isCopied(folder, known)) return null;
  writeFileSync(join(known, ownerName), folder);
  return known;
}

function makeElsewhere(folder: string): string {
  const mine = join(elsewhere, createHash('sha256').update(folder).digest('hex').slice(0, 16));
  forget(mine);
  const home = join(mine, randomBytes(4).toString('hex'));
  for (const made of [elsewhere, mine, home]) {
    mkdirSync(made, { recursive: true });
    chmodSync(made, 0o711);
  }
  writeFileSync(join(home, ownerName), folder);
  writeFileSync(join(folder, pointerName), `${home}\n`);
  return home;
}

/** A folder that was moved takes its data along; one that was copied must not share the original's data. */
function isCopied(folder: string, home: string): boolean {
  const owner = existsSync(join(home, ownerName)) ? readFileSync(join(home, ownerName), 'utf8') : folder;
  if (owner === folder) return false;
  const pointer = join(owner, pointerName);
  return existsSync(pointer) && readFileSync(pointer, 'utf8').trim() === home;
}

/** Data whose folder was deleted goes too, unless a server still runs on it. */
function forget(homes: string): void {
  if (!existsSync(homes)) return;
  for (const name of readdirSync(homes)) {
    const home = join(homes, name);
    if (!runningPid(dataFolderOf(home))) rmSync(home, { recursive: true, force: true });
  }
}

/** The pid of the server over a data folder. The pid file alone may be left over and its pid taken by another process. */
export function runningPid(dataFolder: string): number | null {
  const pid = recordedPid(dataFolder);
  return pid && commandOf(pid)?.includes(` -D ${dataFolder} `) ? pid : null;
}

/** The pid in the data folder's pid file, whoever that may be by now. */
export function recordedPid(dataFolder: string): number | null {
  try {
    return Number.parseInt(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8'), 10) || null;
  } catch {
    return null;
  }
}

/** One name for one folder, whatever links lead to it: processes recognise their server by it. */
export function realFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return realpathSync(folder);
  } catch (cause) {
    throw new Error(`The folder ${folder} for the database cannot be used: ${(cause as Error).message}.`, { cause });
  }
}

/** Removes an installation and whatever it keeps elsewhere; its server must be stopped. */
export function forgetFolder(folder: string): void {
  const pointer = join(folder, pointerName);
  if (existsSync(pointer)) rmSync(dirname(readFileSync(pointer, 'utf8').trim()), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}

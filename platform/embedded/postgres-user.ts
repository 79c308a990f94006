/**
 * As whom PostgreSQL runs. It refuses to run as root, and rightly; so under root it runs as somebody who owns nothing
 * else. As an ordinary user nothing changes hands.
 */
import { spawnSync } from 'node:child_process';
import { chownSync } from 'node:fs';

/** Null means: as who we are. */
export type RunAs = { uid: number; gid: number } | null;

const asRoot = () => process.getuid?.() === 0;
const candidates = ['postgres', 'nobody'];

/** `dataOwner` is who owns data that is already there: a root that visits a user's folder runs it as that user. */
export function runAs(dataOwner: { uid: number; gid: number } | null): RunAs {
  if (!asRoot()) return null;
  if (dataOwner && dataOwner.uid !== 0) return { uid: dataOwner.uid, gid: dataOwner.gid };
  for (const name of candidates) {
    const [uid, gid] = ['-u', '-g'].map((what) => spawnSync('id', [what, name], { encoding: 'utf8' }).stdout?.trim());
    if (uid && gid && uid !== '0') return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('PostgreSQL does not run as root, and this system has no user "postgres" or "nobody": start Atlas as an ordinary user or set DATABASE_URL.');
}

/** What `spawn` needs to run something as that user: the file system's root as a folder it can surely stand in. */
export const spawnAs = (user: RunAs) => ({ ...user, cwd: '/' });

export function own(path: string, user: RunAs): void {
  if (user) chownSync(path, user.uid, user.gid);
}

/** Asks the system itself rather than reading mode bits, since access lists and mounts have a say as well. */
export function canUse(user: RunAs, given: { folder?: string; program?: string }): boolean {
  const test = '{ [ -z "$1" ] || cd -- "$1"; } && { [ -z "$2" ] || [ -x "$2" ]; }';
  const asked = spawnSync('/bin/sh', ['-c', test, 'sh', given.folder ?? '', given.program ?? ''], {
    ...spawnAs(user),
    stdio: 'ignore',
  });
  return asked.status === 0;
}

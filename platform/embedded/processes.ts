/**
 * Who a process is. A number alone does not say: after a crash or a reboot the kernel hands the same pid to somebody
 * else, so a lock or a pid file is believed only when the start time or the command line also fits.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const onLinux = process.platform === 'linux';

/** When the process started, in whatever unit the system counts; null when there is no such process. */
export function startOf(pid: number): string | null {
  if (!onLinux) return ps(pid, 'lstart');
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The second field is the program's name in brackets and may hold spaces, so the fields are counted after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const isZombie = fields[0] === 'Z';
  return isZombie ? null : (fields[19] ?? null);
}

/** The command line as one text; null when there is no such process. */
export function commandOf(pid: number): string | null {
  if (!onLinux) return ps(pid, 'command');
  const command = textOf(`/proc/${pid}/cmdline`);
  return command ? command.split('\0').join(' ') : null;
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function ps(pid: number, column: string): string | null {
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', `${column}=`], { encoding: 'utf8', stdio: 'pipe' }).trim() || null;
  } catch {
    return null;
  }
}

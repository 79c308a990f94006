/**
 * One of several processes does a thing, the others wait for it. A dead holder's lock is never removed, since two could
 * remove it and one of them the other's new one: each holder creates the next number, the highest number counts, and it is
 * free when it says so or when its processes are gone. Plain JavaScript, because it runs before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const waitMaxMs = 15 * 60_000;
const pollMs = 200;
/** Between creating and writing its lock a holder is unreadable; longer than this, it died in between. */
const writeMaxMs = 5_000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** `addProcess`: the lock is held as long as that process is there, too. */
export async function claimLock({ folder, onWait = () => undefined, stuck }) {
  mkdirSync(folder, { recursive: true });
  const giveUpAt = Date.now() + waitMaxMs;
  for (let told = false; ; ) {
    const top = highestLock(folder);
    if (top === 0 || isFree(lockFile(folder, top))) {
      if (takeLock(folder, top + 1)) return held(lockFile(folder, top + 1));
      continue;
    }
    if (!told) onWait();
    told = true;
    if (Date.now() > giveUpAt) throw new Error(`${stuck} for ${waitMaxMs / 60_000} minutes.`);
    await pause(pollMs);
  }
}

const held = (file) => ({
  addProcess: (pid) => appendFileSync(file, `\n${pid} ${startOf(pid)}`),
  free: () => writeFileSync(file, 'free'),
});

const lockFile = (folder, number) => join(folder, `lock.${number}`);
const highestLock = (folder) => Math.max(0, ...readdirSync(folder).map((name) => Number(/^lock\.(\d+)$/.exec(name)?.[1] ?? 0)));

function takeLock(folder, number) {
  try {
    writeFileSync(lockFile(folder, number), `${process.pid} ${startOf(process.pid)}`, { flag: 'wx' });
  } catch (cause) {
    if (cause.code === 'EEXIST') return false;
    throw cause;
  }
  if (highestLock(folder) === number) return true;
  rmSync(lockFile(folder, number), { force: true });
  return false;
}

function isFree(file) {
  const text = textOf(file);
  if (text === null || text === 'free') return text !== null;
  if (text === '') return Date.now() - statSync(file).mtimeMs > writeMaxMs;
  return text.split('\n').every((line) => {
    const [pid, ...words] = line.split(' ');
    const start = words.join(' ');
    return start === '' || startOf(pid) !== start;
  });
}

/** When a process started, as its number alone may by now be somebody else's; empty when it is gone. */
function startOf(pid) {
  if (process.platform !== 'linux') return spawnSync('ps', ['-p', String(pid), '-o', 'lstart='], { encoding: 'utf8' }).stdout?.trim() ?? '';
  const stat = textOf(`/proc/${pid}/stat`) ?? '';
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? '' : (fields[19] ?? '');
}

function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

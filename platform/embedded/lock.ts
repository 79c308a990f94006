/**
 * One process at a time over a folder, also when a holder was killed with `kill -9`.
 *
 * Removing a dead holder's lock is where lock files race: two see it dead, and the slower removes the faster one's new
 * lock. So nobody removes here. Each holder writes the next number, which only one can create, and the highest number
 * is the lock; it is free when its holder wrote so, or is gone.
 */
import { readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startOf } from './processes.ts';

const pollMs = 25;
/** Between creating and writing its file a holder is unreadable; longer than this, it died in between. */
const writeMaxMs = 5_000;
/** Lower numbers are kept for a while, so that a slow starter cannot create one that was already taken and removed. */
const numbersKept = 4;

export async function withLock<T>(given: { folder: string; waitMaxMs: number }, work: () => Promise<T>): Promise<T> {
  const mine = await claim(given);
  try {
    return await work();
  } finally {
    await writeFile(fileOf(given.folder, mine), 'free').catch(() => {}); // the folder may be gone; then so is the lock
  }
}

async function claim({ folder, waitMaxMs }: { folder: string; waitMaxMs: number }): Promise<number> {
  const giveUpAt = Date.now() + waitMaxMs;
  for (;;) {
    const numbers = await numbersIn(folder);
    const top = numbers.at(-1) ?? 0;
    if (top === 0 || (await isFree(fileOf(folder, top)))) {
      if (await take(folder, top + 1)) {
        for (const old of numbers) if (old <= top - numbersKept) await rm(fileOf(folder, old), { force: true });
        return top + 1;
      }
    } else await pause(pollMs);
    if (Date.now() > giveUpAt) {
      throw new Error(`Another process has been opening the folder ${folder} for ${waitMaxMs / 1000} s; stop it and start again.`);
    }
  }
}

async function take(folder: string, number: number): Promise<boolean> {
  const file = fileOf(folder, number);
  try {
    await writeFile(file, `${process.pid} ${startOf(process.pid)}`, { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
  // Whoever slept between looking and creating may have been overtaken: a higher number wins.
  if ((await numbersIn(folder)).at(-1) === number) return true;
  await rm(file, { force: true });
  return false;
}

async function isFree(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return false; // overtaken: look again
  if (text === 'free') return true;
  if (text === '') {
    const age = await stat(file).then((found) => Date.now() - found.mtimeMs, () => 0);
    return age > writeMaxMs;
  }
  const [pid, start] = text.split(/ (.*)/s);
  return startOf(Number(pid)) !== start;
}

async function numbersIn(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return names.flatMap((name) => /^lock\.(\d+)$/.exec(name)?.[1] ?? []).map(Number).sort((a, b) => a - b);
}

const fileOf = (folder: string, number: number) => join(folder, `lock.${number}`);

/**
 * A process of its own for one file that a stranger sent: the file comes in by stdin, what was found goes out by the
 * fourth descriptor, because libraries write to the first three. It has no settings and no secrets.
 */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { refusalOf, type ExtractedText, type Refusal } from '../../domain/transfer.ts';
import { extractText } from './extract-text.ts';

/** `parent` is the process that asks. */
export interface Task { type: string; textBytesMax: number; memoryBytesMax: number; timeMs: number; parent: number }
export type Outcome = { found: ExtractedText } | { refused: Refusal };

/**
 * A library that is busy lets no timer of its own thread run: another thread looks, and ends the process. Who asked looks
 * at the clock too, but may itself be killed, and nobody would end this one then.
 */
const WATCH_EVERY_MS = 20;
const WATCH = ({ memoryBytesMax, timeMs, parent }: Task) => `
  const isOver = () => process.memoryUsage.rss() > ${memoryBytesMax} || performance.now() > ${timeMs} || process.ppid !== ${parent};
  setInterval(() => { if (isOver()) process.kill(process.pid, 'SIGKILL'); }, ${WATCH_EVERY_MS});`;

const task = JSON.parse(process.argv[2]!) as Task;
await once(new Worker(WATCH(task), { eval: true }), 'online');
const outcome = await outcomeOf(task);
createWriteStream('', { fd: 3 }).end(JSON.stringify(outcome), () => process.exit(0));

async function outcomeOf({ type, textBytesMax }: Task): Promise<Outcome> {
  try {
    return { found: await extractText(await buffer(process.stdin), type, textBytesMax) };
  } catch (error) {
    return { refused: refusalOf(error) };
  }
}

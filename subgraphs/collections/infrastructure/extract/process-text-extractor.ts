/**
 * Takes the text out of files in a process that lives for one file. A thread would not do: its memory limit counts
 * neither the buffers that a hostile PDF unpacks into, nor does it outlive a crash of what it runs in.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { type Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { AtlasError } from '../../../../platform/errors.ts';
import type { Bytes, ExtractedText, TextExtractor } from '../../domain/transfer.ts';
import { isReadable } from './extract-text.ts';
import type { Outcome, Task } from './process.ts';

export const EXTRACT_LIMITS = { fileBytesMax: 52_428_800, textBytesMax: 5_242_880, memoryBytesMax: 805_306_368, timeMs: 60_000 };
export type ExtractLimits = typeof EXTRACT_LIMITS;

/** JSON spells a byte with six at most. */
const SPELLING_MAX = 6;
const COMPLAINT_CHARS_MAX = 2_000;
/** From source the process brings its own loader along; built, it is JavaScript like the rest. */
const PROCESS = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './process.mjs' : './process.js', import.meta.url));

export class ProcessTextExtractor implements TextExtractor {
  constructor(private readonly limits: ExtractLimits = EXTRACT_LIMITS) {}

  async extract(open: () => Promise<Bytes>, type: string, signal: AbortSignal): Promise<ExtractedText> {
    signal.throwIfAborted();
    if (!isReadable(type)) throw new AtlasError('FILE_UNREADABLE', 'No text can be taken from a file of this type.');
    const { textBytesMax, memoryBytesMax, timeMs, fileBytesMax } = this.limits;
    const task: Task = { type, textBytesMax, memoryBytesMax, timeMs, parent: process.pid };
    const child = spawn(process.execPath, [`--max-old-space-size=${Math.round(memoryBytesMax / 1_048_576)}`, PROCESS, JSON.stringify(task)], { stdio: ['pipe', 'ignore', 'pipe', 'pipe'], env: {} });
    const end = () => { child.kill('SIGKILL'); };
    const timer = setTimeout(end, timeMs);
    signal.addEventListener('abort', end);
    try {
      const [outcome] = await Promise.all([outcomeOf(child, textBytesMax * SPELLING_MAX), fed(child.stdin!, open, fileBytesMax)]);
      if ('refused' in outcome) throw new AtlasError(outcome.refused.code, outcome.refused.message);
      return outcome.found;
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      end();
    }
  }
}

async function fed(stdin: Writable, open: () => Promise<Bytes>, bytesMax: number): Promise<void> {
  const source = await open();
  try {
    // The file is part of the line, so it is closed however the line ends, be none of it read.
    await pipeline(source, (from: Bytes) => bounded(from, bytesMax), stdin);
  } catch (error) {
    // A process that has ended takes no more; why it ended is told by what it left.
    const { code } = error as { code?: unknown };
    if (code !== 'EPIPE' && code !== 'ERR_STREAM_PREMATURE_CLOSE' && code !== 'ECONNRESET') throw error;
  }
}

async function* bounded(source: Bytes, bytesMax: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new AtlasError('FILE_TOO_LARGE', `Text is taken from files of up to ${Math.round(bytesMax / 1_048_576)} MB.`);
    yield chunk;
  }
}

/** What a process that reads hostile files says is not believed further than its form. */
async function outcomeOf(child: ChildProcess, bytesMax: number): Promise<Outcome> {
  let complaint = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => { complaint = (complaint + text).slice(-COMPLAINT_CHARS_MAX); });
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of child.stdio[3] as Readable) {
    bytes += (chunk as Buffer).length;
    if (bytes > bytesMax) child.kill('SIGKILL');
    else chunks.push(chunk as Buffer);
  }
  const [code, killedBy] = await ended;
  if (code === 0 && bytes <= bytesMax) return JSON.parse(Buffer.concat(chunks).toString()) as Outcome;
  throw new AtlasError('FILE_TOO_COMPLEX', undefined, { cause: new Error(`The process ended by ${killedBy ?? `code ${code}`}: ${complaint}`) });
}

/** Lines of a stream, each within a bound: one that is longer is passed over to its end and told as such, never held. */
import { plainText } from './text-bytes.ts';
import type { Bytes } from '../../domain/transfer.ts';

const LF = 0x0a;

export interface Line { line: number; at: number; bytes: Buffer | null }

export async function* linesOf(source: Bytes, bytesMax: number): AsyncGenerator<Line> {
  let held: Buffer[] = [];
  let size = 0;
  let line = 0;
  let at = 0;
  const take = (part: Buffer) => {
    size += part.length;
    if (size <= bytesMax) held.push(part);
    else held = [];
  };
  const ended = (): Line => {
    const bytes = size > bytesMax ? null : held.length === 1 ? held[0]! : Buffer.concat(held);
    line += 1;
    held = [];
    size = 0;
    return { line, at, bytes };
  };
  for await (const chunk of plainText(source)) {
    let from = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
      take(chunk.subarray(from, end));
      at += end + 1 - from;
      from = end + 1;
      yield ended();
    }
    // Copied, because a source may fill the same memory again.
    if (from < chunk.length) take(Buffer.from(chunk.subarray(from)));
    at += chunk.length - from;
  }
  if (size > 0) yield ended();
}

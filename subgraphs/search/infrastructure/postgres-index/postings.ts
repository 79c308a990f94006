/** Which documents have a word: of each spelling of a stem, and of all its spellings together. */
import { unpacked } from '../../domain/encoding.ts';

export interface Posting { readonly docs: Uint32Array; readonly frequencies: Uint32Array }
export interface WordPosting extends Posting { readonly word: string }

export interface TermRow { segment: number; stem: string; word: string; n: number; docs: Uint8Array; frequencies: Uint8Array }

export const wordPosting = ({ word, n, docs, frequencies }: TermRow): WordPosting => ({ word, docs: unpacked(docs, n, true), frequencies: unpacked(frequencies, n) });

export class TermPostings {
  readonly all: Posting;
  /** In memory, about. */
  readonly bytes: number;
  constructor(readonly words: readonly WordPosting[]) {
    this.all = words.length === 1 ? words[0]! : words.reduce<Posting>(joined, EMPTY);
    const held = words.reduce((sum, { docs }) => sum + docs.length * 8 + 300, 200);
    this.bytes = words.length > 1 ? held * 2 : held;
  }
  ofWord(word: string): WordPosting | undefined { return this.words.find((one) => one.word === word); }
}

const EMPTY: Posting = { docs: new Uint32Array(), frequencies: new Uint32Array() };

export function joined(one: Posting, other: Posting): Posting {
  const docs = new Uint32Array(one.docs.length + other.docs.length);
  const frequencies = new Uint32Array(docs.length);
  let size = 0;
  for (let i = 0, j = 0; i < one.docs.length || j < other.docs.length; size += 1) {
    const a = one.docs[i] ?? Infinity;
    const b = other.docs[j] ?? Infinity;
    docs[size] = Math.min(a, b);
    frequencies[size] = (a <= b ? one.frequencies[i++]! : 0) + (b <= a ? other.frequencies[j++]! : 0);
  }
  return { docs: docs.slice(0, size), frequencies: frequencies.slice(0, size) };
}

/** Many at once, over a segment of this size. */
export function union(postings: readonly Posting[], size: number): Posting {
  if (postings.length <= 2) return postings.length === 2 ? joined(postings[0]!, postings[1]!) : postings[0] ?? EMPTY;
  const sums = new Uint32Array(size);
  let most = 0;
  for (const { docs, frequencies } of postings) {
    most += docs.length;
    for (let at = 0; at < docs.length; at += 1) sums[docs[at]!]! += frequencies[at]!;
  }
  const docs = new Uint32Array(Math.min(most, size));
  let count = 0;
  for (let doc = 0; doc < size; doc += 1) if (sums[doc]! > 0) docs[count++] = doc;
  return { docs: docs.slice(0, count), frequencies: Uint32Array.from({ length: count }, (_, at) => sums[docs[at]!]!) };
}

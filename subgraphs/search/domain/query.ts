/** What somebody typed, read once for every index. */
import { isUnspaced, wordsOf } from './words.ts';

/** Terms are as typed but in one normal form and in lower case; what they are stemmed to depends on each document's language. */
export interface Query {
  /** The whole of it, trimmed: what a model of meaning is given. */
  readonly text: string;
  /** Outside of quotes, each once. A document need not have all of them, nor any when it has the phrases; those it has say how well it fits. */
  readonly words: readonly string[];
  /** Inside of quotes, one word or more: a document has every one of them, in this order and side by side. */
  readonly phrases: readonly (readonly string[])[];
  /** After a minus: a document has none of them. */
  readonly excluded: { readonly words: readonly string[]; readonly phrases: readonly (readonly string[])[] };
  /** Whether somebody may still be typing the last of `words`. */
  readonly lastIsPrefix: boolean;
}

/** A question of more words than this is asked by its first ones. */
export const QUERY_WORDS_MAX = 64;
const PHRASES_MAX = 16;
/** A quote that nobody closed opens nothing: what follows are words. */
const PIECE = /(?<![^\s])(-?)["“”„«»]([^"“”„«»]*)["“”„«»]|(?<![^\s])-(?=[\p{L}\p{N}])([^\s"“”„«»]+)|["“”„«»]([^"“”„«»]*)["“”„«»]|[^\s"“”„«»]+|["“”„«»]/gu;

export function queryOf(typed: string): Query {
  const words: string[] = [];
  const phrases: string[][] = [];
  const excluded = { words: [] as string[], phrases: [] as string[][] };
  let lastIsPrefix = false;
  for (const { 0: piece, 1: minus, 2: quoted, 3: unwanted, 4: glued, index } of typed.matchAll(PIECE)) {
    const phrase = quoted ?? glued;
    const found = wordsOf(phrase ?? unwanted ?? piece);
    const terms = found.map(({ word }) => word);
    if (terms.length === 0) continue;
    lastIsPrefix = false;
    const isUnwanted = unwanted !== undefined || minus === '-';
    if (isUnwanted && terms.length === 1) excluded.words.push(terms[0]!);
    else if (isUnwanted) excluded.phrases.push(terms);
    else if (phrase !== undefined) phrases.push(terms);
    else {
      words.push(...terms);
      lastIsPrefix = index + found.at(-1)!.end === typed.length;
    }
  }
  const unique = [...new Set(words.slice(0, QUERY_WORDS_MAX).reverse())].reverse(); // the last one stays the last
  return {
    text: typed.trim(), words: unique, phrases: phrases.slice(0, PHRASES_MAX).map((phrase) => phrase.slice(0, QUERY_WORDS_MAX)),
    excluded: { words: [...new Set(excluded.words)].slice(0, QUERY_WORDS_MAX), phrases: excluded.phrases.slice(0, PHRASES_MAX).map((phrase) => phrase.slice(0, QUERY_WORDS_MAX)) },
    lastIsPrefix: lastIsPrefix && words.length <= QUERY_WORDS_MAX,
  };
}

/** Whether it asks for anything: what is only unwanted finds nothing. */
export const asksFor = ({ words, phrases }: Query): boolean => words.length + phrases.length > 0;

const PREFIX_MIN = 2;
/** One letter begins too much. */
export const mayBegin = (word: string): boolean => word.length >= PREFIX_MIN || isUnspaced(word);

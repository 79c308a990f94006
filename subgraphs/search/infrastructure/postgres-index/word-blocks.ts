/** The words of a segment in their order, in blocks of one language: what begins so stands in few of them. */
import { lettersOf } from '../../domain/edit-distance.ts';
import type { WordBlock } from './source.ts';

const WORDS_IN_BLOCK = 4_096;
const PARTED = ':';

export interface NewBlock { first: string; words: string }

/** `words` are of one language each once, as `en:word`. */
export function blocksOf(words: Iterable<string>): NewBlock[] {
  const byLanguage = new Map<string, string[]>();
  for (const tagged of words) {
    const at = tagged.indexOf(PARTED);
    const language = tagged.slice(0, at);
    const list = byLanguage.get(language) ?? [];
    if (list.length === 0) byLanguage.set(language, list);
    list.push(tagged.slice(at + 1));
  }
  return [...byLanguage].flatMap(([language, list]) => {
    list.sort();
    return Array.from({ length: Math.ceil(list.length / WORDS_IN_BLOCK) }, (_, block) => {
      const part = list.slice(block * WORDS_IN_BLOCK, (block + 1) * WORDS_IN_BLOCK);
      return { first: `${language}${PARTED}${part[0]!}`, words: part.join('\n') };
    });
  });
}

/** What a term such as `en:run` and its word `running` are in a list of words; null of what is no word. */
export const taggedWord = (stem: string, word: string): string | null => (word === '' ? null : `${stem.slice(0, stem.indexOf(PARTED))}${PARTED}${word}`);

/** Which blocks have words of this language that begin so. */
export function blocksWith(firsts: readonly string[], language: string, prefix: string): number[] {
  const tag = `${language}${PARTED}`;
  return firsts.flatMap((first, block) => {
    if (!first.startsWith(tag)) return [];
    const from = first.slice(tag.length);
    const next = firsts[block + 1];
    const endsBefore = next?.startsWith(tag) && next.slice(tag.length) < prefix;
    return !endsBefore && (from <= prefix || from.startsWith(prefix)) ? [block] : [];
  });
}

export const wordBlock = (words: readonly string[]): WordBlock => ({ words, letters: Uint32Array.from(words, lettersOf) });

/** Where in a block the words that begin so stand. */
export function* beginning({ words }: WordBlock, prefix: string): Iterable<string> {
  let low = 0;
  for (let high = words.length; low < high;) {
    const middle = (low + high) >>> 1;
    if (words[middle]! < prefix) low = middle + 1;
    else high = middle;
  }
  for (; low < words.length && words[low]!.startsWith(prefix); low += 1) yield words[low]!;
}

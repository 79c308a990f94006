/**
 * Words that stand in for one that was typed: what it begins, and what it was probably meant to be. Offered are those alone
 * that stand in a document within reach; which ones, and in which order, is decided by nothing else.
 */
import { termOf } from '../../domain/analysed.ts';
import { bitsOf, distance, lettersOf, mistakesOf } from '../../domain/edit-distance.ts';
import type { Analyzer } from '../../domain/ports.ts';
import type { Breath } from './breath.ts';
import type { Reading, WordBlock } from './source.ts';
import { countSeen, type Seen } from './within-reach.ts';
import { beginning } from './word-blocks.ts';

export interface Alike { readonly word: string; readonly stem: string; readonly documents: number }
interface Given { reading: Reading; seen: Seen; analyzer: Analyzer; breath: Breath }

const BATCH = 128;
/** The shortest ones are looked at first, and no more than so many. */
const BEGUN_FOUND_MAX = 128;
const MEANT_MAX = 4;

const byFrequency = (a: Alike, b: Alike): number => b.documents - a.documents || (a.word < b.word ? -1 : 1);

/** Stems of what `prefix` begins in a language, but for those that are unwanted: the most frequent first. */
export async function begunBy(given: Given, language: string, prefix: string, unwanted: (alike: Pick<Alike, 'word' | 'stem'>) => boolean): Promise<Alike[]> {
  const blocks = await given.reading.words(language, prefix);
  const words = new Set(blocks.flatMap((block) => [...beginning(block, prefix)]));
  const candidates = [...words].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return (await foundOf(given, language, candidates, unwanted, BEGUN_FOUND_MAX)).sort(byFrequency);
}

/** As few mistakes away as any, and not more than one makes in a word of this length. */
export async function meantBy(given: Given, language: string, typed: string): Promise<Alike[]> {
  const max = mistakesOf(typed);
  if (max === 0) return [];
  const near = Array.from({ length: max + 1 }, () => new Set<string>());
  for (const block of await given.reading.words(language)) {
    collectNear(block, typed, max, near);
    await given.breath.after(block.words.length * 4);
  }
  for (const words of near.slice(1)) {
    const found = await foundOf(given, language, [...words].sort(), () => false, Infinity);
    if (found.length > 0) return found.sort(byFrequency).slice(0, MEANT_MAX);
  }
  return [];
}

function collectNear({ words, letters }: WordBlock, typed: string, max: number, near: readonly Set<string>[]): void {
  const own = lettersOf(typed);
  for (let at = 0; at < words.length; at += 1) {
    if (bitsOf(letters[at]! ^ own) > 2 * max) continue;
    const word = words[at]!;
    if (Math.abs(word.length - typed.length) > max) continue;
    const apart = distance(typed, word, max);
    if (apart <= max) near[apart]!.add(word);
  }
}

async function foundOf(given: Given, language: string, candidates: readonly string[], unwanted: (alike: Pick<Alike, 'word' | 'stem'>) => boolean, max: number): Promise<Alike[]> {
  const found: Alike[] = [];
  for (let from = 0; from < candidates.length && found.length < max; from += BATCH) {
    const batch = candidates.slice(from, from + BATCH).map((word) => ({ word, stem: termOf(language, given.analyzer.stem(language, word)) })).filter((one) => !unwanted(one));
    await given.reading.load(batch.map(({ stem }) => stem));
    for (const one of batch) {
      const documents = await countWord(given, one);
      if (documents > 0 && found.length < max) found.push({ ...one, documents });
    }
  }
  return found;
}

async function countWord({ reading, seen, breath }: Given, { word, stem }: { word: string; stem: string }): Promise<number> {
  let documents = 0;
  for (const { source, seen: visible } of seen.withins) {
    const posting = reading.postings(source, stem)?.ofWord(word);
    if (!posting) continue;
    documents += countSeen(posting, visible);
    await breath.after(posting.docs.length);
  }
  return documents;
}

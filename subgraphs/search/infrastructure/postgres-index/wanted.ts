/** A question as this index understands it: which stems score, what each of them counts, and what stood in for what was typed. */
import { termOf } from '../../domain/analysed.ts';
import { BEGINS_WEIGHT, factorOf, MEANT_WEIGHT } from '../../domain/bm25.ts';
import { mayBegin, type Query } from '../../domain/query.ts';
import type { Analyzer } from '../../domain/ports.ts';
import { begunBy, meantBy, type Alike } from './alike.ts';
import type { Breath } from './breath.ts';
import type { Phrase } from './phrases.ts';
import { union, type Posting } from './postings.ts';
import type { Reading } from './source.ts';
import { countSeen, type Seen } from './within-reach.ts';

/** Counts as one word: `postings` by source. */
export interface Group { readonly factor: number; readonly postings: readonly Posting[] }
export interface Wanted { readonly groups: readonly Group[]; readonly alike: readonly string[] }
interface Given { reading: Reading; seen: Seen; analyzer: Analyzer; breath: Breath }

const BEGUN_MAX = 16;

export const stemsIn = (languages: readonly string[], analyzer: Analyzer, word: string): string[] => languages.map((language) => termOf(language, analyzer.stem(language, word)));
export const phrasesIn = (languages: readonly string[], analyzer: Analyzer, phrase: readonly string[]): Phrase[] =>
  languages.map((language) => phrase.map((word) => termOf(language, analyzer.stem(language, word))));

/** By word: its stems in each language in which it says something, or in which none of them does. */
export function scoring({ words, phrases, lastIsPrefix }: Query, languages: readonly string[], analyzer: Analyzer): { word: string; stems: string[]; mayBegin: boolean }[] {
  const all = [...new Set([...words, ...phrases.flat()])];
  const mute = new Set(languages.filter((language) => all.every((word) => analyzer.isStop(language, word))));
  return all.map((word) => ({
    word, stems: stemsIn(languages.filter((language) => mute.has(language) || !analyzer.isStop(language, word)), analyzer, word),
    mayBegin: lastIsPrefix && word === words.at(-1) && mayBegin(word),
  }));
}

export async function wantedOf(given: Given, query: Query): Promise<Wanted> {
  const { languages, withins } = given.seen;
  const groups: Group[] = [];
  const alike: string[] = [];
  const stood = async (found: readonly Alike[], weight: number) => {
    if (found.length === 0) return false;
    groups.push(...await groupOf(given, [...new Set(found.map(({ stem }) => stem))].sort(), weight));
    alike.push(...found.map(({ word }) => word));
    return true;
  };
  for (const { word, stems, mayBegin: begins } of scoring(query, languages, given.analyzer)) {
    const exact = await groupOf(given, stems, 1);
    groups.push(...exact);
    const begun = begins && await stood(await inEach(languages, BEGUN_MAX, (language) =>
      begunBy(given, language, word, (one) => stems.includes(one.stem) || given.analyzer.isStop(language, one.word))), BEGINS_WEIGHT);
    if (exact.length === 0 && !begun && stems.length > 0) await stood(await inEach(languages, BEGUN_MAX, (language) => meantBy(given, language, word)), MEANT_WEIGHT);
  }
  return { groups: withins.length > 0 ? groups : [], alike: [...new Set(alike)] };
}

async function inEach(languages: readonly string[], max: number, find: (language: string) => Promise<Alike[]>): Promise<Alike[]> {
  const found: Alike[] = [];
  for (const language of languages) found.push(...(await find(language)).slice(0, max));
  return found;
}

/** None where no document within reach has any of them. */
async function groupOf({ reading, seen, breath }: Given, stems: readonly string[], weight: number): Promise<Group[]> {
  const postings: Posting[] = [];
  let documents = 0;
  for (const { source, seen: visible } of seen.withins) {
    const posting = union(stems.flatMap((stem) => reading.postings(source, stem)?.all ?? []), source.columns.size);
    documents += countSeen(posting, visible);
    postings.push(posting);
    await breath.after(posting.docs.length);
  }
  return documents === 0 ? [] : [{ postings, factor: factorOf(seen.averages.documents, documents, weight) }];
}

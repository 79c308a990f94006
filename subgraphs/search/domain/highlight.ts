/** Why a document was found: passages of its own text, and what of them fits. Plain text with ranges, never markup. */
import { languageOf } from './analysed.ts';
import type { Analyzer, Doc } from './ports.ts';
import type { Query } from './query.ts';
import { wordsOf, type Word } from './words.ts';

/** In UTF-16 units of the passage; `end` is the first that is no longer in it. */
export interface TextRange { start: number; end: number }
export interface Highlight { field: 'title' | 'tags' | 'body' | 'attachments'; text: string; ranges: TextRange[] }
export type Highlights = (doc: Doc, query: Query, alike: readonly string[]) => Highlight[];

const PASSAGE = 220;
/** So much of a passage stands before the first word that fits. */
const BEFORE = 60;
const PASSAGES_MAX = { body: 2, attachments: 1 } as const;
/** What is longer is looked through so far. */
const LOOKED_THROUGH_MAX = 200_000;

/** Whether a word, as the document writes it, is one that was looked for. */
type Fits = (word: string) => boolean;
interface Fit extends TextRange { word: string }

export const highlightsOver = (analyzer: Analyzer): Highlights => (doc, query, alike) => {
  const fits = fitting(doc.language, query, alike, analyzer);
  const title = fitsIn(doc.title, fits);
  const found: Highlight[] = [
    ...(title.length > 0 ? [{ field: 'title' as const, text: doc.title, ranges: rangesOf(title, 0) }] : []),
    ...doc.tags.flatMap((tag): Highlight[] => {
      const ranges = fitsIn(tag, fits);
      return ranges.length > 0 ? [{ field: 'tags', text: tag, ranges: rangesOf(ranges, 0) }] : [];
    }),
    ...passages('body', doc.body, fits),
    ...passages('attachments', doc.attached, fits),
  ];
  if (found.length > 0 || doc.body === '') return found;
  // Near in meaning, and by no word: how it begins says most.
  return [{ field: 'body', ...cut(wordsOf(doc.body.slice(0, 2 * PASSAGE)), doc.body, 0, []) }];
};

/** Words that say nothing are marked only where nothing else was asked for. */
function fitting(language: string, { words, phrases, lastIsPrefix }: Query, alike: readonly string[], analyzer: Analyzer): Fits {
  const spoken = languageOf(language);
  const asked = [...words, ...phrases.flat(), ...alike];
  const telling = asked.filter((word) => !analyzer.isStop(spoken, word));
  const stems = new Set((telling.length > 0 ? telling : asked).map((word) => analyzer.stem(spoken, word)));
  const last = lastIsPrefix ? words.at(-1) : undefined;
  const known = new Map<string, boolean>();
  return (word) => {
    let fits = known.get(word);
    if (fits === undefined) known.set(word, fits = stems.has(analyzer.stem(spoken, word)) || (last !== undefined && last.length > 1 && word.startsWith(last)));
    return fits;
  };
}

const fitsIn = (text: string, fits: Fits): Fit[] => wordsOf(text).filter(({ word }) => fits(word));
const rangesOf = (found: readonly TextRange[], from: number): TextRange[] => found.map(({ start, end }) => ({ start: start - from, end: end - from }));

/** Those with most of the different words that were looked for; of equals the first. In the order in which they stand. */
function passages(field: keyof typeof PASSAGES_MAX, whole: string, fits: Fits): Highlight[] {
  const text = whole.slice(0, LOOKED_THROUGH_MAX);
  const words = wordsOf(text);
  const found = words.filter(({ word }) => fits(word));
  const weighed = found.map(({ start }, at) => ({ start, distinct: distinctWithin(found, at) })).sort((a, b) => b.distinct - a.distinct || a.start - b.start);
  const chosen: number[] = [];
  for (const { start } of weighed) {
    if (chosen.length === PASSAGES_MAX[field]) break;
    if (chosen.every((other) => Math.abs(other - start) > PASSAGE)) chosen.push(start);
  }
  return chosen.sort((a, b) => a - b).map((start) => ({ field, ...cut(words, text, Math.max(0, start - BEFORE), found) }));
}

function distinctWithin(found: readonly Fit[], from: number): number {
  const words = new Set<string>();
  for (let at = from; at < found.length && found[at]!.end - found[from]!.start <= PASSAGE - BEFORE; at += 1) words.add(found[at]!.word);
  return words.size;
}

/** Between words, so that none is cut, nor a character in two. */
function cut(words: readonly Word[], text: string, from: number, found: readonly TextRange[]): { text: string; ranges: TextRange[] } {
  const start = from === 0 ? 0 : words[first(words, from)]?.start ?? 0;
  const last = words[first(words, start + PASSAGE) - 1];
  const end = start + PASSAGE >= text.length ? text.length : Math.max(last?.end ?? 0, start) || Math.min(text.length, start + PASSAGE);
  return { text: text.slice(start, end), ranges: rangesOf(found.filter((range) => range.start >= start && range.end <= end), start) };
}

/** The first word that begins there or later, by halves. */
function first(words: readonly Word[], from: number): number {
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle]!.start < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Stems and stop words by kept libraries: a language that is unknown to them has its words as they are. */
import { LRUCache } from 'lru-cache';
import { STEM_LANGUAGES } from './stem-languages.ts';

const REMEMBERED = 50_000;
const MARKS = /\p{M}/gu;
const PLAIN = /^\p{ASCII}*$/u;
const HALVES = /[\p{L}\p{N}\p{M}]+/gu;
/** What is left of a word when its accents go: `café` is asked for as `cafe`. After stemming, which may go by them. */
const unaccented = (stem: string): string => (PLAIN.test(stem) ? stem : stem.normalize('NFD').replace(MARKS, '').normalize('NFC'));

/** Of one spelling only, and of both halves of what an apostrophe parts. */
const stopsOf = (words: readonly string[]): ReadonlySet<string> => new Set(words.map((word) => word.normalize('NFKC').toLowerCase()).flatMap((word) => [word, ...word.match(HALVES) ?? []]));

export interface Stems {
  stem(language: string, word: string): string;
  isStop(language: string, word: string): boolean;
}

/** A stemmer that stumbles over what is no word of its language leaves it as it is: nobody's index depends on what people write. */
function stemBy(language: string, word: string): string {
  if (!Object.hasOwn(STEM_LANGUAGES, language)) return word;
  try {
    return STEM_LANGUAGES[language]!.stem(word) || word;
  } catch {
    return word;
  }
}

export function openStems(): Stems {
  const stems = new LRUCache<string, string>({ max: REMEMBERED });
  const stops = new Map(Object.entries(STEM_LANGUAGES).map(([language, known]) => [language, stopsOf(known.stops)]));
  return {
    stem(language, word) {
      const key = `${language}:${word}`;
      const known = stems.get(key);
      if (known !== undefined) return known;
      const stem = unaccented(stemBy(language, word)) || word;
      stems.set(key, stem);
      return stem;
    },
    isStop: (language, word) => stops.get(language)?.has(word) ?? false,
  };
}

/** In which language a text is written: by the commonest words of each, which no text does without. */
import type { Analyzer } from './models.ts';
import { wordsIn } from './terms.ts';

export const LANGUAGES = ['ar', 'bg', 'da', 'de', 'el', 'en', 'es', 'fi', 'fr', 'ga', 'hu', 'hy', 'id', 'it', 'nl', 'no', 'pt', 'ro', 'ru', 'sv', 'tr'] as const;
export type Language = (typeof LANGUAGES)[number];

const LOOKED_AT_WORDS = 400;
const SHARE_MIN = 0.2;
/** One such word may be a name, or a letter. */
const WORDS_MIN = 2;
/** One that is hardly more likely than the next is not known. */
const AHEAD_MIN = 1.15;
/** A letter alone may be anything's name. */
const LETTERS = /\p{L}{2}/u;

/** Null: too little is written, or it is none of these. */
export function languageIn(text: string, analyzer: Pick<Analyzer, 'isStop'>): Language | null {
  const words = wordsIn(text.slice(0, LOOKED_AT_WORDS * 10)).filter((word) => LETTERS.test(word)).slice(0, LOOKED_AT_WORDS);
  if (words.length === 0) return null;
  const shares = LANGUAGES.map((language) => ({ language, share: words.filter((word) => analyzer.isStop(language, word)).length / words.length })).sort((a, b) => b.share - a.share);
  const [first, second] = shares as [typeof shares[0] & object, typeof shares[0] & object];
  return first.share >= SHARE_MIN && first.share * words.length >= WORDS_MIN && first.share >= second.share * AHEAD_MIN ? first.language : null;
}

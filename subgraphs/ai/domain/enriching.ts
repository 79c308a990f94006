/**
 * What can be said of an item without anybody having said it: its language, a few tags, a summary. By rules that give the
 * same for the same text; `ENRICHING_VERSION` is part of what is kept, so that other rules are known to be others.
 */
import { languageIn, type Language } from './language.ts';
import type { Analyzer } from './models.ts';
import { passagesOf } from './passages.ts';
import { plainOf } from './plain.ts';
import { sentencesOf } from './sentences.ts';
import { rarityOver, termsBy, wordsIn } from './terms.ts';

export const ENRICHING_VERSION = 1;
export interface Enriched { readonly version: number; readonly language: Language | null; readonly tags: readonly string[]; readonly summary: string | null }

const TAGS_MAX = 5;
const TAG_MIN_LETTERS = 3;
const TAG_TIMES_MIN = 2;
const SUMMARY_SENTENCES = 3;
const SUMMARY_MAX = 600;
/** A text that is hardly longer needs none. */
const SUMMARY_FROM = 900;
const SENTENCE_TERMS = { min: 4, max: 40 } as const;
/** A word in the title, or in a heading, says more of what it is about. */
const TITLE_WEIGHT = 4;
const LOOKED_AT = 50_000;
const CODE = /^ {0,3}(```|~~~)[^]*?(?:^ {0,3}\1|(?![^]))/gm;

/** `known`: tags that the collection uses; what is called there already is not called otherwise. */
export function enriched({ title, body }: { title: string; body: string }, known: readonly string[], analyzer: Analyzer): Enriched {
  const text = body.slice(0, LOOKED_AT).replace(CODE, '\n');
  const language = languageIn(`${title} ${text}`, analyzer);
  const termsOf = termsBy(analyzer, language ?? 'en');
  const weights = weightsIn(title, text, termsOf);
  return { version: ENRICHING_VERSION, language, tags: tagsOf(title, text, weights, { known, language: language ?? 'en', analyzer }), summary: summaryOf(title, text, weights, termsOf) };
}

/** How often a term stands in it, by where, and in how few of its parts: what is everywhere in it is what it is about, so parts count little. */
function weightsIn(title: string, text: string, termsOf: (text: string) => string[]): Map<string, number> {
  const weights = new Map<string, number>();
  for (const term of termsOf(text)) weights.set(term, (weights.get(term) ?? 0) + 1);
  for (const term of termsOf(title)) weights.set(term, (weights.get(term) ?? 0) + TITLE_WEIGHT);
  return weights;
}

function tagsOf(title: string, text: string, weights: ReadonlyMap<string, number>, given: { known: readonly string[]; language: string; analyzer: Analyzer }): string[] {
  const stemOf = (word: string): string => given.analyzer.stem(given.language, word);
  const present = given.known.filter((tag) => wordsIn(tag).length > 0 && wordsIn(tag).every((word) => (weights.get(stemOf(word)) ?? 0) >= TAG_TIMES_MIN));
  const written = new Map<string, Map<string, number>>();
  for (const word of wordsIn(`${title} ${text}`)) {
    const stem = stemOf(word);
    if (word.length < TAG_MIN_LETTERS || !/^\p{L}+$/u.test(word) || given.analyzer.isStop(given.language, word)) continue;
    const forms = written.get(stem) ?? new Map<string, number>();
    written.set(stem, forms.set(word, (forms.get(word) ?? 0) + 1));
  }
  const taken = new Set(present.flatMap((tag) => wordsIn(tag).map(stemOf)));
  const own = [...written].filter(([stem]) => (weights.get(stem) ?? 0) > TAG_TIMES_MIN && !taken.has(stem))
    .sort(([a], [b]) => weights.get(b)! - weights.get(a)! || (a < b ? -1 : 1)).map(([, forms]) => [...forms].sort(([a, often], [b, seldom]) => seldom - often || a.length - b.length || (a < b ? -1 : 1))[0]![0]);
  return [...[...present].sort((a, b) => weightOf(b, weights, stemOf) - weightOf(a, weights, stemOf) || (a < b ? -1 : 1)), ...own].slice(0, TAGS_MAX);
}
const weightOf = (tag: string, weights: ReadonlyMap<string, number>, stemOf: (word: string) => string): number => Math.min(...wordsIn(tag).map((word) => weights.get(stemOf(word)) ?? 0));

/** Sentences of its own that say most of what it is about, in their order; each next one for what those before left unsaid. */
function summaryOf(title: string, text: string, weights: ReadonlyMap<string, number>, termsOf: (text: string) => string[]): string | null {
  if (text.trim().length < SUMMARY_FROM) return null;
  const sentences = passagesOf({ itemId: '', version: 0, title, body: text }).flatMap((passage) => sentencesOf(passage.text).map(({ start, end }) => plainOf(passage.text.slice(start, end))))
    .map((said, at) => ({ said, at, terms: new Set(termsOf(said)) })).filter(({ said, terms }) => terms.size >= SENTENCE_TERMS.min && terms.size <= SENTENCE_TERMS.max && /[.!?…。]$/u.test(said));
  const rarity = rarityOver(sentences.map(({ terms }) => terms));
  const told = new Set<string>();
  const chosen: typeof sentences = [];
  while (chosen.length < SUMMARY_SENTENCES) {
    const worth = ({ terms, at }: (typeof sentences)[number]): number => [...terms].reduce((sum, term) => sum + (told.has(term) ? 0 : Math.sqrt(weights.get(term) ?? 0) * Math.min(1, rarity(term))), 0) / Math.sqrt(terms.size) / (1 + at / sentences.length);
    const room = SUMMARY_MAX - chosen.reduce((sum, { said }) => sum + said.length + 1, 0);
    const next = sentences.filter((one) => !chosen.includes(one) && one.said.length <= room).sort((a, b) => worth(b) - worth(a) || a.at - b.at)[0];
    if (!next) break;
    chosen.push(next);
    for (const term of next.terms) told.add(term);
  }
  return chosen.length === 0 ? null : chosen.sort((a, b) => a.at - b.at).map(({ said }) => said).join(' ');
}

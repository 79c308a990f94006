/**
 * An answer without a model of language: the sentences of the passages that say most of what was asked, as they stand
 * there, each with its passage; or that they hold no answer. It makes nothing up, because it says nothing of its own.
 */
import { languageIn } from './language.ts';
import type { Analyzer, Passage, Prompt } from './models.ts';
import { plainOf } from './plain.ts';
import { sentencesOf } from './sentences.ts';
import { rarityOver, termsBy, type Terms } from './terms.ts';

export interface Extract { readonly answered: boolean; /** Of what was asked, the share that the best passage says. */ readonly confidence: number; readonly sentences: readonly { readonly text: string; readonly passage: number }[] }

const SENTENCES_MAX = 5;
/** Measured on the committed questions (docs/decisions/0029-models.md): below it more is refused wrongly than rightly. */
export const ANSWERED_MIN = 0.5;
/** Beside the best, what says less than this share of it is left out. */
const BESIDE_MIN = 0.6;
const ALIKE_MAX = 0.75;
/** A word over a passage counts, less than one in the sentence. */
const OVER = 0.8;
/** What stands around a sentence tells what it is about: the more of the question does, the better. */
const AROUND = 1;
/** The passages come with the likeliest first. */
const PLACE_PIVOT = 12;
const SENTENCE_WORDS_MIN = 3;
/** The words of a long sentence are found in it by chance sooner. */
const LENGTH_PIVOT = 20;
const LENGTH_SLOPE = 0.5;
/** It shows how, and says nothing. */
const CODE = /^ {0,3}(```|~~~)[^]*?(?:^ {0,3}\1|(?![^]))/gm;
export const NO_ANSWER = 'What you can see here holds no answer to this.';

interface Candidate { passage: number; at: number; text: string; terms: ReadonlySet<string>; score: number }

export function extract(question: string, passages: readonly Passage[], analyzer: Analyzer): Extract {
  const termsOf = termsBy(analyzer, languageIn(question, analyzer) ?? languageIn(passages.map(({ text }) => text).join(' '), analyzer) ?? 'en');
  const asked = [...new Set(termsOf(question))];
  const whole = passages.map((passage) => new Set(termsOf(`${over(passage)} ${passage.text}`)));
  const rarity = rarityOver(whole);
  const weights = new Map(asked.map((term) => [term, 1 + rarity(term)]));
  const total = [...weights.values()].reduce((sum, one) => sum + one, 0);
  if (total === 0) return { answered: false, confidence: 0, sentences: [] };
  const candidates = passages.flatMap((passage, at) => candidatesOf(passage, at, termsOf, weights, whole[at]!)).map((one) => ({ ...one, score: one.score / total })).sort((a, b) => b.score - a.score || a.passage - b.passage || a.at - b.at);
  const confidence = Math.max(0, ...candidates.slice(0, SENTENCES_MAX).map(({ passage }) => shareOf(whole[passage]!, weights) / total));
  const best = candidates[0];
  if (!best || confidence < ANSWERED_MIN) return { answered: false, confidence, sentences: [] };
  return { answered: true, confidence, sentences: chosen(candidates, best.score).sort((a, b) => a.passage - b.passage || a.at - b.at) };
}

const over = ({ title, headings }: Passage): string => [title, ...headings].join(' ');
const shareOf = (terms: ReadonlySet<string>, weights: ReadonlyMap<string, number>): number => [...weights].reduce((sum, [term, weight]) => sum + (terms.has(term) ? weight : 0), 0);

function candidatesOf(passage: Passage, at: number, termsOf: Terms, weights: ReadonlyMap<string, number>, around: ReadonlySet<string>): Candidate[] {
  const above = new Set(termsOf(over(passage)));
  const code = [...passage.text.matchAll(CODE)].map(({ index, 0: block }) => ({ start: index, end: index + block.length }));
  return sentencesOf(passage.text).filter((span) => code.every((block) => span.end <= block.start || span.start >= block.end)).flatMap(({ start, end }): Candidate[] => {
    const text = plainOf(passage.text.slice(start, end));
    const words = termsOf(text);
    if (words.length < SENTENCE_WORDS_MIN) return [];
    const terms = new Set(words);
    const beside = new Set([...above].filter((term) => !terms.has(term)));
    const length = 1 - LENGTH_SLOPE + (LENGTH_SLOPE * Math.max(words.length, LENGTH_PIVOT / 2)) / LENGTH_PIVOT;
    const score = ((shareOf(terms, weights) + OVER * shareOf(beside, weights)) / length + AROUND * shareOf(around, weights)) * (PLACE_PIVOT / (PLACE_PIVOT + at));
    return shareOf(terms, weights) > 0 ? [{ passage: at, at: start, text, terms, score }] : [];
  });
}

function chosen(candidates: readonly Candidate[], best: number): Candidate[] {
  const taken: Candidate[] = [];
  for (const one of candidates) {
    if (taken.length === SENTENCES_MAX || one.score < best * BESIDE_MIN) break;
    if (taken.every((other) => alike(one.terms, other.terms) < ALIKE_MAX)) taken.push(one);
  }
  return taken;
}

function alike(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter((term) => b.has(term)).length;
  return both / Math.min(a.size, b.size);
}

/** As a model says it, marks and all. */
export function said({ question, passages }: Pick<Prompt, 'question' | 'passages'>, analyzer: Analyzer): string {
  const { answered, sentences } = extract(question, passages, analyzer);
  if (!answered) return `[none]${NO_ANSWER}`;
  return sentences.map(({ text, passage }) => text.replace(/([.!?…]?)$/u, (point) => ` [${passage + 1}]${point || '.'}`)).join(' ');
}

/** A document as an index knows it: its words with where they stand, and what it is filtered and counted by. */
import type { CollectionId, ItemId } from '../../../platform/ids.ts';
import { FIELDS, WEIGHTS, type Field } from './bm25.ts';
import type { Analyzer, Doc } from './ports.ts';
import { wordsOf } from './words.ts';

/** One word of a document under its stem: how often, weighted by where, and at which places. */
export interface Standing { readonly word: string; frequency: number; readonly places: number[] }

export interface Analysed {
  readonly itemId: ItemId;
  readonly version: number;
  readonly collectionId: CollectionId;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly tags: readonly string[];
  readonly language: string;
  /** Weighted, of all its fields together, without the words that say nothing. */
  readonly length: number;
  readonly terms: ReadonlyMap<string, readonly Standing[]>;
}

/** What is longer is indexed by its first words: an attachment may be a library. */
const WORDS_MAX = 200_000;
const FREQUENCY_MAX = 65_535;
/** No phrase reaches from one field, or one tag, into the next. */
const GAP = 100;

/** Of a tag such as `en-GB` the language; what is no tag at all is a language of its own, which has no stems. */
export const languageOf = (tag: string): string => /^[a-z]{2,3}(?=$|[-_])/i.exec(tag)?.[0].toLowerCase() ?? 'xx';

/** A stem is its language's: what is spelled alike elsewhere is another word. */
export const termOf = (language: string, stem: string): string => `${language}:${stem}`;

export function analysed(doc: Doc, analyzer: Analyzer, metadataTerms: readonly string[]): Analysed {
  const language = languageOf(doc.language);
  const terms = new Map<string, Standing[]>();
  for (const term of metadataTerms) terms.set(term, [{ word: '', frequency: 1, places: [] }]);
  let place = 0;
  let length = 0;
  let count = 0;
  for (const { field, text } of textsOf(doc)) {
    const words = wordsOf(text, WORDS_MAX - count);
    for (const { word } of words) {
      // A word that says nothing makes no document longer: it is looked for in phrases alone.
      if (!analyzer.isStop(language, word)) length += WEIGHTS[field];
      stand(terms, termOf(language, analyzer.stem(language, word)), word, WEIGHTS[field], place);
      place += 1;
    }
    count += words.length;
    place += GAP;
  }
  const { itemId, version, collectionId, createdBy, createdAt } = doc;
  return { itemId, version, collectionId, createdBy, createdAt, tags: [...new Set(doc.tags)], language, length, terms };
}

function* textsOf(doc: Doc): Iterable<{ field: Field; text: string }> {
  for (const field of FIELDS) {
    if (field === 'tags') for (const text of doc.tags) yield { field, text };
    else yield { field, text: doc[field] };
  }
}

/** Words of one stem are few, unless somebody writes accents upon accents: then they are looked up rather than looked through. */
const FEW = 16;
const lookedUp = new WeakMap<Standing[], Map<string, Standing>>();

function standingOf(under: Standing[], word: string): Standing | undefined {
  if (under.length < FEW) return under.find((one) => one.word === word);
  const known = lookedUp.get(under) ?? new Map<string, Standing>();
  if (known.size === 0) lookedUp.set(under, known);
  for (let at = known.size; at < under.length; at += 1) known.set(under[at]!.word, under[at]!);
  return known.get(word);
}

function stand(terms: Map<string, Standing[]>, term: string, word: string, weight: number, place: number): void {
  const under = terms.get(term) ?? [];
  if (under.length === 0) terms.set(term, under);
  let standing = standingOf(under, word);
  if (!standing) under.push((standing = { word, frequency: 0, places: [] }));
  standing.frequency = Math.min(standing.frequency + weight, FREQUENCY_MAX);
  standing.places.push(place);
}

/** Documents made a segment: columns in the order of their ids, and of each word which of them have it. */
import type { Analysed, Standing } from '../../domain/analysed.ts';
import { monthOf, Naming, startsOf, type Columns } from '../../domain/columns.ts';
import { packed, packedAscending, packedPlaces } from '../../domain/encoding.ts';
import { KEY_WORDS, writeKey } from '../../domain/item-key.ts';
import type { CollectionId } from '../../../../platform/ids.ts';
import type { Breath } from './breath.ts';
import type { TermRow } from './postings.ts';

export type NewTerm = Omit<TermRow, 'segment' | 'places'> & { places: Uint8Array };
export const inOrder = (docs: readonly Analysed[]): Analysed[] => docs.toSorted((a, b) => (a.itemId < b.itemId ? -1 : 1));

/** Of documents in the order of their ids. */
export function columnsOf(docs: readonly Analysed[]): Columns {
  const named = (name: (doc: Analysed) => string) => {
    const naming = new Naming();
    const of = Uint32Array.from(docs, (doc) => naming.of(name(doc)));
    return { names: naming.names(), of };
  };
  const tags = new Naming();
  const keys = new Uint32Array(docs.length * KEY_WORDS);
  docs.forEach(({ itemId }, at) => writeKey(keys, at, itemId));
  return {
    size: docs.length, keys,
    versions: Uint32Array.from(docs, ({ version }) => version),
    lengths: Uint32Array.from(docs, ({ length }) => length),
    collections: named(({ collectionId }) => collectionId) as { names: CollectionId[]; of: Uint32Array },
    creators: named(({ createdBy }) => createdBy),
    languages: named(({ language }) => language),
    created: Float64Array.from(docs, ({ createdAt }) => createdAt.getTime()),
    months: Uint32Array.from(docs, ({ createdAt }) => Math.max(0, monthOf(createdAt))),
    tags: { starts: startsOf(docs.map((doc) => doc.tags.length)), of: Uint32Array.from(docs.flatMap((doc) => doc.tags.map((tag) => tags.of(tag)))), names: tags.names() },
  };
}

interface Growing { docs: number[]; frequencies: number[]; places: (readonly number[])[] }

/** The words of these documents, whose ordinals are their places here. */
export async function termsOf(docs: readonly Analysed[], breath: Breath): Promise<NewTerm[]> {
  const terms = new Map<string, Map<string, Growing>>();
  for (const [ordinal, doc] of docs.entries()) {
    for (const [stem, standings] of doc.terms) {
      const words = terms.get(stem) ?? new Map<string, Growing>();
      if (words.size === 0) terms.set(stem, words);
      for (const standing of standings) grow(words, standing, ordinal);
    }
    await breath.after(doc.terms.size * 5);
  }
  const rows: NewTerm[] = [];
  for (const [stem, words] of terms) {
    for (const [word, { docs: ordinals, frequencies, places }] of words) {
      rows.push({ stem, word, n: ordinals.length, docs: packedAscending(ordinals), frequencies: packed(frequencies), places: packedPlaces(places) });
      await breath.after(ordinals.length * 5);
    }
  }
  return rows;
}

function grow(words: Map<string, Growing>, { word, frequency, places }: Standing, ordinal: number): void {
  const growing = words.get(word) ?? { docs: [], frequencies: [], places: [] };
  if (growing.docs.length === 0) words.set(word, growing);
  growing.docs.push(ordinal);
  growing.frequencies.push(frequency);
  growing.places.push(places);
}

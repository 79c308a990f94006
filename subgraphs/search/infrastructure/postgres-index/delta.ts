/**
 * The documents of a tenant that stand in no segment yet, in memory: analysed once, and asked like a segment. It never
 * changes; what comes later makes another one, so that whoever is asking goes on with what they have begun with.
 */
import type { Analysed } from '../../domain/analysed.ts';
import { keyOf, placeOfKey } from '../../domain/item-key.ts';
import type { ItemId } from '../../../../platform/ids.ts';
import { columnsOf, inOrder } from './build-segment.ts';
import { packedPlaces } from '../../domain/encoding.ts';
import type { Spoken } from './phrases.ts';
import { TermPostings } from './postings.ts';
import type { Source, WordBlock } from './source.ts';
import type { Columns } from '../../domain/columns.ts';
import { wordBlock } from './word-blocks.ts';

export interface Pending {
  readonly itemId: ItemId;
  readonly seq: bigint;
  readonly bytes: number;
  /** Null of one that is deleted. */
  readonly analysed: Analysed | null;
  /** By segment: where it stands there, superseded by this; -1 where it does not. */
  readonly ordinals: Map<number, number>;
}

type Words = Map<string, Set<string>>;
interface Gathered { readonly postings: TermPostings; readonly spoken: Spoken }

export class Delta {
  readonly docs: readonly Analysed[];
  readonly source: Source;
  readonly bytes: number;
  private readonly terms = new Map<string, Gathered | null>();
  private readonly hidden = new Map<number, readonly number[]>();
  private readonly blocks = new Map<string, WordBlock>();

  private constructor(readonly pending: ReadonlyMap<ItemId, Pending>, readonly folded: bigint, readonly readTo: bigint, private readonly vocabulary: Words) {
    this.docs = inOrder([...pending.values()].flatMap(({ analysed }) => analysed ?? []));
    this.source = { id: 0, columns: columnsOf(this.docs), dead: new Uint8Array(this.docs.length) };
    this.bytes = [...pending.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  static empty(folded: bigint): Delta { return new Delta(new Map(), folded, folded, new Map()); }

  /** With what changed since, and without what stands in segments by now. */
  next(folded: bigint, later: readonly Pending[], readTo: bigint): Delta {
    if (folded === this.folded && later.length === 0 && readTo === this.readTo) return this;
    const gone = folded !== this.folded;
    const pending = new Map([...this.pending].filter(([, { seq }]) => seq > folded));
    // Whoever asks meanwhile shares these words: one too many is none that they find.
    const vocabulary = gone ? new Map<string, Set<string>>() : this.vocabulary;
    for (const one of gone ? pending.values() : []) note(vocabulary, one);
    for (const one of later) {
      pending.set(one.itemId, one);
      note(vocabulary, one);
    }
    return new Delta(pending, folded, readTo, vocabulary);
  }

  /** Where documents of a segment stand that are superseded here. */
  supersededIn(id: number, { keys }: Columns): readonly number[] {
    const known = this.hidden.get(id);
    if (known) return known;
    const places = [...this.pending.values()].flatMap(({ itemId, ordinals }) => {
      const place = ordinals.get(id) ?? placeOfKey(keys, keyOf(itemId));
      ordinals.set(id, place);
      return place < 0 ? [] : [place];
    });
    this.hidden.set(id, places);
    return places;
  }

  postingsOf(stem: string): TermPostings | null { return this.term(stem)?.postings ?? null; }
  spoken(stem: string): Spoken | null { return this.term(stem)?.spoken ?? null; }

  private term(stem: string): Gathered | null {
    let known = this.terms.get(stem);
    if (known === undefined) this.terms.set(stem, (known = this.gather(stem)));
    return known;
  }

  private gather(stem: string): Gathered | null {
    const words = new Map<string, { docs: number[]; frequencies: number[]; places: (readonly number[])[] }>();
    for (const [ordinal, doc] of this.docs.entries()) {
      for (const { word, frequency, places } of doc.terms.get(stem) ?? []) {
        const found = words.get(word) ?? { docs: [], frequencies: [], places: [] };
        if (found.docs.length === 0) words.set(word, found);
        found.docs.push(ordinal);
        found.frequencies.push(frequency);
        found.places.push(places);
      }
    }
    if (words.size === 0) return null;
    const found = [...words].sort(([a], [b]) => (a < b ? -1 : 1));
    const postings = new TermPostings(found.map(([word, { docs, frequencies }]) => ({ word, docs: Uint32Array.from(docs), frequencies: Uint32Array.from(frequencies) })));
    return { postings, spoken: { docs: postings.all.docs, spellings: found.map(([, { places }], at) => ({ docs: postings.words[at]!.docs, places: packedPlaces(places) })) } };
  }

  words(language: string, prefix: string): WordBlock {
    const known = prefix === '' ? this.blocks.get(language) : undefined;
    if (known) return known;
    const block = wordBlock([...this.vocabulary.get(language) ?? []].filter((word) => word.startsWith(prefix)).sort());
    if (prefix === '') this.blocks.set(language, block);
    return block;
  }
}

function note(vocabulary: Words, { analysed }: Pending): void {
  if (!analysed) return;
  const words = vocabulary.get(analysed.language) ?? new Set<string>();
  if (words.size === 0) vocabulary.set(analysed.language, words);
  for (const standings of analysed.terms.values()) for (const { word } of standings) if (word) words.add(word);
}

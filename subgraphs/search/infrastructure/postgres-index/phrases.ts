/** Which documents have words side by side. A segment's answer never changes, and is worked out once. */
import { Places } from '../../domain/encoding.ts';
import type { Breath } from './breath.ts';

/** Stems of one language, in their order. */
export type Phrase = readonly string[];
/** A word of a phrase: which documents have it, and of each of its spellings where in them. */
export interface Spoken { readonly docs: Uint32Array; readonly spellings: readonly { readonly docs: Uint32Array; readonly places: Uint8Array }[] }

const STRETCH = 2_048;
export const NOWHERE_AT_ALL = new Uint32Array();

export async function withPhrase(words: readonly (Spoken | null)[], breath: Breath): Promise<Uint32Array> {
  const there = words.flatMap((word) => word ?? []);
  if (there.length < words.length || there.length === 0) return NOWHERE_AT_ALL;
  const { docs } = there.reduce((least, word) => (word.docs.length < least.docs.length ? word : least));
  const standing = there.map((word) => new Standing(word));
  const found = new Uint32Array(docs.length);
  let count = 0;
  for (let at = 0; at < docs.length; at += 1) {
    if (areSideBySide(standing, docs[at]!)) found[count++] = docs[at]!;
    if (at % STRETCH === 0) await breath.after(STRETCH * 20);
  }
  return found.slice(0, count);
}

/** Where a word stands in documents that ascend: each of its spellings is walked through once. */
class Standing {
  /** In the document that was read last: the first `count` of these, in ascending order. */
  values = new Uint32Array();
  count = 0;
  private readonly spellings: { docs: Uint32Array; at: number; places: Places }[];
  constructor({ spellings }: Spoken) { this.spellings = spellings.map(({ docs, places }) => ({ docs, at: 0, places: new Places(places) })); }

  has(doc: number): boolean {
    let has = false;
    for (const spelling of this.spellings) {
      const { docs } = spelling;
      while (spelling.at < docs.length && docs[spelling.at]! < doc) spelling.at += 1;
      has ||= docs[spelling.at] === doc;
    }
    return has;
  }

  /** The document that it was last asked for. */
  read(doc: number): void {
    let spelled = 0;
    for (const { docs, at, places } of this.spellings) {
      if (docs[at] !== doc) continue;
      places.read(at);
      spelled += 1;
      if (spelled === 1) [this.values, this.count] = [places.values, places.count];
      else this.join(places);
    }
  }

  private join({ values, count }: Places): void {
    this.values = Uint32Array.of(...this.values.subarray(0, this.count), ...values.subarray(0, count)).sort();
    this.count = this.values.length;
  }
}

/** Where words stand is read only in documents that have them all. */
function areSideBySide(standing: readonly Standing[], doc: number): boolean {
  for (const word of standing) if (!word.has(doc)) return false;
  const first = standing[0]!;
  first.read(doc);
  for (let behind = 1; behind < standing.length && first.count > 0; behind += 1) {
    standing[behind]!.read(doc);
    keepFollowed(first, standing[behind]!, behind);
  }
  return first.count > 0;
}

/** Of the first word's places those of which there is one of the other so far behind; both ascend. */
function keepFollowed(first: Standing, { values, count }: Standing, behind: number): void {
  let kept = 0;
  for (let one = 0, other = 0; one < first.count; one += 1) {
    const wanted = first.values[one]! + behind;
    while (other < count && values[other]! < wanted) other += 1;
    if (other < count && values[other] === wanted) first.values[kept++] = first.values[one]!;
  }
  first.count = kept;
}

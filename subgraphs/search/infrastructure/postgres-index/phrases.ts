/** Which documents have words side by side. A segment's answer never changes, and is worked out once. */
import type { Breath } from './breath.ts';
import type { TermPostings } from './postings.ts';

/** Stems of one language, in their order. */
export type Phrase = readonly string[];
const STRETCH = 2_048;
export const NOWHERE_AT_ALL = new Uint32Array();

/** `terms` stand beside the words of the phrase, their places read. */
export async function withPhrase(terms: readonly (TermPostings | null)[], breath: Breath): Promise<Uint32Array> {
  const there = terms.flatMap((term) => term ?? []);
  if (there.length < terms.length || there.length === 0) return NOWHERE_AT_ALL;
  const rarest = there.reduce((least, term) => (term.all.docs.length < least.all.docs.length ? term : least));
  const { docs } = rarest.all;
  const standing = there.map((term) => new Standing(term));
  const found = new Uint32Array(docs.length);
  let count = 0;
  for (let at = 0; at < docs.length; at += 1) {
    if (areSideBySide(standing, docs[at]!)) found[count++] = docs[at]!;
    if (at % STRETCH === 0) await breath.after(STRETCH * 20);
  }
  return found.slice(0, count);
}

/** Where a word stands in documents that ascend: each of its postings is walked through once. */
class Standing {
  private readonly next: number[];
  constructor(private readonly term: TermPostings) { this.next = term.words.map(() => 0); }

  has(doc: number): boolean {
    const { words } = this.term;
    let has = false;
    for (let which = 0; which < words.length; which += 1) {
      const { docs } = words[which]!;
      let at = this.next[which]!;
      while (at < docs.length && docs[at]! < doc) at += 1;
      this.next[which] = at;
      has ||= docs[at] === doc;
    }
    return has;
  }

  /** Of the document that it was last asked for, in ascending order. */
  places(doc: number): readonly number[] {
    const { words } = this.term;
    let places: readonly number[] = NONE;
    for (let which = 0; which < words.length; which += 1) {
      const at = this.next[which]!;
      if (words[which]!.docs[at] !== doc) continue;
      const of = words[which]!.placesOf(at);
      places = places.length === 0 ? of : [...places, ...of].sort((a, b) => a - b);
    }
    return places;
  }
}
const NONE: readonly number[] = [];

/** Where words stand is looked up only in documents that have them all. */
function areSideBySide(standing: readonly Standing[], doc: number): boolean {
  for (const word of standing) if (!word.has(doc)) return false;
  let begins = standing[0]!.places(doc);
  for (let at = 1; at < standing.length && begins.length > 0; at += 1) begins = followed(begins, standing[at]!.places(doc), at);
  return begins.length > 0;
}

/** Those of which there is one so far behind; both ascend. */
function followed(begins: readonly number[], here: readonly number[], behind: number): readonly number[] {
  const kept: number[] = [];
  for (let one = 0, other = 0; one < begins.length; one += 1) {
    const wanted = begins[one]! + behind;
    while (other < here.length && here[other]! < wanted) other += 1;
    if (here[other] === wanted) kept.push(begins[one]!);
  }
  return kept;
}

/** Which of the documents within reach a question lets pass: filters, what must not be in them, and phrases. */
import type { Filter, Scalar } from '../../domain/ports.ts';
import { metadataTerm } from './metadata-term.ts';
import type { Phrase } from './phrases.ts';
import type { Reading, Source } from './source.ts';
import type { Within } from './within-reach.ts';

export interface Demands { readonly filter: Filter; readonly excluded: readonly string[]; readonly phrases: readonly (readonly Phrase[])[]; readonly excludedPhrases: readonly (readonly Phrase[])[] }

export const filterTerms = ({ metadata }: Filter): string[] => Object.entries<Scalar>(metadata ?? {}).map(([field, value]) => metadataTerm(field, value));

export function passing({ source, seen }: Within, reading: Reading, { filter, excluded, phrases, excludedPhrases }: Demands): Uint8Array {
  const pass = seen.slice();
  keepFiltered(source, filter, pass);
  for (const term of filterTerms(filter)) keepOnly(pass, [reading.postings(source, term)?.all.docs ?? []]);
  for (const stem of excluded) for (const doc of reading.postings(source, stem)?.all.docs ?? []) pass[doc] = 0;
  for (const spoken of phrases) keepOnly(pass, spoken.map((phrase) => reading.phrase(source, phrase)));
  for (const spoken of excludedPhrases) for (const phrase of spoken) for (const doc of reading.phrase(source, phrase)) pass[doc] = 0;
  return pass;
}

/** Those that are in any of these. */
function keepOnly(pass: Uint8Array, lists: readonly ArrayLike<number>[]): void {
  const kept = new Uint8Array(pass.length);
  for (const docs of lists) for (let at = 0; at < docs.length; at += 1) kept[docs[at]!] = pass[docs[at]!]!;
  pass.set(kept);
}

function keepFiltered({ columns }: Source, { collectionIds, tags, createdBy, createdAfter, createdBefore }: Filter, pass: Uint8Array): void {
  const named = (names: readonly string[], wanted: readonly string[]) => Uint8Array.from(names, (name) => (wanted.includes(name) ? 1 : 0));
  const tests: ((doc: number) => boolean)[] = [];
  if (collectionIds?.length) {
    const wanted = named(columns.collections.names, collectionIds);
    tests.push((doc) => wanted[columns.collections.of[doc]!] === 1);
  }
  if (createdBy != null) {
    const wanted = named(columns.creators.names, [createdBy]);
    tests.push((doc) => wanted[columns.creators.of[doc]!] === 1);
  }
  if (tags?.length) {
    const wanted = named(columns.tags.names, tags);
    const { starts, of } = columns.tags;
    tests.push((doc) => {
      for (let at = starts[doc]!; at < starts[doc + 1]!; at += 1) if (wanted[of[at]!]) return true;
      return false;
    });
  }
  if (createdAfter) tests.push((doc) => columns.created[doc]! >= createdAfter.getTime());
  if (createdBefore) tests.push((doc) => columns.created[doc]! < createdBefore.getTime());
  for (const test of tests) for (let doc = 0; doc < pass.length; doc += 1) if (pass[doc] && !test(doc)) pass[doc] = 0;
}

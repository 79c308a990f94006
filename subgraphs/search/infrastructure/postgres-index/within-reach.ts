/** What a caller may see of each source. Whatever is counted, averaged or offered afterwards is taken of this alone. */
import type { Averages } from '../../domain/bm25.ts';
import type { Reach } from '../../domain/ports.ts';
import type { Breath } from './breath.ts';
import type { Posting } from './postings.ts';
import type { Source } from './source.ts';

/** `seen` is 1 for each document that lives and is within reach. */
export interface Within { readonly source: Source; readonly seen: Uint8Array }
export interface Seen { readonly withins: readonly Within[]; readonly averages: Averages; readonly languages: readonly string[] }

export async function withinReach(sources: readonly Source[], reach: Reach, breath: Breath): Promise<Seen> {
  const reached = reach.everything ? null : new Set<string>(reach.collectionIds);
  const languages = new Set<string>();
  const withins: Within[] = [];
  let documents = 0;
  let length = 0;
  for (const source of sources) {
    const { dead, columns: { size, lengths, languages: spoken, collections } } = source;
    const [collectionOf, languageOf] = [collections.of, spoken.of];
    const open = Uint8Array.from(collections.names, (name) => (!reached || reached.has(name) ? 1 : 0));
    const seen = new Uint8Array(size);
    const speaks = new Uint8Array(spoken.names.length);
    for (let doc = 0; doc < size; doc += 1) {
      if (dead[doc] || !open[collectionOf[doc]!]) continue;
      seen[doc] = 1;
      documents += 1;
      length += lengths[doc]!;
      speaks[languageOf[doc]!] = 1;
    }
    spoken.names.forEach((name, at) => speaks[at] && languages.add(name));
    withins.push({ source, seen });
    await breath.after(size);
  }
  return { withins, averages: { documents, length }, languages: [...languages].sort() };
}

export function countSeen({ docs }: Posting, seen: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < docs.length; at += 1) count += seen[docs[at]!]!;
  return count;
}

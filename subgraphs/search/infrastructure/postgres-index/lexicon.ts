/** What the index knows for certain of words and documents, for whoever finds documents by something else than words. */
import { termOf } from '../../domain/analysed.ts';
import type { ItemId } from '../../../../platform/ids.ts';
import { keyOf, placeOfKey } from '../../domain/item-key.ts';
import type { Lexicon } from '../../domain/ports.ts';
import { passing } from './passing.ts';
import { demandsOf, type Begin } from './postgres-keyword-index.ts';
import { countSeen } from './within-reach.ts';

export function postgresLexicon(begin: Begin): Lexicon {
  return {
    async known({ words, ...asked }) {
      const { seen: { languages, withins }, reading, analyzer } = await begin(asked);
      const asking = words.flatMap((text) => languages.map((language) => ({ text, language, stem: termOf(language, analyzer.stem(language, text)) })));
      await reading.load(asking.map(({ stem }) => stem));
      const known = asking.filter(({ stem }) => withins.some(({ source, seen }) => {
        const postings = reading.postings(source, stem);
        return postings !== null && countSeen(postings.all, seen) > 0;
      }));
      return known.map(({ text, language }) => ({ text, language }));
    },
    async passing({ query, itemIds, ...asked }) {
      const question = await begin(asked);
      const demands = await demandsOf(question, query, {});
      const found = new Set<ItemId>();
      for (const within of question.seen.withins) {
        const pass = passing(within, question.reading, demands);
        for (const id of itemIds) {
          const place = placeOfKey(within.source.columns.keys, keyOf(id));
          if (place >= 0 && pass[place]) found.add(id);
        }
      }
      return found;
    },
  };
}

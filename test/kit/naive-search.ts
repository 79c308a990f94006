/** What the keyword index should answer, worked out the plain way: every document is read anew for every question. */
import { languageOf } from '../../subgraphs/search/domain/analysed.ts';
import { BEGINS_WEIGHT, dampingOf, factorOf, FIELDS, type Field, MEANT_WEIGHT, scoreOf, WEIGHTS } from '../../subgraphs/search/domain/bm25.ts';
import { mistakesOf } from '../../subgraphs/search/domain/edit-distance.ts';
import type { Analyzer, Asked, Doc, Facet, FacetField, Filter, Found } from '../../subgraphs/search/domain/ports.ts';
import { mayBegin } from '../../subgraphs/search/domain/query.ts';
import { wordsOf } from '../../subgraphs/search/domain/words.ts';

interface Token { word: string; stem: string; weight: number; place: number }
interface Read { doc: Doc; language: string; tokens: Token[]; length: number }
type Group = { factor: number; stems: (language: string) => readonly string[] };

const fieldsOf = (doc: Doc): { field: Field; text: string }[] => FIELDS.flatMap<{ field: Field; text: string }>((field) => (field === 'tags' ? doc.tags.map((text) => ({ field, text })) : [{ field, text: doc[field] }]));

function read(doc: Doc, analyzer: Analyzer): Read {
  const language = languageOf(doc.language);
  const tokens = fieldsOf(doc).flatMap(({ field, text }, which) =>
    wordsOf(text).map(({ word }, at): Token => ({ word, stem: analyzer.stem(language, word), weight: WEIGHTS[field], place: which * 1_000_000 + at })));
  return { doc, language, tokens, length: tokens.reduce((sum, { word, weight }) => sum + (analyzer.isStop(language, word) ? 0 : weight), 0) };
}

/** Swaps of neighbours counted as one, the whole table filled. */
export function plainDistance(a: string, b: string): number {
  const table = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (__, j) => (i === 0 ? j : j === 0 ? i : 0)));
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      table[i]![j] = Math.min(table[i - 1]![j]! + 1, table[i]![j - 1]! + 1, table[i - 1]![j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) table[i]![j] = Math.min(table[i]![j]!, table[i - 2]![j - 2]! + 1);
    }
  }
  return table[a.length]![b.length]!;
}

const passes = ({ collectionIds, tags, createdBy, createdAfter, createdBefore, metadata }: Filter, doc: Doc): boolean =>
  (!collectionIds?.length || collectionIds.includes(doc.collectionId)) && (!tags?.length || doc.tags.some((tag) => tags.includes(tag))) && (createdBy == null || doc.createdBy === createdBy) &&
  (!createdAfter || doc.createdAt >= createdAfter) && (!createdBefore || doc.createdAt < createdBefore) &&
  Object.entries(metadata ?? {}).every(([field, value]) => Object.hasOwn(doc.metadata, field) && doc.metadata[field] === value);

const hasPhrase = ({ tokens, language }: Read, phrase: readonly string[], analyzer: Analyzer): boolean => {
  const stems = phrase.map((word) => analyzer.stem(language, word));
  return tokens.some((_, from) => stems.every((stem, at) => tokens[from + at]?.stem === stem && tokens[from + at]!.place === tokens[from]!.place + at));
};
const has = ({ tokens, language }: Read, word: string, analyzer: Analyzer): boolean => tokens.some(({ stem }) => stem === analyzer.stem(language, word));

export function naiveFind(docs: readonly Doc[], analyzer: Analyzer, { reach, query, filter, first, after }: Asked): Omit<Found, 'upTo'> {
  if (query.words.length + query.phrases.length === 0) return { hits: [], total: 0, facets: [], hasMore: false, alike: [] };
  const seen = docs.filter((doc) => !doc.deleted && (reach.everything || reach.collectionIds.includes(doc.collectionId))).map((doc) => read(doc, analyzer));
  const { groups, alike } = naiveGroups(seen, analyzer, query);
  const { base, perLength } = dampingOf({ documents: seen.length, length: seen.reduce((sum, { length }) => sum + length, 0) });
  const scored = seen.map((one) => ({ one, score: groups.reduce((sum, { factor, stems }) => {
    const wanted = stems(one.language);
    const frequency = one.tokens.reduce((times, { stem, weight }) => times + (wanted.includes(stem) ? weight : 0), 0);
    return frequency === 0 ? sum : sum + scoreOf(factor, frequency, base + perLength * one.length);
  }, 0) }));
  const hits = scored.filter(({ one, score }) => (query.phrases.length > 0 || score > 0) && passes(filter, one.doc) && query.phrases.every((phrase) => hasPhrase(one, phrase, analyzer)) &&
    !query.excluded.words.some((word) => has(one, word, analyzer)) && !query.excluded.phrases.some((phrase) => hasPhrase(one, phrase, analyzer)));
  const ranked = hits.map(({ one: { doc }, score }) => ({ itemId: doc.itemId, version: doc.version, score, place: { score, itemId: doc.itemId } })).sort((a, b) => b.score - a.score || (a.itemId < b.itemId ? -1 : 1));
  const rest = ranked.filter(({ score, itemId }) => !after || score < after.score || (score === after.score && itemId > after.itemId));
  return { hits: rest.slice(0, first), hasMore: rest.length > first, total: hits.length, facets: facetsOf(hits.map(({ one }) => one.doc)), alike };
}

function naiveGroups(seen: readonly Read[], analyzer: Analyzer, query: Asked['query']): { groups: Group[]; alike: string[] } {
  const languages = [...new Set(seen.map(({ language }) => language))].sort();
  const all = [...new Set([...query.words, ...query.phrases.flat()])];
  const groups: Group[] = [];
  const alike: string[] = [];
  const add = (stems: Group['stems'], weight: number): boolean => {
    const withIt = seen.filter(({ tokens, language }) => tokens.some(({ stem }) => stems(language).includes(stem))).length;
    if (withIt > 0) groups.push({ stems, factor: factorOf(seen.length, withIt, weight) });
    return withIt > 0;
  };
  const stand = (found: readonly { language: string; word: string }[], weight: number): boolean => {
    alike.push(...found.map(({ word }) => word));
    return add((spoken) => found.flatMap(({ language, word }) => (language === spoken ? [analyzer.stem(language, word)] : [])), weight);
  };
  for (const word of all) {
    const silent = (language: string) => analyzer.isStop(language, word) && !all.every((one) => analyzer.isStop(language, one));
    const exact = (language: string) => (silent(language) ? [] : [analyzer.stem(language, word)]);
    const known = add(exact, 1);
    const begun = query.lastIsPrefix && word === query.words.at(-1) && mayBegin(word) && stand(languages.flatMap((language) => {
      const words = frequencies(seen, language, (one) => one.startsWith(word) && !exact(language).includes(analyzer.stem(language, one)) && !analyzer.isStop(language, one));
      return words.sort((a, b) => a.word.length - b.word.length || (a.word < b.word ? -1 : 1)).slice(0, 128).sort(byCount).slice(0, 16);
    }), BEGINS_WEIGHT);
    if (!known && !begun && languages.some((language) => !silent(language))) {
      stand(languages.flatMap((language) => {
        const near = frequencies(seen, language, (one) => plainDistance(one, word) > 0 && plainDistance(one, word) <= mistakesOf(word));
        const least = Math.min(...near.map((one) => plainDistance(one.word, word)));
        return near.filter((one) => plainDistance(one.word, word) === least).sort(byCount).slice(0, 4);
      }), MEANT_WEIGHT);
    }
  }
  return { groups, alike: [...new Set(alike)] };
}

interface Counted { language: string; word: string; count: number }
const byCount = (a: Counted, b: Counted): number => b.count - a.count || (a.word < b.word ? -1 : 1);

function frequencies(seen: readonly Read[], spoken: string, wanted: (word: string) => boolean): Counted[] {
  const counts = new Map<string, number>();
  for (const { language, tokens } of seen) {
    if (language !== spoken) continue;
    for (const word of new Set(tokens.map((token) => token.word))) if (wanted(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([word, count]) => ({ language: spoken, word, count }));
}

function facetsOf(docs: readonly Doc[]): Facet[] {
  const values: Record<FacetField, (doc: Doc) => readonly string[]> = {
    collection: (doc) => [doc.collectionId], tag: (doc) => [...new Set(doc.tags)], creator: (doc) => [doc.createdBy], month: (doc) => [doc.createdAt.toISOString().slice(0, 7)],
  };
  return Object.entries(values).map(([field, of]) => {
    const counts = new Map<string, number>();
    for (const value of docs.flatMap(of)) counts.set(value, (counts.get(value) ?? 0) + 1);
    return { field: field as FacetField, values: [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, 50) };
  });
}

export function naiveSuggest(docs: readonly Doc[], analyzer: Analyzer, { reach, prefix, first }: { reach: Asked['reach']; prefix: string; first: number }): string[] {
  const seen = docs.filter((doc) => !doc.deleted && (reach.everything || reach.collectionIds.includes(doc.collectionId))).map((doc) => read(doc, analyzer));
  const { word: begun, start } = wordsOf(prefix).at(-1)!;
  const counts = new Map<string, number>();
  for (const language of new Set(seen.map((one) => one.language))) {
    const words = frequencies(seen, language, (one) => one.startsWith(begun)).sort((a, b) => a.word.length - b.word.length || (a.word < b.word ? -1 : 1)).slice(0, 128);
    for (const { word, count } of words) counts.set(word, (counts.get(word) ?? 0) + count);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, first).map(([word]) => prefix.slice(0, start) + word);
}

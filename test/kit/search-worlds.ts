/** Random documents and questions about them: few words, so that they meet often, some alike, some of other languages. */
import fc from 'fast-check';
import type { CollectionId, TenantId } from '../../platform/ids.ts';
import type { Asked, Doc, Filter, Reach } from '../../subgraphs/search/domain/ports.ts';
import { queryOf } from '../../subgraphs/search/domain/query.ts';

const WORDS = ['river', 'rivers', 'riven', 'liver', 'glacier', 'glaciers', 'glacial', 'glaze', 'the', 'of', 'valley', 'valleys', 'volley', 'carving', 'carved', 'carve', 'café', 'cafe', 'häuser', 'haus', 'été', 'montagne', 'a1', '2026', '東京都', 'microscope', 'telescope'];
const word = fc.constantFrom(...WORDS);
const text = (max: number) => fc.array(word, { maxLength: max }).map((words) => words.join(' '));
const tag = fc.constantFrom('wood', 'Wood', 'moss', 'stone', 'two words', `it's "x"`);
const creator = fc.constantFrom('usr_ann', 'usr_ben', 'key_one');
const moment = fc.integer({ min: 0, max: 400 }).map((days) => new Date(Date.UTC(2025, 10, 1) + days * 86_400_000 + days));
const value = fc.constantFrom<string | number | boolean | null>('x', 'y', 1, 1.5, true, null, 'long '.repeat(50));
export const COLLECTIONS = 4;

export const content = fc.record({
  title: text(4), body: text(12), attached: text(5), tags: fc.uniqueArray(tag, { maxLength: 3 }), language: fc.constantFrom('en', 'en', 'en', 'de', 'fr-CA', 'ja', ''),
  metadata: fc.dictionary(fc.constantFrom('kind', 'year'), value), createdBy: creator, createdAt: moment, where: fc.nat(COLLECTIONS - 1),
});
export type Content = typeof content extends fc.Arbitrary<infer One> ? One : never;
export const docContent = ({ where, ...said }: Content, collections: readonly CollectionId[]): Partial<Doc> & { collectionId: CollectionId } => ({ ...said, collectionId: collections[where]! });

const piece = fc.oneof(
  { weight: 8, arbitrary: word }, { weight: 2, arbitrary: word.map((one) => one.slice(0, 3)) }, { weight: 2, arbitrary: fc.tuple(word, fc.nat(5)).map(([one, at]) => one.slice(0, at) + one.slice(at + 1)) },
  { weight: 1, arbitrary: word.map((one) => `-${one}`) }, { weight: 2, arbitrary: fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => `"${words.join(' ')}"`) }, { weight: 1, arbitrary: fc.tuple(word, word).map((words) => `-"${words.join(' ')}"`) });
const typed = fc.tuple(fc.array(piece, { minLength: 1, maxLength: 4 }), fc.constantFrom('', ' ', '?')).map(([pieces, end]) => pieces.join(' ') + end);

const maybe = <One>(one: fc.Arbitrary<One>) => fc.option(one, { freq: 4, nil: undefined }).map((found) => found);
const rarely = <One>(one: fc.Arbitrary<One>) => fc.tuple(fc.nat(4), one).map(([chance, found]) => (chance === 0 ? found : undefined));
export const question = fc.record({
  typed, first: fc.integer({ min: 1, max: 8 }), reached: fc.option(fc.uniqueArray(fc.nat(COLLECTIONS - 1)), { freq: 2 }),
  filter: fc.record({ where: rarely(fc.uniqueArray(fc.nat(COLLECTIONS - 1), { maxLength: 2 })), tags: rarely(fc.uniqueArray(tag, { maxLength: 2 })), createdBy: rarely(creator), createdAfter: rarely(moment), createdBefore: rarely(moment), metadata: rarely(fc.dictionary(fc.constantFrom('kind', 'year'), value, { maxKeys: 1 })) }),
  prefix: maybe(fc.tuple(word, fc.integer({ min: 1, max: 4 })).map(([one, length]) => one.slice(0, length))),
});
export type Question = typeof question extends fc.Arbitrary<infer One> ? One : never;

export function askedOf({ typed: words, first, reached, filter: { where, ...filter } }: Question, tenantId: TenantId, collections: readonly CollectionId[]): Asked {
  const reach: Reach = reached ? { everything: false, collectionIds: reached.map((at) => collections[at]!) } : { everything: true };
  const given: Filter = { ...filter, ...(where && { collectionIds: where.map((at) => collections[at]!) }) };
  return { tenantId, reach, query: queryOf(words), filter: given, first, facets: true };
}

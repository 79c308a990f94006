/**
 * Words in Meilisearch. It orders by its own rules (words, typos, nearness, place), not by BM25; tenant, rights and filters
 * are demanded inside of each question. Which documents it has heard of stands in an index beside: a seq a tenant.
 */
import type { ItemId, TenantId } from '../../../../platform/ids.ts';
import type { Asked, Doc, Facet, FacetField, Found, KeywordIndex, Place } from '../../domain/ports.ts';
import { asksFor } from '../../domain/query.ts';
import { wordsOf } from '../../domain/words.ts';
import { meiliDocument, type MeiliDocument } from './meili-document.ts';
import { reached, type MeiliEngine } from './meili-engine.ts';
import { filterOf, ofItems, ofTenant } from './meili-filter.ts';
import { questionOf } from './meili-question.ts';
import { FACETS, TOTAL_MAX, WORDS } from './meili-settings.ts';

const BATCH = 500;
/** A page further on is found by asking for all before it, so pages end here. */
const PAGED_MAX = 1_000;

interface Heard { id: TenantId; seq: string }
type Answer = { hits: { id: ItemId; version: number; _rankingScore?: number }[]; totalHits?: number; facetDistribution?: Record<string, Record<string, number>> };

export function meiliKeywordIndex(engine: MeiliEngine, names: { items: string; heard: string }): KeywordIndex {
  const items = () => engine.client.index<MeiliDocument>(names.items);
  const heard = () => engine.client.index<Heard>(names.heard);
  const upTo = async (tenantId: TenantId): Promise<bigint> => {
    const { results } = await heard().getDocuments({ ids: [tenantId] });
    return BigInt(results[0]?.seq ?? 0);
  };
  const find = async (asked: Asked): Promise<Found> => {
    // Before the question: what is heard meanwhile may be in the answer, what was heard before is.
    const seq = await upTo(asked.tenantId);
    if (!asksFor(asked.query) || reachesNothing(asked)) return { hits: [], total: 0, facets: [], hasMore: false, alike: [], upTo: seq };
    const limit = asked.after ? PAGED_MAX : Math.min(asked.first + 1, PAGED_MAX);
    const answer = await items().search(questionOf(asked.query), {
      filter: filterOf(asked), page: 1, hitsPerPage: limit, sort: ['id:asc'], showRankingScore: true, matchingStrategy: 'frequency',
      attributesToRetrieve: ['id', 'version'], facets: asked.facets ? Object.values(FACETS) : [],
    }) as unknown as Answer;
    const hits = answer.hits.map(({ id, version, _rankingScore: score = 0 }) => ({ itemId: id, version, score, place: { score, itemId: id } }));
    const rest = asked.after ? hits.filter(({ place }) => isBehind(place, asked.after!)) : hits;
    return {
      hits: rest.slice(0, asked.first), hasMore: rest.length > asked.first, total: Math.min(answer.totalHits ?? hits.length, TOTAL_MAX),
      facets: asked.facets ? facetsIn(answer.facetDistribution ?? {}) : [], alike: [], upTo: seq,
    };
  };
  return {
    name: 'meilisearch',
    find: (asked) => reached(() => find(asked)),
    apply: (tenantId, docs) => reached(async () => {
      for (let from = 0; from < docs.length; from += BATCH) await applyBatch(tenantId, docs.slice(from, from + BATCH));
    }),
    suggest: ({ tenantId, reach, prefix, first }) => reached(async () => {
      const last = wordsOf(prefix).at(-1);
      // What is followed by something else has been typed to its end.
      if (!last || last.end < prefix.length || reachesNothing({ reach })) return [];
      const begun = last.word;
      const { facetHits } = await items().searchForFacetValues({ facetName: WORDS, facetQuery: begun, filter: filterOf({ tenantId, reach, filter: {} }) });
      return facetHits.filter(({ value }) => value.startsWith(begun)).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, first).map(({ value }) => prefix.slice(0, last.start) + value);
    }),
    forget: (tenantId) => reached(async () => {
      await engine.done(items().deleteDocuments({ filter: ofTenant(tenantId) }), 'index_not_found');
      await engine.done(heard().deleteDocuments([tenantId]), 'index_not_found');
    }),
  };

  async function applyBatch(tenantId: TenantId, docs: readonly Doc[]): Promise<void> {
    const last = [...new Map(docs.map((doc) => [doc.itemId, doc])).values()];
    const { results } = await items().getDocuments({ filter: ofItems(tenantId, last.map(({ itemId }) => itemId)), fields: ['id', 'seq'], limit: last.length });
    const stand = new Map(results.map(({ id, seq }) => [id, seq]));
    const newer = last.filter(({ itemId, seq }) => (stand.get(itemId) ?? -1) <= Number(seq));
    const [gone, telling] = [newer.filter(({ deleted }) => deleted), newer.filter(({ deleted }) => !deleted)];
    if (gone.length > 0) await engine.done(items().deleteDocuments(gone.map(({ itemId }) => itemId)));
    if (telling.length > 0) await engine.done(items().addDocuments(telling.map(meiliDocument)));
    // Only what has happened is said to be heard.
    const seq = docs.reduce((most, doc) => (doc.seq > most ? doc.seq : most), await upTo(tenantId));
    await engine.done(heard().addDocuments([{ id: tenantId, seq: String(seq) }]));
  }
}

const reachesNothing = ({ reach }: Pick<Asked, 'reach'>): boolean => !reach.everything && reach.collectionIds.length === 0;
const isBehind = (place: Place, after: Place): boolean => place.score < after.score || (place.score === after.score && place.itemId > after.itemId);

function facetsIn(distribution: Record<string, Record<string, number>>): Facet[] {
  return (Object.entries(FACETS) as [FacetField, string][]).map(([field, attribute]) => ({
    field,
    values: Object.entries(distribution[attribute] ?? {}).map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)),
  }));
}

/**
 * Finds items. What the caller reaches is asked of collections at each question, and nothing but that is looked through;
 * what is found is asked for once more as the caller, so that nothing is shown that they have just lost, however old the
 * index is, and the page is filled up with what they still see.
 */
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Ports, Rights } from '../domain/document-ports.ts';
import type { Doc, Facet, Place, Reach } from '../domain/ports.ts';
import type { Query } from '../domain/query.ts';
import { filterOf, questionOf, type SearchFilter, type SearchMode } from '../domain/search.ts';
import { patience, type AwaitWrite, type Awaited, type Patience } from './await-write.ts';
import { rankBy, type Indexes, type Rank, type Ranked, type Stretch } from './rank.ts';
import { tenantOf } from './tenant-of.ts';

export interface SearchAsked { query: string; filter: SearchFilter; mode: SearchMode; first: number; after: Place | null; atLeast: string | null; facets: boolean }
export interface FoundItem extends Ranked { doc: Doc | null; query: Query; alike: readonly string[] }
export interface SearchFound {
  hits: FoundItem[]; hasMore: boolean; total: number; facets: readonly Facet[];
  /** Less than all that was asked for: the index lacks a part, or is behind the write that was named, or nobody knows how far behind it is. */
  degraded: boolean;
  lagMs: number;
}
export type SearchItems = (viewer: Viewer, asked: SearchAsked) => Promise<SearchFound>;

export interface SearchGiven { look: Look<Ports>; rights: Rights<Viewer>; indexes: Indexes; awaitWrite: AwaitWrite; behindMs: () => Promise<number> }

/** So often a page is filled up: whoever has just lost much sees a short page rather than wait. */
const ROUNDS_MAX = 5;
const NOTHING: Stretch = { hits: [], hasMore: false, total: 0, facets: [], alike: [], upTo: null };

export const searchItems = (given: SearchGiven): SearchItems => async (viewer, asked) => {
  const tenantId = tenantOf(viewer);
  const query = questionOf(asked.query);
  const filter = filterOf(asked.filter);
  const waiting = patience();
  const written = await given.awaitWrite(viewer, asked.atLeast, waiting);
  const [reach, lagMs] = await Promise.all([given.rights.reach(viewer), given.behindMs().catch(() => null)]);
  const begin = (): Rank => (filter && reachesAny(reach) ? rankBy(asked.mode, { tenantId, reach, query, filter }, given.indexes) : async () => NOTHING);
  const page = await filledUp(viewer, asked, upToDate(begin, written, waiting), given);
  const docs = new Map((await docsOf(viewer, page.hits, given)).map((doc) => [doc.itemId, doc]));
  return {
    hits: page.hits.map((hit) => ({ ...hit, doc: docs.get(hit.itemId) ?? null, query, alike: page.alike })),
    hasMore: page.hasMore, total: page.total, facets: page.facets.filter(({ values }) => values.length > 0),
    degraded: !written.isHeard || lagMs === null || isBehind(page, written) || page.degraded === true,
    lagMs: lagMs ?? 0,
  };
};

const reachesAny = (reach: Reach): boolean => reach.everything || reach.collectionIds.length > 0;
const isBehind = ({ upTo }: Stretch, { seq }: Awaited): boolean => seq !== null && upTo !== null && upTo < seq;
const docsOf = (viewer: Viewer, hits: readonly Ranked[], { look }: SearchGiven): Promise<Doc[]> =>
  (hits.length === 0 ? Promise.resolve([]) : look(viewer, ({ documents }) => documents.byIds(hits.map(({ itemId }) => itemId))));

/** An index of its own may be a moment behind the documents; what one order was made from stays as it was, so that another is begun. */
function upToDate(begin: () => Rank, written: Awaited, waiting: Patience): Rank {
  let rank = begin();
  return async (asked) => {
    for (;;) {
      const stretch = await rank(asked);
      if (!isBehind(stretch, written) || performance.now() > waiting.untilMs) return stretch;
      await waiting.pause();
      rank = begin();
    }
  };
}

async function filledUp(viewer: Viewer, { first, after, facets }: SearchAsked, rank: Rank, { rights }: SearchGiven): Promise<Stretch> {
  const begun = await rank({ first, after, facets });
  let [stretch, lost] = [begun, 0];
  const hits: Ranked[] = [];
  for (let round = 1; ; round += 1) {
    const seen = await rights.seen(viewer, stretch.hits.map(({ itemId }) => itemId));
    hits.push(...stretch.hits.filter(({ itemId }) => seen.has(itemId)));
    lost += stretch.hits.length - seen.size;
    const last = stretch.hits.at(-1);
    if (hits.length >= first || !stretch.hasMore || !last || round === ROUNDS_MAX) break;
    stretch = await rank({ first: first - hits.length, after: { score: last.score, itemId: last.itemId }, facets: false });
  }
  return { ...begun, hits, degraded: begun.degraded === true || stretch.degraded === true, hasMore: stretch.hasMore, total: Math.max(hits.length, begun.total - lost) };
}

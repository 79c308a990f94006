/** The ways to put documents in order: by their words, by their meaning, or by both. Each answers stretch by stretch. */
import { AtlasError } from '../../../platform/errors.ts';
import type { ItemId, TenantId } from '../../../platform/ids.ts';
import { FUSED_MAX, fuse, scoreAt } from '../domain/fusion.ts';
import type { Embeddings, Facet, Filter, KeywordIndex, Lexicon, Place, Reach, Said, VectorIndex } from '../domain/ports.ts';
import type { Query } from '../domain/query.ts';
import type { SearchMode } from '../domain/search.ts';

export interface Meaning {
  vectors: VectorIndex; embeddings: Embeddings; lexicon: Lexicon;
  /** The change up to which documents have their places. */
  placed(tenantId: TenantId): Promise<bigint>;
}
export interface Indexes { keyword: KeywordIndex; meaning: Meaning; anew: readonly MakeAnew[] }
/** All of a tenant's documents indexed anew, beside what is asked meanwhile; goes on where it stood when it is begun again. `noted` hears how far it is, from 0 to 1. */
export type MakeAnew = (tenantId: TenantId, noted: (share: number) => Promise<void>) => Promise<void>;
export interface Wanted { tenantId: TenantId; reach: Reach; query: Query; filter: Filter }

/** Where a hit stands: in the list of words by its score, in one that is made of several by its rank. */
export interface Ranked { itemId: ItemId; score: number }
export interface Stretch { hits: readonly Ranked[]; hasMore: boolean; total: number; facets: readonly Facet[]; alike: readonly string[]; upTo: bigint | null;
  /** Not what was asked for, but the best there is at the moment. */
  degraded?: boolean;
}
/** Goes on after this hit; `facets` are counted when asked for. */
export type Rank = (asked: { first: number; after: Place | null; facets: boolean }) => Promise<Stretch>;

export function rankBy(mode: SearchMode, wanted: Wanted, { keyword, meaning }: Indexes): Rank {
  const words: Rank = ({ first, after, facets }) => keyword.find({ ...wanted, first, facets, ...(after && { after }) });
  if (mode === 'KEYWORD') return words;
  let made: Promise<Near> | undefined;
  const both = fused(mode, wanted, keyword);
  return async (asked) => {
    const near = await (made ??= nearest(wanted, meaning));
    if (near.state === 'FOUND') return both(asked, near);
    // Who asks for both has lost nothing while there is no meaning to go by yet.
    const stretch = await words(asked);
    return { ...stretch, degraded: stretch.degraded === true || near.state === 'AWAY' || mode === 'SEMANTIC' };
  };
}

type Near = { state: 'FOUND'; ids: readonly ItemId[]; ranked: readonly Ranked[]; weight: number; upTo: bigint } | { state: 'NOT LEARNED' | 'AWAY' };
type FoundNear = Extract<Near, { state: 'FOUND' }>;

/**
 * Facets are those of the words, for what is near in meaning has no end; counted is what can be paged through. Shown is a
 * hit's place in the list and not what made it: how much meaning counts goes by how many items a tenant has, those too that nobody here sees.
 */
function fused(mode: Exclude<SearchMode, 'KEYWORD'>, wanted: Wanted, keyword: KeywordIndex): (asked: Parameters<Rank>[0], near: FoundNear) => Promise<Stretch> {
  let made: Promise<{ list: readonly Ranked[]; stretch: Omit<Stretch, 'hits' | 'hasMore'> }> | undefined;
  const make = async (facets: boolean, near: FoundNear) => {
    const words = await keyword.find({ ...wanted, first: mode === 'HYBRID' ? FUSED_MAX : 1, facets });
    const list = mode === 'SEMANTIC' ? near.ranked : fuse([words.hits.map(({ itemId }) => itemId), near.ids], [1, near.weight]).map(({ id }, at) => ({ itemId: id, score: scoreAt(at) }));
    // What is found by meaning alone is there when it has its place.
    const upTo = mode === 'SEMANTIC' && near.upTo < words.upTo ? near.upTo : words.upTo;
    return { list, stretch: { total: list.length, facets: words.facets, alike: words.alike, upTo, degraded: words.degraded === true } };
  };
  return async ({ first, after, facets }, near) => {
    const { list, stretch } = await (made ??= make(facets, near));
    const from = after ? list.findIndex(({ itemId }) => itemId === after.itemId) + 1 || list.findIndex(({ score }) => score < after.score) : 0;
    const rest = from < 0 ? [] : list.slice(from);
    return { ...stretch, hits: rest.slice(0, first), hasMore: rest.length > first };
  };
}

async function nearest(wanted: Wanted, meaning: Meaning): Promise<Near> {
  const { tenantId, reach, filter, query } = wanted;
  try {
    const weight = await meaning.embeddings.weight(tenantId);
    if (weight === 0) return { state: 'NOT LEARNED' };
    const upTo = await meaning.placed(tenantId); // before they are asked
    const said = await saidBy(wanted, meaning);
    const [vector] = said.length === 0 ? [] : await meaning.embeddings.embed([said], 'query', tenantId);
    const near = vector ? await meaning.vectors.nearest({ tenantId, reach, filter, vector, first: FUSED_MAX }) : [];
    const itemIds = near.map(({ itemId }) => itemId);
    const passing = demands(query) ? await meaning.lexicon.passing({ tenantId, reach, query, itemIds }) : null;
    const ranked = near.filter(({ itemId }) => !passing || passing.has(itemId)).map(({ itemId, similarity }) => ({ itemId, score: similarity }));
    return { state: 'FOUND', ranked, ids: ranked.map(({ itemId }) => itemId), weight, upTo };
  } catch (error) {
    if (error instanceof AtlasError && error.code === 'SEARCH_UNAVAILABLE') return { state: 'AWAY' };
    throw error;
  }
}

const isLeavingOut = ({ excluded }: Query): boolean => excluded.words.length + excluded.phrases.length > 0;
const demands = (query: Query): boolean => query.phrases.length > 0 || isLeavingOut(query);

/** What is wanted of it: nothing that is left out, and nothing that documents teach which the caller does not reach. */
async function saidBy({ tenantId, reach, query }: Wanted, { embeddings, lexicon }: Meaning): Promise<Said> {
  const words = [...new Set([...query.words, ...query.phrases.flat()])];
  if (embeddings.isLearned) return lexicon.known({ tenantId, reach, words });
  const text = isLeavingOut(query) ? words.join(' ') : query.text;
  return text === '' ? [] : [{ text, language: '' }];
}

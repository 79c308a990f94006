import { AtlasError } from '../../../platform/errors.ts';
import type { ItemId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Ports, Rights } from '../domain/document-ports.ts';
import type { Analyzer, Doc, Reach } from '../domain/ports.ts';
import type { Query } from '../domain/query.ts';
import { tellingWords } from '../domain/telling-words.ts';
import { rankBy, type Indexes } from './rank.ts';
import { tenantOf } from './tenant-of.ts';

const FIRST_MAX = 20;
const FIRST_DEFAULT = 5;
/** Itself, and some that the caller has lost since. */
const MORE = 5;
export type FindSimilar = ReturnType<typeof findSimilar>;

interface Given { look: Look<Ports>; rights: Rights<Viewer>; indexes: Indexes; analyzer: Analyzer }

/** Items about the same, of what the caller reaches; `itemId` is one that they see. */
export const findSimilar = (given: Given) => async (viewer: Viewer, itemId: ItemId, asked: { first: number | null; reach: () => Promise<Reach> }): Promise<ItemId[]> => {
  const first = asked.first ?? FIRST_DEFAULT;
  if (first < 1 || first > FIRST_MAX) throw new AtlasError('PAGE_SIZE', `\`first\` is between 1 and ${FIRST_MAX} here.`);
  const [doc] = await given.look(viewer, ({ documents }) => documents.byIds([itemId]));
  const reach = await asked.reach();
  const query = doc && !doc.deleted && isWithin(reach, doc) ? aboutTheSame(doc, given.analyzer) : null;
  if (!query || query.words.length === 0) return [];
  const rank = rankBy('HYBRID', { tenantId: tenantOf(viewer), reach, query, filter: {} }, given.indexes);
  const { hits } = await rank({ first: first + MORE, after: null, facets: false });
  const others = hits.map((hit) => hit.itemId).filter((id) => id !== itemId);
  const seen = await given.rights.seen(viewer, others);
  return others.filter((id) => seen.has(id)).slice(0, first);
};

/** What was shown a moment ago may be out of reach by now, and its words are asked by. */
const isWithin = (reach: Reach, { collectionId }: Doc): boolean => reach.everything || reach.collectionIds.includes(collectionId);

function aboutTheSame(doc: Doc, analyzer: Analyzer): Query {
  const words = tellingWords(doc, analyzer);
  return { text: `${doc.title}\n${words.join(' ')}`, words, phrases: [], excluded: { words: [], phrases: [] }, lastIsPrefix: false };
}

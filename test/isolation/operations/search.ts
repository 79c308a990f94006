/** Searching: what is found, counted, completed and kept. It is waited for that search has heard of everything. */
import { newId } from '../../../platform/ids.ts';
import { eventually } from '../../kit/eventually.ts';
import type { SavedState } from '../canaries.ts';
import { idOf, mayRead, partIn, passes, seesItem, tenantOf, type Principal } from '../rights.ts';
import type { World } from '../world.ts';
import { mutation, only, someCollection, unseen, type Operation } from './choose.ts';
import { ERRORS, FLAT_ITEM } from './selections.ts';

const SAVED_MAX = 200;
const MODES = ['KEYWORD', 'SEMANTIC', 'HYBRID'];
/** How far it is with hearing, and with learning, changes by itself. */
const FOUND = `totalCount facets { field values { value count } } pageInfo { hasNextPage endCursor }
  edges { cursor node { highlights { field text ranges { start end } } item { ${FLAT_ITEM} similar(first: 2) { id title } } } }`;
const SEARCH = `query($query: String!, $filter: SearchFilter, $mode: SearchMode, $first: Int, $after: String) { search(query: $query, filter: $filter, mode: $mode, first: $first, after: $after) { ${FOUND} } }`;

const searches = (by: Principal): boolean => only(by, passes(by, 'GUEST', 'search:read'));
const isTheirs = (by: Principal, { owner, tenant, deleted }: SavedState): boolean => !deleted && owner === idOf(by) && tenant === tenantOf(by);

/** What is gone may still be found for a moment, and what is new not yet. */
export async function heard(world: World): Promise<void> {
  for (const tenant of world.tenants) {
    const live = world.items.filter(({ deleted, collection }) => !deleted && !collection.deleted && collection.tenant === tenant).map(({ id }) => id).sort();
    await eventually('search to have heard of everything', async () => {
      const { rows } = await world.inSearch(tenant, () => world.database.query<{ id: string }>('SELECT item_id AS id FROM search.document WHERE NOT deleted ORDER BY 1'));
      return rows.map(({ id }) => id).join() === live.join();
    });
  }
}

export function someSaved(world: World, by: Principal): SavedState | null {
  const own = world.saved.filter((one) => isTheirs(by, one));
  const list = own.length > 0 && world.chance(0.5) ? own : world.saved.slice(-60);
  return list.length > 0 ? world.pick(list) : null;
}
export const seesSaved = (by: Principal, saved: SavedState): boolean => searches(by) && isTheirs(by, saved);

interface Shown { edges: { node: { item: { id: string; similar: { id: string }[] | null } | null } }[]; facets: { field: string; values: { value: string }[] }[] }
/** Ids are no words: of each that is shown it is looked up whose it is. */
function refuseForeign(world: World, by: Principal, { edges, facets }: Shown): void {
  const items = new Set(edges.flatMap(({ node: { item } }) => [item?.id, ...(item?.similar ?? []).map(({ id }) => id)]));
  const collections = new Set(facets.flatMap(({ field, values }) => (field === 'collection' ? values.map(({ value }) => value) : [])));
  const wrong = [...world.items.filter((item) => items.has(item.id) && (item.deleted || !seesItem(by, item))), ...world.collections.filter((one) => collections.has(one.id) && partIn(by, one) === null)];
  if (wrong.length > 0) throw new Error(`finds ${wrong.map(({ id }) => id).join(', ')}`);
}

export const searchOperations: readonly Operation[] = [
  {
    field: 'Query.search', weight: 14,
    make(world, by) {
      const words = world.canaries.all();
      const word = world.pick(words);
      const theirs = world.canaries.placesOf(word).some((place) => mayRead(by, place, world.tenants, false));
      const stolen = world.chance(0.1) && world.cursors.length > 0 ? world.pick(world.cursors) : null;
      const collection = world.chance(0.3) ? someCollection(world, by) : null;
      // In quotes it is that word and none that is spelled nearly so, as all of them are.
      const query = collection || world.chance(0.4) ? 'plain that it says' : theirs && world.chance(0.5) ? word : `"${word}"`;
      const filter = collection ? { collectionIds: [collection.id] } : query.includes(word) ? null : world.pick([null, null, { tags: [word] }, { metadata: { [word]: world.pick(words) } }]);
      return {
        document: SEARCH, variables: { query, filter, mode: world.pick(MODES), first: 1 + Math.floor(world.random() * 10), after: stolen }, ready: () => heard(world),
        ...(!stolen && { expects: searches(by) }),
        ...(collection ? unseen(partIn(by, collection) !== null, collection.id) : !theirs && (query.includes(word) || filter) ? { hidden: [word, world.word()] as const } : {}),
        effect: (found: Shown) => refuseForeign(world, by, found),
      };
    },
  },
  {
    field: 'Query.suggest', weight: 6,
    // What is suggested are words of other things than the one that was thought of: whose they are, says who may be shown them.
    make(world, by) {
      const prefix = world.chance(0.3) ? 'zq' : world.pick(world.canaries.all()).slice(0, 3 + Math.floor(world.random() * 6));
      return { document: 'query($prefix: String!) { suggest(prefix: $prefix, first: 20) }', variables: { prefix }, expects: searches(by), ready: () => heard(world) };
    },
  },
  {
    field: 'Query.savedSearches', weight: 3,
    make(world, by) {
      const stolen = world.chance(0.2) && world.cursors.length > 0 ? world.pick(world.cursors) : null;
      return {
        document: 'query($first: Int, $after: String) { savedSearches(first: $first, after: $after) { pageInfo { hasNextPage endCursor } edges { cursor node { id name query filter mode } } } }',
        variables: { first: 1 + Math.floor(world.random() * 20), after: stolen }, ...(!stolen && { expects: searches(by) }),
        effect({ edges }) {
          const shown = new Set((edges as { node: { id: string } }[]).map(({ node }) => node.id));
          const wrong = world.saved.filter((one) => shown.has(one.id) && !isTheirs(by, one));
          if (wrong.length > 0) throw new Error(`lists ${wrong.map(({ id }) => id).join(', ')}`);
        },
      };
    },
  },
  {
    field: 'Mutation.saveSearch', weight: 4,
    make(world, by) {
      const [name, query, tag] = [world.word(), world.word(), world.word()];
      return {
        document: mutation('saveSearch', 'savedSearch { id name query filter mode }'), variables: { input: { name, query, filter: { tags: [tag] }, mode: world.pick(MODES) } },
        expects: searches(by) && world.saved.filter((one) => isTheirs(by, one)).length < SAVED_MAX,
        effect({ savedSearch: { id } }) {
          const saved: SavedState = { id, owner: idOf(by)!, tenant: tenantOf(by)!, deleted: false };
          world.saved.push(saved);
          world.canaries.plant([name, query, tag], { in: 'saved search', saved });
        },
      };
    },
  },
  {
    field: 'Mutation.deleteSavedSearch', weight: 2,
    make(world, by) {
      const saved = someSaved(world, by);
      return saved && {
        document: mutation('deleteSavedSearch', 'savedSearchId'), variables: { input: { id: saved.id } }, expects: seesSaved(by, saved), ...unseen(isTheirs(by, saved), saved.id),
        effect() { saved.deleted = true; },
      };
    },
  },
  {
    field: 'Mutation.reindex', weight: 0.6,
    make(world, by) {
      const collection = world.chance(0.7) ? someCollection(world, by) : null;
      const may = passes(by, 'ADMIN', 'tenants:admin');
      // A key may administer and see nothing of collections: what it is told then is the same of all of them.
      const sees = !collection || (by.key ? undefined : partIn(by, collection) !== null);
      return {
        document: `mutation($input: ReindexInput!) { reindex(input: $input) { job { id kind } ${ERRORS} } }`, variables: { input: { collectionId: collection?.id ?? null } },
        ...(sees !== undefined && { expects: only(by, may && sees) }), ...(collection && partIn(by, collection) === null && { hidden: [collection.id, newId('col')] as const }),
      };
    },
  },
];

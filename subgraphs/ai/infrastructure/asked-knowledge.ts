/** What the tenant knows, asked as whoever asks: search finds it, collections says it, and both show nobody more than they may see. */
import type { Ask } from '../../../platform/ask.ts';
import { isId, type CollectionId, type ItemId } from '../../../platform/ids.ts';
import { keyViewer, type Viewer } from '../../../platform/viewer.ts';
import type { FoundText, Knowledge } from '../domain/knowledge.ts';
import type { Reach } from '../domain/reach.ts';

const FIND = 'query($query: String!, $filter: SearchFilter, $first: Int) { search(query: $query, filter: $filter, mode: HYBRID, first: $first) { nodes { item { id } } } }';
const TEXTS = 'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Item { id version title body tags deletedAt collection { id } } } }';
const SEEN = 'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Item { id version deletedAt } } }';
const REACH = '{ reach { everything collectionIds } }';

const representations = (ids: readonly ItemId[]) => ids.map((id) => ({ __typename: 'Item', id }));
type Live<T> = (T & { deletedAt: string | null }) | null;
/** To whoever could restore it a deleted item is shown, but nobody is answered from it. */
const live = <T>(found: unknown): T[] => (found as Live<T>[]).filter((item): item is NonNullable<Live<T>> => item !== null && item.deletedAt === null);

/** A key that may ask is answered from what it is held to: it need not be able to search and read by itself. */
function asAsking(caller: Viewer): Viewer {
  const { kind, id, tenantId, standsFor, role, scopes, collectionIds, trustedDocumentsOnly, sandbox } = caller;
  if (kind !== 'key' || tenantId === null || !isId('key', id) || !scopes.includes('ai:ask')) return caller;
  return keyViewer({ keyId: id, tenantId, ...(standsFor && { createdBy: standsFor }), ...(role && { role }), scopes: [...new Set([...scopes, 'search:read', 'collections:read'])], collectionIds, trustedDocumentsOnly, sandbox });
}

export const askedKnowledge = (ask: Ask): Knowledge<Viewer> => ({
  async find(caller, { query, collectionIds, first }) {
    const { search } = await ask('search', { document: FIND, variables: { query, filter: collectionIds ? { collectionIds } : {}, first } }, asAsking(caller));
    return (search as { nodes: { item: { id: ItemId } }[] }).nodes.map(({ item }) => item.id);
  },
  async texts(caller, ids) {
    if (ids.length === 0) return [];
    const { _entities } = await ask('collections', { document: TEXTS, variables: { representations: representations(ids) } }, asAsking(caller));
    return live<Omit<FoundText, 'collectionId'> & { collection: { id: CollectionId } }>(_entities)
      .map(({ id, version, title, body, tags, collection }) => ({ id, version, title, body, tags, collectionId: collection.id }));
  },
  async seen(caller, ids) {
    if (ids.length === 0) return new Set();
    const { _entities } = await ask('collections', { document: SEEN, variables: { representations: representations(ids) } }, asAsking(caller));
    return new Set(live<{ id: ItemId }>(_entities).map(({ id }) => id));
  },
  async versions(caller, ids) {
    if (ids.length === 0) return new Map();
    const { _entities } = await ask('collections', { document: SEEN, variables: { representations: representations(ids) } }, asAsking(caller));
    return new Map(live<{ id: ItemId; version: number }>(_entities).map(({ id, version }) => [id, version]));
  },
  async reach(caller) {
    const { reach } = await ask('collections', { document: REACH }, asAsking(caller));
    return reach as Reach;
  },
});

/** What a caller sees, collections decides, each time anew: no share is kept here that could have been taken back. */
import type { Ask } from '../../../platform/ask.ts';
import type { ItemId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Rights } from '../domain/document-ports.ts';
import type { Reach } from '../domain/ports.ts';

const REACH = '{ reach { everything collectionIds } }';
const COLLECTION = 'query($id: ID!) { collection(id: $id) { id } }';
const SEEN = 'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Item { id deletedAt } } }';

export const askedRights = (ask: Ask): Rights<Viewer> => ({
  async reach(caller) {
    const { reach } = await ask('collections', { document: REACH }, caller);
    return reach as Reach;
  },
  async collection(caller, id) {
    const { collection } = await ask('collections', { document: COLLECTION, variables: { id } }, caller);
    return collection !== null;
  },
  async seen(caller, ids) {
    if (ids.length === 0) return new Set();
    const { _entities } = await ask('collections', { document: SEEN, variables: { representations: ids.map((id) => ({ __typename: 'Item', id })) } }, caller);
    const found = _entities as ({ id: ItemId; deletedAt: string | null } | null)[];
    // To whoever could restore it a deleted item is shown, but nobody finds it.
    return new Set(found.flatMap((item) => (item && item.deletedAt === null ? [item.id] : [])));
  },
});

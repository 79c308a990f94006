import type { CollectionId, ItemId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { all, type Glance, type Look } from '../../../platform/work.ts';
import type { ItemQuery } from '../domain/item-query.ts';
import type { ItemSeen } from '../domain/item.ts';
import type { ListedItem, Ports, Span } from '../domain/ports.ts';
import { notFound, refuseBelow, rolesIn } from './reach-collection.ts';

/** Nobody's role is asked for here: the database shows the caller what their role lets them see, deleted items included, in the one statement that reads. */
export interface SeeItems {
  byIds(viewer: Viewer, ids: readonly ItemId[]): Promise<ItemSeen[]>;
  page(viewer: Viewer, collectionId: CollectionId, span: Span, query: ItemQuery): Promise<ListedItem[]>;
}

export const seeItems = ({ look, glance }: { look: Look<Ports>; glance: Glance<Ports> }): SeeItems => ({
  byIds: (viewer, ids) => glance(viewer, ({ items }) => items.byIds(ids), all(ids)),
  page: (viewer, collectionId, span, query) => {
    if (!query.filter.deleted) return glance(viewer, ({ items }) => items.page(collectionId, span, query));
    // By the role that is read here it is refused: no glance.
    return look(viewer, async (ports) => {
      // An empty list would say that nothing was ever deleted.
      const role = (await rolesIn(viewer, [collectionId], ports))(collectionId);
      if (!role) throw notFound('collectionId');
      refuseBelow(viewer, role, 'EDITOR');
      return ports.items.page(collectionId, span, query);
    });
  },
});

import type { ItemId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Item } from '../domain/item.ts';
import type { Ports } from '../domain/ports.ts';
import { rolesIn } from './reach-collection.ts';
import { atLeast } from '../domain/role.ts';

export interface SeeItems {
  byIds(viewer: Viewer, ids: readonly ItemId[]): Promise<Item[]>;
}

export const seeItems = ({ look }: { look: Look<Ports> }): SeeItems => ({
  byIds: (viewer, ids) => look(viewer, async (ports) => {
    const found = await ports.items.byIds(ids);
    const roleIn = await rolesIn(viewer, [...new Set(found.map(({ collectionId }) => collectionId))], ports);
    // What is deleted is there for those alone who could bring it back.
    return found.filter(({ collectionId, deletedAt }) => {
      const role = roleIn(collectionId);
      return role !== null && (deletedAt === null || atLeast(role, 'EDITOR'));
    });
  }),
});

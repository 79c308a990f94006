import { isId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import { Item, type ItemTerms } from '../domain/item.ts';
import { refuseMoreItems } from '../domain/plan-limits.ts';
import type { Ports } from '../domain/ports.ts';
import { notFound, refuseBelow, rolesIn, tenantOf } from './reach-collection.ts';

export interface CreateItemInput extends ItemTerms { collectionId: string; title: string; body: string }
export type CreateItem = ReturnType<typeof createItem>;

/** The collection is not held: many add to it at once. */
export const createItem = (given: { work: Work<Ports> }) => (viewer: Viewer, { collectionId, ...content }: CreateItemInput): Promise<{ item: Item }> => {
  const tenantId = tenantOf(viewer);
  return given.work(viewer, async (ports) => {
    if (!isId('col', collectionId)) throw notFound('collectionId');
    const [[collection], roleIn, standing] = await Promise.all([ports.collections.byIds([collectionId]), rolesIn(viewer, [collectionId], ports), ports.room.standing(tenantId)]);
    const role = collection && roleIn(collection.id);
    if (!role) throw notFound('collectionId');
    refuseBelow(viewer, role, 'EDITOR');
    refuseMoreItems(standing, 1);
    const item = Item.create({ tenantId, collectionId: collection.id, by: viewer.id, content });
    ports.items.add(item);
    return { item };
  });
};

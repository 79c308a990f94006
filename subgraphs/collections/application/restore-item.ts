import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Item } from '../domain/item.ts';
import { refuseMoreItems } from '../domain/plan-limits.ts';
import type { Ports } from '../domain/ports.ts';
import { holdItem } from './hold-item.ts';

export type RestoreItem = ReturnType<typeof restoreItem>;

/** One that is not deleted stays as it is. */
export const restoreItem = (given: { work: Work<Ports> }) => (viewer: Viewer, { id }: { id: string }): Promise<{ item: Item }> =>
  given.work(viewer, async (ports) => {
    const item = await holdItem(viewer, id, ports);
    if (item.deletedAt) refuseMoreItems(await ports.room.standing(item.tenantId), 1);
    item.restore(viewer.id);
    return { item };
  });

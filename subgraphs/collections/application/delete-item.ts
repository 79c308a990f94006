import type { ItemId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';
import { holdItem } from './hold-item.ts';

export type DeleteItem = ReturnType<typeof deleteItem>;

/** It is kept for a while, for restoreItem. */
export const deleteItem = (given: { work: Work<Ports> }) => (viewer: Viewer, { id }: { id: string }): Promise<{ itemId: ItemId }> =>
  given.work(viewer, async (ports) => {
    const item = await holdItem(viewer, id, ports);
    item.delete(viewer.id);
    return { itemId: item.id };
  });

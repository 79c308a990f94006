import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Item } from '../domain/item.ts';
import type { Ports } from '../domain/ports.ts';
import { holdItem } from './hold-item.ts';

export type RestoreItem = ReturnType<typeof restoreItem>;

/** One that is not deleted stays as it is. */
export const restoreItem = (given: { work: Work<Ports> }) => (viewer: Viewer, { id }: { id: string }): Promise<{ item: Item }> =>
  given.work(viewer, async (ports) => {
    const item = await holdItem(viewer, id, ports);
    item.restore(viewer.id);
    return { item };
  });

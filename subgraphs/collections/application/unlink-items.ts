import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Item } from '../domain/item.ts';
import { kindOf, RELATED } from '../domain/link.ts';
import type { Ports } from '../domain/ports.ts';
import { holdItem } from './hold-item.ts';
import { targetsOf, type LinkItemsInput } from './link-items.ts';

export type UnlinkItems = ReturnType<typeof unlinkItems>;

/** What is not linked stays so. */
export const unlinkItems = (given: { work: Work<Ports> }) => async (viewer: Viewer, input: LinkItemsInput): Promise<{ item: Item }> => {
  const [kind, toIds] = [kindOf(input.kind ?? RELATED), targetsOf(input)];
  return given.work(viewer, async (ports) => {
    const item = await holdItem(viewer, input.fromId, ports, 'fromId');
    const removed = await ports.links.remove(item.id, kind, toIds);
    if (removed.length > 0) item.unlink(kind, removed);
    return { item };
  });
};

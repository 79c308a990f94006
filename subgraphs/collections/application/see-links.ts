import type { ItemId } from '../../../platform/ids.ts';
import { invalidArgument } from '../../../platform/text.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Glance } from '../../../platform/work.ts';
import { DEPTH_MAX, kindOf, walk, type ItemLink } from '../domain/link.ts';
import type { Ports } from '../domain/ports.ts';

export interface SeeLinks { from(viewer: Viewer, ids: readonly ItemId[], given: { kind: string | null; depth: number }): Promise<ReadonlyMap<ItemId, ItemLink[]>> }

/** As many statements as the walk is deep, from however many items it begins. */
export const seeLinks = ({ glance }: { glance: Glance<Ports> }): SeeLinks => ({
  async from(viewer, ids, { kind, depth }) {
    if (depth < 1 || depth > DEPTH_MAX) throw invalidArgument(`depth is from 1 to ${DEPTH_MAX}.`, 'depth');
    const only = kind === null ? null : kindOf(kind, invalidArgument);
    return glance(viewer, ({ links }) => walk(ids, depth, (edge, max) => links.around(edge, only, max)));
  },
});

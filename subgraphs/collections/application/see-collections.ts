import type { CollectionId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { all, type Glance } from '../../../platform/work.ts';
import { viewOf, type CollectionView } from '../domain/collection-view.ts';
import type { Collection } from '../domain/collection.ts';
import type { CollectionFilter, Ports, Span } from '../domain/ports.ts';
import type { CollectionRole } from '../domain/role.ts';
import { memberOf, type CollectionMember } from '../domain/share.ts';
import { pastShares, rolesIn } from './reach-collection.ts';

const TAGS_MAX = 1_000;

export interface SeeCollections {
  byIds(viewer: Viewer, ids: readonly CollectionId[]): Promise<CollectionView[]>;
  page(viewer: Viewer, span: Span, filter: CollectionFilter): Promise<CollectionView[]>;
  itemCounts(viewer: Viewer, ids: readonly CollectionId[]): Promise<ReadonlyMap<CollectionId, number>>;
  tags(viewer: Viewer, ids: readonly CollectionId[]): Promise<ReadonlyMap<CollectionId, string[]>>;
  /** Everybody who has a part, to whoever has one. */
  members(viewer: Viewer, id: CollectionId, span: Span): Promise<CollectionMember[]>;
}

export const seeCollections = ({ glance }: { glance: Glance<Ports> }): SeeCollections => {
  const seen = (found: readonly Collection[], roleIn: (id: CollectionId) => CollectionRole | null): CollectionView[] =>
    found.flatMap((collection) => {
      const role = roleIn(collection.id);
      return role ? [viewOf(collection, role)] : [];
    });
  return {
    byIds: (viewer, ids) => glance(viewer, async (ports) => seen(...await Promise.all([ports.collections.byIds(ids), rolesIn(viewer, ids, ports)])), all(ids)),
    page: (viewer, span, filter) => glance(viewer, async (ports) => {
      const found = await ports.collections.page(span, filter);
      return seen(found, await rolesIn(viewer, found.map(({ id }) => id), ports));
    }),
    itemCounts: (viewer, ids) => glance(viewer, ({ collections }) => collections.itemCounts(ids)),
    tags: (viewer, ids) => glance(viewer, ({ collections }) => collections.tags(ids, TAGS_MAX)),
    // Whoever holds the collection got it under their own rights; who else has a part, their rights do not show.
    members: (viewer, id, span) => glance(pastShares(viewer), async ({ shares }) => (await shares.page(id, span)).map(memberOf)),
  };
};

/** What search follows items by. It asks as itself for what they say, and as the caller for what they reach. */
import type { CollectionId, ItemId } from '../../../platform/ids.ts';
import { invalid } from '../../../platform/text.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';
import type { ToldTruths, WalkedItems } from '../domain/truth.ts';

export const TRUTHS_MAX = 500;

export interface TellTruths {
  of(viewer: Viewer, ids: readonly ItemId[]): Promise<ToldTruths>;
  marks(viewer: Viewer, ids: readonly ItemId[]): Promise<WalkedItems['items']>;
  walk(viewer: Viewer, given: { collectionId: CollectionId | null; after: string | null; first: number }): Promise<WalkedItems>;
  reach(viewer: Viewer): Promise<{ everything: boolean; collectionIds: CollectionId[] }>;
}

/** Always of the primary: what is told must not be older than the event that it is asked for. */
export const tellTruths = ({ look }: { look: Look<Ports> }): TellTruths => ({
  of: (viewer, ids) => look(viewer, ({ truths }) => truths.of(few(ids))),
  marks: (viewer, ids) => look(viewer, ({ truths }) => truths.marks(few(ids))),
  walk(viewer, given) {
    if (given.first < 1 || given.first > TRUTHS_MAX) throw invalid(`From 1 to ${TRUTHS_MAX}.`, 'first');
    return look(viewer, ({ truths }) => truths.walk(given));
  },
  reach: (viewer) => look(viewer, ({ truths }) => truths.reach()),
});

function few(ids: readonly ItemId[]): readonly ItemId[] {
  if (ids.length > TRUTHS_MAX) throw invalid(`At most ${TRUTHS_MAX}.`, 'ids');
  return ids;
}

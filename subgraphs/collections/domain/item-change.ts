/** That something became of an item, as those who follow its collection are told. */
import type { CollectionId, ItemId } from '../../../platform/ids.ts';

export type ItemChangeKind = 'CREATED' | 'UPDATED' | 'DELETED' | 'RESTORED';

/** Where a change stands among all: an event, and which of the items that it tells of. */
export interface ChangePlace {
  position: number;
  /** How many items of this event have been told, this one included; null: all. */
  told: number | null;
}

export interface ItemChange { kind: ItemChangeKind; itemId: ItemId; collectionId: CollectionId; place: ChangePlace }

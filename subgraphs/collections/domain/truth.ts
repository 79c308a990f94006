/** What search is told of items when it asks: all that is said in one, as it is at this moment. */
import type { CollectionId, ItemId } from '../../../platform/ids.ts';
import type { Item } from './item.ts';

export interface ItemTruth extends Pick<Item, 'id' | 'collectionId' | 'title' | 'body' | 'tags' | 'metadata' | 'version' | 'createdBy' | 'createdAt' | 'updatedAt'> {
  /** The text of its attachments. */
  attached: string;
  /** As its collection says it; null when it says nothing. */
  language: string | null;
  /** Another as soon as anything of this is. */
  mark: string;
}
/** Those asked for that are in neither are not there: deleted, cleared away, or in a collection that is. */
export interface ToldTruths {
  items: ItemTruth[];
  /** There, but more than one answer carries: to be asked for again. */
  left: ItemId[];
}
/** A stretch of the way through all live items; `next` is where it goes on, null at the end. */
export interface WalkedItems { items: Pick<ItemTruth, 'id' | 'mark'>[]; next: string | null }

export interface Truths {
  of(ids: readonly ItemId[]): Promise<ToldTruths>;
  /** Of those that are there. */
  marks(ids: readonly ItemId[]): Promise<Pick<ItemTruth, 'id' | 'mark'>[]>;
  walk(given: { collectionId: CollectionId | null; after: string | null; first: number }): Promise<WalkedItems>;
  /** Which collections the caller sees items of. */
  reach(): Promise<{ everything: boolean; collectionIds: CollectionId[] }>;
}

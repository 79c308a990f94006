/** What answers are made from: the items of the tenant, as far as whoever asks may see them at that moment. */
import type { CollectionId, ItemId } from '../../../platform/ids.ts';
import type { Reach } from './reach.ts';

export interface FoundText { readonly id: ItemId; readonly version: number; readonly title: string; readonly body: string; readonly tags: readonly string[]; readonly collectionId: CollectionId }

export interface Knowledge<Caller> {
  /** The best first. */
  find(caller: Caller, asked: { query: string; collectionIds: readonly CollectionId[] | null; first: number }): Promise<ItemId[]>;
  /** In the order of the question; what they may not see is missing. */
  texts(caller: Caller, ids: readonly ItemId[]): Promise<FoundText[]>;
  /** Which of these they may see at this moment. */
  seen(caller: Caller, ids: readonly ItemId[]): Promise<ReadonlySet<ItemId>>;
  /** Those of these that they may see, each with the version that it is at. */
  versions(caller: Caller, ids: readonly ItemId[]): Promise<ReadonlyMap<ItemId, number>>;
  /** What they see at this moment. */
  reach(caller: Caller): Promise<Reach>;
}

/** What is kept of an item: all that it says, as it was heard. Which of two hearings is the newer, their tickets say. */
import type { CollectionId, ItemId } from '../../../platform/ids.ts';
import type { Doc } from './ports.ts';

/** An item as collections tells it. */
export interface Truth extends Pick<Doc, 'title' | 'tags' | 'body' | 'attached' | 'metadata' | 'version' | 'createdBy' | 'createdAt' | 'updatedAt'> {
  readonly id: ItemId;
  readonly collectionId: CollectionId;
  readonly language: string | null;
  /** Another as soon as anything of this is. */
  readonly mark: string;
}

/** What was heard of an item at once: what it says, or that it is not there. */
export interface Heard { readonly itemId: ItemId; readonly truth: Truth | null }
/** What is kept of it so far. */
export interface Kept { readonly itemId: ItemId; readonly ticket: bigint; readonly mark: string; readonly deleted: boolean }

export interface Settled {
  /** To be kept, each under a number of its own. */
  changed: Heard[];
  /** Heard again as they were: only when is new about them. */
  confirmed: ItemId[];
}

/**
 * A ticket is drawn before anybody asks, so whoever has the higher one has asked later, and knows whatever the other does.
 * What comes late with a lower one is dropped; it may not bring back what is gone either, therefore the gone are kept too.
 */
export function settle(heard: readonly Heard[], kept: ReadonlyMap<ItemId, Kept>, ticket: bigint): Settled {
  const settled: Settled = { changed: [], confirmed: [] };
  for (const each of heard) {
    const before = kept.get(each.itemId);
    if (before && before.ticket >= ticket) continue;
    const isSame = before !== undefined && (each.truth ? !before.deleted && before.mark === each.truth.mark : before.deleted);
    if (isSame) settled.confirmed.push(each.itemId);
    else settled.changed.push(each);
  }
  return settled;
}

/** One state that an item was in, or is in. The text is apart: it may be long, and a history is mostly looked through without it. */
import type { ItemId } from '../../../platform/ids.ts';
import type { Item } from './item.ts';

export interface Revision extends Pick<Item, 'title' | 'url' | 'tags' | 'metadata' | 'deletedAt' | 'restoredFrom'> {
  itemId: ItemId;
  version: number;
  /** When it came to be so, and who made it so. */
  at: Date;
  by: string;
}

/** Which state of which item. */
export type RevisionName = Pick<Revision, 'itemId' | 'version'>;

/** A page of one item's history, the newest first: from before this version on. */
export interface RevisionSpan { itemId: ItemId; first: number; before: number | null }

/** What is said of items without anybody having said it, and what keeps it. */
import type { CollectionId, ItemId } from '../../../platform/ids.ts';
import type { Enriched } from './enriching.ts';

/** What an item says, as collections tells this service: whoever may see it is asked when it is shown. */
export interface ItemText { readonly id: ItemId; readonly collectionId: CollectionId; readonly version: number; readonly title: string; readonly body: string }
export interface ItemTexts {
  /** Those that are there; `left` were too much for one answer. */
  of(tenantId: string, ids: readonly ItemId[]): Promise<{ items: ItemText[]; left: ItemId[] }>;
}

export interface Enrichment extends Enriched { readonly itemId: ItemId; readonly collectionId: CollectionId; readonly itemVersion: number }
export interface Enrichments {
  byIds(ids: readonly ItemId[]): Promise<Enrichment[]>;
  /** A newer version of an item stays where an older one comes late. */
  put(all: readonly Enrichment[]): Promise<void>;
  forget(ids: readonly ItemId[]): Promise<void>;
  forgetCollection(id: CollectionId): Promise<void>;
  isOff(): Promise<boolean>;
  /** Off: what there was goes too. */
  switch(to: 'on' | 'off'): Promise<void>;
}

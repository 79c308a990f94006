import type { CollectionId, ItemId, TenantId, UploadId, UserId } from '../../../platform/ids.ts';
import type { Collection } from './collection.ts';
import type { Item } from './item.ts';
import type { Share, Who } from './share.ts';
import type { Upload } from './upload.ts';

/** One page of a list: at most `first + 1` rows after the row with these key values. */
export interface Span { first: number; after: readonly string[] | null }

/** What is read under the caller's rights shows only what they may see; `locked` ones may be changed. */
export interface Collections {
  byIds(ids: readonly CollectionId[]): Promise<Collection[]>;
  locked(id: CollectionId): Promise<Collection | null>;
  /** The newest first. */
  page(span: Span, filter: CollectionFilter): Promise<Collection[]>;
  count(tenantId: TenantId): Promise<number>;
  add(collection: Collection): void;
  /** Live items in each; those that have none are missing. */
  itemCounts(ids: readonly CollectionId[]): Promise<ReadonlyMap<CollectionId, number>>;
  /** In the order of the alphabet, so many at most. */
  tags(ids: readonly CollectionId[], max: number): Promise<ReadonlyMap<CollectionId, string[]>>;
}
export interface CollectionFilter { namePrefix?: string | null; roleAtLeast?: 'VIEWER' | 'EDITOR' | 'OWNER' | null }

export interface Shares {
  /** Those in these collections that are the caller's own or everyone's, as far as the caller sees them. */
  own(ids: readonly CollectionId[], person: UserId | null, everyone: boolean): Promise<Share[]>;
  of(collectionId: CollectionId, who: Who): Promise<Share | null>;
  page(collectionId: CollectionId, span: Span): Promise<Share[]>;
  count(collectionId: CollectionId): Promise<number>;
  add(share: Share): void;
  remove(share: Share): void;
  /** Everything of this person in the tenant. */
  removeOf(tenantId: TenantId, who: UserId): Promise<void>;
}

export interface Items {
  /** Not those whose collection is deleted. */
  byIds(ids: readonly ItemId[]): Promise<Item[]>;
  locked(id: ItemId): Promise<Item | null>;
  add(item: Item): void;
  /** In one statement, past the memory of this work: an import has many. */
  addAll(items: readonly Item[]): Promise<void>;
  /** Live ones, the oldest first, after this one and not made later than then. */
  since(collectionId: CollectionId, given: { after: Pick<Item, 'id' | 'createdAt'> | null; until: Date; first: number }): Promise<Item[]>;
}

export interface Uploads {
  locked(id: UploadId): Promise<Upload | null>;
  /** How many of this caller's wait to be used. */
  openOf(createdBy: string): Promise<number>;
  add(upload: Upload): void;
}

export interface Ports { collections: Collections; shares: Shares; items: Items; uploads: Uploads }

export interface UploadTarget { url: string; method: string; headers: { name: string; value: string }[] }
/** Where files are kept. Never asked within a work, which waits for nobody. */
export interface Files { uploadTarget(upload: Upload): Promise<UploadTarget> }

/** Who belongs to a tenant, which the tenants service knows. */
export interface People { isMember(tenantId: TenantId, userId: UserId): Promise<boolean> }

import type { CollectionId, ItemId, TenantId, UploadId, UserId } from '../../../platform/ids.ts';
import type { Attachments, Clearing } from './attachment-ports.ts';
import type { Collection } from './collection.ts';
import type { ItemQuery } from './item-query.ts';
import type { Item, ItemContent, ItemSeen } from './item.ts';
import type { Link, LinkSeen } from './link.ts';
import type { PlanRoom } from './plan-limits.ts';
import type { Revision, RevisionName, RevisionSpan } from './revision.ts';
import type { Share, Who } from './share.ts';
import type { Truths } from './truth.ts';
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

export type OwnShare = Pick<Share, 'collectionId' | 'role'>;
export interface Shares {
  /** Those in these collections that are the caller's own or everyone's, as far as the caller sees them. */
  own(ids: readonly CollectionId[], person: UserId | null, everyone: boolean): Promise<OwnShare[]>;
  /** Which of these people, or everyone, have a part in which of these collections; a collection that is not there is missing. */
  parts(ids: readonly CollectionId[], people: readonly UserId[]): Promise<ReadonlyMap<CollectionId, ReadonlySet<Who>>>;
  of(collectionId: CollectionId, who: Who): Promise<Share | null>;
  page(collectionId: CollectionId, span: Span): Promise<Share[]>;
  count(collectionId: CollectionId): Promise<number>;
  add(share: Share): void;
  remove(share: Share): void;
  /** Everything of this person in the tenant. */
  removeOf(tenantId: TenantId, who: UserId): Promise<void>;
}

export interface Items {
  /** Not those whose collection is deleted; one that is deleted itself is shown to those alone who could restore it. */
  byIds(ids: readonly ItemId[]): Promise<ItemSeen[]>;
  page(collectionId: CollectionId, span: Span, query: ItemQuery): Promise<ListedItem[]>;
  locked(id: ItemId): Promise<Item | null>;
  add(item: Item): void;
  /** In one statement, past the memory of this work: an import has many. */
  addAll(items: readonly Item[]): Promise<void>;
  /** Live ones, the oldest first, after this one and not made later than then. */
  since(collectionId: CollectionId, given: { after: Pick<Item, 'id' | 'createdAt'> | null; until: Date; first: number }): Promise<Item[]>;
}
/** With where it stands in the list that it is of. */
export interface ListedItem { item: ItemSeen; place: readonly string[] }

/** `texts` are missing where `bytes`, which they have together, are more than was asked for. */
export interface Texts { texts: (string | null)[] | null; bytes: number }
export interface Revisions {
  /** Up to `first + 1` of each, in the order of the question. */
  pages(spans: readonly RevisionSpan[]): Promise<Revision[][]>;
  /** In the order of the question, unless they have more bytes together than that. */
  bodies(which: readonly RevisionName[], bytesMax: number): Promise<Texts>;
  /** The fields that are not as they were before; of the first, those that hold something. */
  changes(which: readonly RevisionName[]): Promise<string[][]>;
  content(itemId: ItemId, version: number): Promise<ItemContent | null>;
}

export interface Links {
  /** Around each of these, as far as the caller sees both ends: `max` of each item in each direction, in the order of kind and id. */
  around(ids: readonly ItemId[], kind: string | null, max: number): Promise<LinkSeen[]>;
  /** That begin at this item, as far as the caller sees where they end. */
  count(fromId: ItemId): Promise<number>;
  /** Those that were not there before. */
  add(links: readonly Link[]): Promise<ItemId[]>;
  /** Those that were there. */
  remove(fromId: ItemId, kind: string, toIds: readonly ItemId[]): Promise<ItemId[]>;
}

export interface Uploads {
  byId(id: UploadId): Promise<Upload | null>;
  locked(id: UploadId): Promise<Upload | null>;
  /** What waits to be used: how many of this caller's, and how many bytes of all in the tenant. Whoever else asks waits until this work is over. */
  openIn(tenantId: TenantId, createdBy: string): Promise<{ mine: number; bytes: number }>;
  add(upload: Upload): void;
}

export interface Ports { collections: Collections; shares: Shares; items: Items; revisions: Revisions; links: Links; uploads: Uploads; attachments: Attachments; clearing: Clearing; truths: Truths; room: PlanRoom }

export interface UploadTarget { url: string; method: string; headers: { name: string; value: string }[] }
/** Where files are kept. Never asked within a work, which waits for nobody. */
export interface Files { uploadTarget(upload: Upload): Promise<UploadTarget> }

/** One who reads along in the log of events. */
export interface Reading { place(): string; stop(): Promise<void> }
/** The log of what every service tells. */
export interface EventLog<Event> {
  /** From now on, or after a place; `gone` is called when something after it is kept no longer. */
  tail(types: readonly string[], handler: (event: Event, place: string) => Promise<void>, after?: string, gone?: () => void): Reading;
}

/** Who belongs to a tenant, which the tenants service knows. */
export interface People { isMember(tenantId: TenantId, userId: UserId): Promise<boolean> }

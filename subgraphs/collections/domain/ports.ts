import type { CollectionId, ItemId, TenantId, UserId } from '../../../platform/ids.ts';
import type { Collection } from './collection.ts';
import type { Item } from './item.ts';
import type { Share, Who } from './share.ts';

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
  /** Not those whose collection is deleted. */
  byIds(ids: readonly ItemId[]): Promise<Item[]>;
  locked(id: ItemId): Promise<Item | null>;
  add(item: Item): void;
}

export interface Ports { collections: Collections; shares: Shares; items: Items }

/** One who reads along in the log of events. */
export interface Reading { place(): string; stop(): Promise<void> }
/** The log of what every service tells. */
export interface EventLog<Event> {
  /** From now on, or after a place; `gone` is called when something after it is kept no longer. */
  tail(types: readonly string[], handler: (event: Event, place: string) => Promise<void>, after?: string, gone?: () => void): Reading;
}

/** Who belongs to a tenant, which the tenants service knows. */
export interface People { isMember(tenantId: TenantId, userId: UserId): Promise<boolean> }

/** What search keeps, and whom it asks. */
import type { CollectionId, Id, ItemId, SavedSearchId, TenantId } from '../../../platform/ids.ts';
import type { Heard, Kept, Truth } from './document.ts';
import type { Doc, Reach } from './ports.ts';
import type { SavedSearch } from './saved-search.ts';

/** The documents of one tenant. */
export interface Documents {
  /** From now on nobody else changes them, until this work ends. */
  hold(): Promise<void>;
  ticket(): Promise<bigint>;
  kept(ids: readonly ItemId[]): Promise<ReadonlyMap<ItemId, Kept>>;
  put(changed: readonly Heard[], ticket: bigint): Promise<void>;
  confirm(ids: readonly ItemId[], ticket: bigint): Promise<void>;
  byIds(ids: readonly ItemId[]): Promise<Doc[]>;
  versions(ids: readonly ItemId[]): Promise<Pick<Doc, 'itemId' | 'version' | 'deleted'>[]>;
  /** Live ones in the order of their ids, of one collection or of all. */
  walk(given: { collectionId: CollectionId | null; after: ItemId | null; first: number }): Promise<Kept[]>;
  /** Live ones, about. */
  count(): Promise<number>;
  /** Live ones that have not changed since, and those that have, live or not. */
  livingUpTo(seq: bigint): Promise<{ count: number; later: ItemId[] }>;
  /** The number of the last change. */
  seq(): Promise<bigint>;
  /** What has changed after this one, in the order of the changes: some of it when it is much, and how far that goes. */
  since(after: bigint): Promise<{ docs: Doc[]; upTo: bigint }>;
  /** Forgets those that say nothing any more, up to this change, long after they were last heard of. */
  forgetGone(upTo: bigint): Promise<void>;
}

/** How far a follower is with the documents of one tenant. */
export interface Stand {
  seq: bigint;
  /** While it is told everything again: how far that has come. */
  anew: bigint | null;
  /** Grows when telling everything again is begun. */
  generation: number;
}
/** Those who keep something of their own of the documents of one tenant: each has a name, and a place in the changes. */
export interface Followers {
  /** Its turn, until it is left or so many seconds have passed; null while somebody else has it. */
  take(name: string, seconds: number): Promise<Stand | null>;
  /** `stand` is what was taken. What was begun anew meanwhile stays begun. */
  leave(name: string, stand: Stand, to: Pick<Stand, 'seq' | 'anew'>): Promise<void>;
  stand(name: string): Promise<Stand>;
  /** From now on it is told everything again; one that is at it goes on. */
  beginAnew(name: string): Promise<void>;
  /** Those whose names begin so, but this one, are followers no more. */
  replace(place: string, name: string): Promise<void>;
  /** It has forgotten what came after this. */
  goBack(name: string, seq: bigint): Promise<void>;
  /** As far as all of these are. */
  passed(names: readonly string[]): Promise<bigint>;
}
/** Of all tenants: those in which this follower has something to do, and all that have documents. */
export interface Due {
  of(follower: string): Promise<TenantId[]>;
  all(): Promise<TenantId[]>;
}

/** Items that could not be heard of. */
export interface Unheard {
  note(ids: readonly ItemId[]): Promise<void>;
  forget(ids: readonly ItemId[]): Promise<void>;
  among(ids: readonly ItemId[]): Promise<ReadonlySet<ItemId>>;
}

/** Which events have had their effect. */
export interface Handled {
  all(eventIds: readonly string[]): Promise<boolean>;
  mark(eventIds: readonly Id<'evt'>[]): Promise<void>;
}

export interface SavedSearches {
  byIds(ids: readonly SavedSearchId[], owner: string): Promise<SavedSearch[]>;
  /** The newest first. */
  page(owner: string, span: { first: number; after: readonly string[] | null }): Promise<SavedSearch[]>;
  count(owner: string): Promise<number>;
  locked(id: SavedSearchId, owner: string): Promise<SavedSearch | null>;
  add(saved: SavedSearch): void;
  remove(saved: SavedSearch): void;
}

export interface Ports { documents: Documents; unheard: Unheard; handled: Handled; savedSearches: SavedSearches; followers: Followers }

/** The collections, asked in search's own name for one tenant. */
export interface Items {
  of(tenantId: TenantId, ids: readonly ItemId[]): Promise<{ items: Truth[]; left: ItemId[] }>;
  walk(tenantId: TenantId, given: { collectionId: CollectionId | null; after: string | null; first: number }): Promise<{ items: Pick<Truth, 'id' | 'mark'>[]; next: string | null }>;
  marks(tenantId: TenantId, ids: readonly ItemId[]): Promise<Pick<Truth, 'id' | 'mark'>[]>;
}

/** The same, asked as whoever asks: what they reach, and which of these they see at this moment. */
export interface Rights<Caller> {
  reach(caller: Caller): Promise<Reach>;
  /** Whether they see this collection. */
  collection(caller: Caller, id: CollectionId): Promise<boolean>;
  seen(caller: Caller, ids: readonly ItemId[]): Promise<ReadonlySet<ItemId>>;
}

/** What search needs of the indexes that it asks. Each follows the documents at its own pace, and every one keeps the same promises. */
import type { CollectionId, ItemId, TenantId } from '../../../platform/ids.ts';
import type { Query } from './query.ts';

/** What a caller may see, as their collections say it now. Nothing an index answers depends on anything outside of it. */
export type Reach = { readonly everything: true } | { readonly everything: false; readonly collectionIds: readonly CollectionId[] };

export type Scalar = string | number | boolean | null;
export type Metadata = Readonly<Record<string, unknown>>;

/** What a document says, as it is indexed. */
export interface Doc {
  readonly tenantId: TenantId;
  readonly itemId: ItemId;
  /** Grows with every change to any document of the tenant; no two have the same. */
  readonly seq: bigint;
  readonly version: number;
  readonly collectionId: CollectionId;
  readonly title: string;
  readonly tags: readonly string[];
  readonly body: string;
  /** The text of its attachments. */
  readonly attached: string;
  /** Such as `en`; one that nobody has a stemmer for is indexed by its words as they are. */
  readonly language: string;
  readonly metadata: Metadata;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** It says nothing any more: whoever follows forgets what it said. */
  readonly deleted: boolean;
}

/** All of them at once; what is missing or empty filters nothing. */
export interface Filter {
  readonly collectionIds?: readonly CollectionId[] | undefined;
  /** Any of these, upper and lower case apart. */
  readonly tags?: readonly string[] | undefined;
  readonly createdBy?: string | undefined;
  /** From then on, and until before. */
  readonly createdAfter?: Date | undefined;
  readonly createdBefore?: Date | undefined;
  /** Fields of its metadata that have exactly this value. */
  readonly metadata?: Readonly<Record<string, Scalar>> | undefined;
}

/** Where a hit stands: the higher score first, and of equals the smaller id. */
export interface Place { readonly score: number; readonly itemId: ItemId }
export interface Hit { readonly itemId: ItemId; readonly version: number; readonly score: number; readonly place: Place }

export type FacetField = 'collection' | 'tag' | 'creator' | 'month';
/** Of all hits, not of the page: the most frequent first, and of equals in the order of their names; `month` is `2026-03`, of its creation in UTC. */
export interface Facet { readonly field: FacetField; readonly values: readonly { readonly value: string; readonly count: number }[] }

export interface Asked {
  readonly tenantId: TenantId;
  readonly reach: Reach;
  readonly query: Query;
  readonly filter: Filter;
  readonly first: number;
  readonly after?: Place | undefined;
  readonly facets: boolean;
}
export interface Found {
  readonly hits: readonly Hit[];
  /** Of all that match, whatever page this is. */
  readonly total: number;
  readonly facets: readonly Facet[];
  readonly hasMore: boolean;
  /** Words that stood in for one that was typed: what it begins, or what it was probably meant to be. To be highlighted too. */
  readonly alike: readonly string[];
  /** Every change up to this one is in the answer; of later ones some may be. */
  readonly upTo: bigint;
  /** Another index answered, for the one that was asked could not, or is too far behind. */
  readonly degraded?: boolean;
}

export interface KeywordIndex {
  readonly name: string;
  /** In the order of their seq; the same twice is once. An index that reads the documents where they are kept has nothing to do here. */
  apply(tenantId: TenantId, docs: readonly Doc[]): Promise<void>;
  find(asked: Asked): Promise<Found>;
  /** Words that begin so and stand in some document within reach, the most frequent first. */
  suggest(asked: { readonly tenantId: TenantId; readonly reach: Reach; readonly prefix: string; readonly first: number }): Promise<string[]>;
  /** Everything of a tenant, before it is told again from the beginning. */
  forget(tenantId: TenantId): Promise<void>;
}

export interface Near { readonly itemId: ItemId; readonly version: number; readonly similarity: number }
export interface VectorIndex {
  readonly name: string;
  apply(tenantId: TenantId, docs: readonly (Pick<Doc, 'itemId' | 'seq' | 'version' | 'collectionId' | 'tags' | 'metadata' | 'createdBy' | 'createdAt' | 'deleted'> & { readonly vector: Float32Array | null })[]): Promise<void>;
  /** The most similar first; of equals the smaller id. */
  nearest(asked: { readonly tenantId: TenantId; readonly reach: Reach; readonly filter: Filter; readonly vector: Float32Array; readonly first: number }): Promise<Near[]>;
  forget(tenantId: TenantId): Promise<void>;
}
/** A text in pieces, each in a language of its own: a document is one, and a question may be read in several. */
export type Said = readonly { readonly text: string; readonly language: string }[];

export interface Embeddings {
  /** Of the model and its version: vectors of two names are never compared. */
  readonly name: string;
  /** Whether a tenant's own documents taught it, those too that a caller does not reach: of a question it is given what stands within reach alone. */
  readonly isLearned: boolean;
  embed(texts: readonly Said[], as: 'document' | 'query', tenantId: TenantId): Promise<Float32Array[]>;
  /** How much its list counts beside that of the words, which counts 1, when both are made one; 0 while it knows no meanings yet. */
  weight(tenantId: TenantId): Promise<number>;
}

type Within = Pick<Asked, 'tenantId' | 'reach'>;
/** What is known of words and documents for certain, whichever index has found them. */
export interface Lexicon {
  /** Those that stand, in any of their forms, in some document within reach: each in the languages of those documents. */
  known(asked: Within & { readonly words: readonly string[] }): Promise<Said>;
  /** Those that have every phrase of a question and nothing that it leaves out. */
  passing(asked: Within & { readonly query: Query; readonly itemIds: readonly ItemId[] }): Promise<ReadonlySet<ItemId>>;
}

/** What a word comes down to in a language, and which words say too little to be asked for. It knows any language, some only by their words. */
export interface Analyzer {
  stem(language: string, word: string): string;
  isStop(language: string, word: string): boolean;
}

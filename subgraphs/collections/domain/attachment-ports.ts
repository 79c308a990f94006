import type { AttachmentId, ItemId, TenantId } from '../../../platform/ids.ts';
import type { Arrived, Attachment } from './attachment.ts';
import type { Gone } from './purged.ts';
import type { Bytes } from './transfer.ts';
import type { Upload } from './upload.ts';

type ObjectKey = Upload['objectKey'];

/** A page of one item's, in the order in which they were attached. */
export interface AttachmentSpan { itemId: ItemId; first: number; after: string | null }
/** A part of a text, in code points. */
export interface TextSpan { id: AttachmentId; from: number; length: number }

export interface Attachments {
  /** Not those whose item or collection the caller does not see any more. */
  byIds(ids: readonly AttachmentId[]): Promise<Attachment[]>;
  /** Up to `first + 1` of each, in the order of the question. */
  pages(spans: readonly AttachmentSpan[]): Promise<Attachment[][]>;
  texts(spans: readonly TextSpan[]): Promise<(string | null)[]>;
  sumOf(itemId: ItemId): Promise<{ count: number; bytes: number }>;
  locked(id: AttachmentId): Promise<Attachment | null>;
  add(attachment: Attachment): void;
  /** Its file is unwanted from then on. */
  remove(attachment: Attachment): void;
  keepText(attachment: Attachment, text: string): Promise<void>;
}

/** What is past its time in a tenant. Each clears so many at most and says how many it were; 0: there is no more of it. */
export interface Clearing {
  /** Deleted for long enough, with all that hangs on them. */
  items(max: number): Promise<Gone[]>;
  /** Everything in one collection that was deleted for long enough. */
  itemsOfCollections(max: number): Promise<Gone[]>;
  /** Those in which nothing is left. */
  collections(max: number): Promise<number>;
  uploads(max: number): Promise<number>;
  /** Files that nothing stands for any more, or whose own time is over: they are listed until the store has let go of them. */
  unwanted(max: number): Promise<ObjectKey[]>;
  /** Off the list: they are gone, or something stands for them from now on. */
  forget(keys: readonly ObjectKey[]): Promise<void>;
}

/** The tenants in which anything of that is due. */
export type DueTenants = () => Promise<TenantId[]>;

/** The bytes of attachments. */
export interface AttachedFiles {
  arrived(key: ObjectKey): Promise<Arrived | null>;
  read(key: ObjectKey): Promise<Bytes>;
  /** For whoever has it, until it expires. */
  downloadUrl(file: Pick<Attachment, 'objectKey' | 'name' | 'type'>, expiresAt: Date): Promise<string>;
  remove(key: ObjectKey): Promise<void>;
}

import { Aggregate } from '../../../platform/aggregate.ts';
import { AtlasError, type ErrorCode } from '../../../platform/errors.ts';
import { newId, type AttachmentId, type CollectionId, type ItemId, type TenantId } from '../../../platform/ids.ts';
import { attachmentAdded, attachmentRead, attachmentRemoved } from '../events.ts';
import type { Item } from './item.ts';
import type { ExtractedText } from './transfer.ts';
import { bytesUsed } from './usage.ts';
import { fileNameOf, notArrived, type Upload } from './upload.ts';

const PER_ITEM_MAX = 100;
const BYTES_PER_ITEM_MAX = 1_024 * 1_048_576;
export const TEXT_BYTES_MAX = 1_048_576;

/** The kind of job that takes the text out of one, asked for once under the attachment's id. */
export const READING = 'collections.extract-text';

/** NONE: no text is taken from files of its type. */
export type TextState = 'PENDING' | 'READY' | 'NONE' | 'FAILED';
/** What the store says has really arrived. */
export interface Arrived { bytes: number; sha256: string; type: string }

/** A file that belongs to an item. Its bytes are in the store; its text, once it is read, is kept apart. */
export class Attachment extends Aggregate {
  readonly id: AttachmentId;
  readonly tenantId: TenantId;
  readonly collectionId: CollectionId;
  readonly itemId: ItemId;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly objectKey: Upload['objectKey'];
  readonly createdAt: Date;
  /** A person or a key. */
  readonly createdBy: string;
  textState: TextState;
  /** Of the text that is kept, in code points. */
  textCharacters: number | null;
  textTruncated: boolean;
  textCode: ErrorCode | null;
  textReason: string | null;

  private constructor(item: Item, upload: Upload, given: { name: string; sha256: string; by: string; isReadable: boolean }) {
    super();
    this.id = newId('att');
    this.tenantId = item.tenantId;
    this.collectionId = item.collectionId;
    this.itemId = item.id;
    this.name = given.name;
    this.type = upload.type;
    this.bytes = upload.bytes;
    this.sha256 = given.sha256;
    this.objectKey = upload.objectKey;
    this.createdAt = new Date();
    this.createdBy = given.by;
    this.textState = given.isReadable ? 'PENDING' : 'NONE';
    this.textCharacters = null;
    this.textTruncated = false;
    this.textCode = null;
    this.textReason = null;
  }

  /** Uses the upload up. What has arrived is compared with what was announced: a store need not have done so. */
  static of(item: Item, upload: Upload, given: { arrived: Arrived | null; name?: string | null | undefined; by: string; isReadable: boolean }): Attachment {
    upload.use(given.by, 'ATTACHMENT');
    const { arrived } = given;
    if (!arrived) throw notArrived();
    if (arrived.bytes !== upload.bytes) throw differs(`${arrived.bytes} bytes have arrived, and ${upload.bytes} were announced.`);
    if (upload.sha256 !== null && arrived.sha256 !== upload.sha256) throw differs('What has arrived has another SHA-256 than was announced.');
    const attachment = new Attachment(item, upload, { ...given, name: given.name == null ? upload.name : fileNameOf(given.name), sha256: arrived.sha256 });
    attachment.record(attachmentAdded({ ...attachment.facts(), type: attachment.type, bytes: attachment.bytes }, { audit: attachment.audit(undefined, attachment.said()), usage: [bytesUsed(attachment, attachment.bytes)] }));
    return attachment;
  }

  remove(): void {
    this.record(attachmentRemoved(this.facts(), { audit: this.audit(this.said(), undefined), usage: [bytesUsed(this, -this.bytes)] }));
  }

  /** False: it has its text already. */
  wantsText(): boolean { return this.textState === 'PENDING' || this.textState === 'FAILED'; }

  read({ text, truncated }: ExtractedText): void {
    this.textState = 'READY';
    this.textCharacters = [...text].length;
    this.textTruncated = truncated;
    this.textCode = null;
    this.textReason = null;
    this.record(attachmentRead({ ...this.facts(), characters: this.textCharacters, truncated }));
  }

  unreadable({ code, message }: { code: ErrorCode; message: string }): void {
    this.textState = 'FAILED';
    this.textCode = code;
    this.textReason = message;
  }

  private facts() { return { collectionId: this.collectionId, itemId: this.itemId, attachmentId: this.id, name: this.name }; }
  private said() { return { itemId: this.itemId, name: this.name, type: this.type, bytes: this.bytes, sha256: this.sha256 }; }
  private audit(before: unknown, after: unknown) { return { entityType: 'Attachment', entityId: this.id, before, after }; }
}

const differs = (sentence: string): AtlasError => new AtlasError('INVALID_INPUT', sentence, { path: ['input', 'uploadId'] });

/** Of one item, before another is added. */
export function refuseTooMany(had: { count: number; bytes: number }, bytes: number): void {
  if (had.count >= PER_ITEM_MAX) throw new AtlasError('LIMIT_REACHED', `An item has at most ${PER_ITEM_MAX} attachments.`);
  if (had.bytes + bytes > BYTES_PER_ITEM_MAX) throw new AtlasError('LIMIT_REACHED', `The attachments of an item have at most ${BYTES_PER_ITEM_MAX} bytes together.`);
}

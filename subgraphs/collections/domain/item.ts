import { Aggregate } from '../../../platform/aggregate.ts';
import { AtlasError } from '../../../platform/errors.ts';
import { newId, type CollectionId, type ItemId, type TenantId } from '../../../platform/ids.ts';
import { invalid, lineOf } from '../../../platform/text.ts';
import { itemCreated, itemDeleted, itemRestored, itemsLinked, itemsUnlinked, itemUpdated } from '../events.ts';
import { jsonOf, type Json } from './json.ts';
import { itemsUsed } from './usage.ts';
import { bytesOf, tagsOf, textOf, urlOf } from './words.ts';

const TITLE_MAX = 500;
export const BODY_BYTES_MAX = 1_048_576;
const METADATA_BYTES_MAX = 65_536;

/** What an item says. */
export interface ItemContent { title: string; body: string; url: string | null; tags: string[]; metadata: Json }
/** What may be changed about it; what is undefined stays. */
export interface ItemTerms { title?: string | null | undefined; body?: string | null | undefined; url?: string | null | undefined; tags?: readonly string[] | null | undefined; metadata?: Json | null | undefined }

const FIELDS = ['title', 'body', 'url', 'tags', 'metadata'] as const;

/** As it is read: a long text stays where it is (null) until somebody asks for it. */
export type ItemSeen = Omit<Item, 'body'> & { readonly body: string | null };

export class Item extends Aggregate implements ItemContent {
  readonly id: ItemId;
  readonly tenantId: TenantId;
  readonly collectionId: CollectionId;
  title: string;
  body: string;
  url: string | null;
  tags: string[];
  metadata: Json;
  readonly createdAt: Date;
  updatedAt: Date;
  /** A person, a key or a service. */
  readonly createdBy: string;
  updatedBy: string;
  deletedAt: Date | null;
  /** The revision that this one brought back, when it did. */
  restoredFrom: number | null;

  private constructor(given: { tenantId: TenantId; collectionId: CollectionId; by: string }) {
    super();
    this.id = newId('itm');
    this.tenantId = given.tenantId;
    this.collectionId = given.collectionId;
    this.title = '';
    this.body = '';
    this.url = null;
    this.tags = [];
    this.metadata = {};
    this.createdAt = new Date();
    this.updatedAt = this.createdAt;
    this.createdBy = given.by;
    this.updatedBy = given.by;
    this.deletedAt = null;
    this.restoredFrom = null;
  }

  static create(given: { tenantId: TenantId; collectionId: CollectionId; by: string; content: ItemTerms & { title: string; body: string } }): Item {
    const item = new Item(given);
    item.apply(given.content);
    item.record(itemCreated(item.facts(1), { audit: item.audit(undefined, item.said()), usage: [itemsUsed(item, 1)] }));
    return item;
  }

  /** One of many: it is told by its collection, together with the others. */
  static imported(given: { tenantId: TenantId; collectionId: CollectionId; by: string; content: ItemTerms & { title: string; body: string } }): Item {
    const item = new Item(given);
    item.apply(given.content);
    return item;
  }

  /** The version is what its author has read: somebody else's later change is never written over. */
  update(terms: ItemTerms, given: { by: string; expectedVersion: number; restoredFrom?: number }): void {
    if (this.version !== given.expectedVersion) throw new AtlasError('VERSION_CONFLICT', `It is at version ${this.version} now, not ${given.expectedVersion}; read it again.`, { path: ['input', 'expectedVersion'] });
    this.refuseDeleted();
    const before = this.content();
    this.apply(terms);
    const now = this.content();
    const changed = FIELDS.filter((field) => JSON.stringify(now[field]) !== JSON.stringify(before[field]));
    if (changed.length === 0) return;
    this.touch(given.by, given.restoredFrom ?? null);
    this.record(itemUpdated({ ...this.facts(this.version + 1), changed }, { audit: this.audit(saidOf(before), this.said()) }));
  }

  delete(by: string): void {
    this.refuseDeleted();
    this.touch(by, null);
    this.deletedAt = this.updatedAt;
    this.record(itemDeleted(this.facts(this.version + 1), { audit: this.audit(this.said(), undefined), usage: [itemsUsed(this, -1)] }));
  }

  restore(by: string): void {
    if (this.deletedAt === null) return;
    this.touch(by, null);
    this.deletedAt = null;
    this.record(itemRestored(this.facts(this.version + 1), { audit: this.audit(undefined, this.said()), usage: [itemsUsed(this, 1)] }));
  }

  /** Links are no part of what it says: they leave its version as it is. */
  link(kind: string, toIds: readonly ItemId[]): void {
    this.record(itemsLinked(this.linked(kind, toIds), { audit: this.audit(undefined, { kind, toIds }) }));
  }
  unlink(kind: string, toIds: readonly ItemId[]): void {
    this.record(itemsUnlinked(this.linked(kind, toIds), { audit: this.audit({ kind, toIds }, undefined) }));
  }

  refuseDeleted(path = 'id'): void {
    if (this.deletedAt !== null) throw new AtlasError('NOT_FOUND', 'This item is deleted; restoreItem brings it back.', { path: ['input', path] });
  }

  content(): ItemContent {
    const { title, body, url, tags, metadata } = this;
    return { title, body, url, tags, metadata };
  }

  private touch(by: string, restoredFrom: number | null): void {
    // Never as of before: pages and windows go by it.
    this.updatedAt = new Date(Math.max(Date.now(), this.updatedAt.getTime() + 1));
    this.updatedBy = by;
    this.restoredFrom = restoredFrom;
  }
  private apply({ title, body, url, tags, metadata }: ItemTerms): void {
    if (title === null || body === null) throw invalid('An item has a title and a body, be it empty.', title === null ? 'title' : 'body');
    if (title !== undefined) this.title = lineOf(title, 'title', TITLE_MAX);
    if (body !== undefined) this.body = textOf(body, 'body', { bytesMax: BODY_BYTES_MAX });
    if (url !== undefined) this.url = url === null || url.trim() === '' ? null : urlOf(url);
    if (tags !== undefined) this.tags = tagsOf(tags ?? []);
    if (metadata !== undefined) this.metadata = jsonOf(metadata ?? {}, 'metadata', METADATA_BYTES_MAX);
  }
  private facts(version: number) { return { collectionId: this.collectionId, itemId: this.id, title: this.title, version }; }
  private linked(kind: string, toIds: readonly ItemId[]) { return { collectionId: this.collectionId, itemId: this.id, kind, toIds: [...toIds] }; }
  private said() { return saidOf(this.content()); }
  private audit(before: unknown, after: unknown) { return { entityType: 'Item', entityId: this.id, before, after }; }
}

/** For the trail: what it said, but of a long text only how long it was. The text itself stands in its revisions. */
const saidOf = ({ title, body, url, tags, metadata }: ItemContent) => ({ title, bodyBytes: bytesOf(body), url, tags, metadata });

import { Aggregate } from '../../../platform/aggregate.ts';
import { newId, type CollectionId, type ItemId, type JobId, type TenantId } from '../../../platform/ids.ts';
import { invalid, lineOf } from '../../../platform/text.ts';
import { collectionCreated, collectionDeleted, collectionShared, collectionUnshared, collectionUpdated, itemsImported } from '../events.ts';
import { jsonOf, type Json } from './json.ts';
import type { CollectionRole } from './role.ts';
import { EVERYONE, Share, type Who } from './share.ts';
import { itemsUsed } from './usage.ts';
import { textOf } from './words.ts';

const NAME_MAX = 200;
const DESCRIPTION_MAX = 5_000;
const SETTINGS_BYTES_MAX = 16_384;

/** What may be changed about a collection; what is undefined stays. */
export interface CollectionTerms { name?: string | null | undefined; description?: string | null | undefined; settings?: Json | undefined }

export class Collection extends Aggregate {
  readonly id: CollectionId;
  readonly tenantId: TenantId;
  name: string;
  description: string | null;
  settings: Json;
  readonly createdAt: Date;
  updatedAt: Date;
  /** A person or a key. */
  readonly createdBy: string;
  deletedAt: Date | null;

  private constructor(given: { tenantId: TenantId; by: string }) {
    super();
    this.id = newId('col');
    this.tenantId = given.tenantId;
    this.name = '';
    this.description = null;
    this.settings = {};
    this.createdAt = new Date();
    this.updatedAt = this.createdAt;
    this.createdBy = given.by;
    this.deletedAt = null;
  }

  static create(given: { tenantId: TenantId; by: string; terms: CollectionTerms & { name: string } }): Collection {
    const collection = new Collection(given);
    collection.apply(given.terms);
    collection.record(collectionCreated({ collectionId: collection.id, name: collection.name }, { audit: collection.audit(undefined, collection.facts()) }));
    return collection;
  }

  update(terms: CollectionTerms): void {
    const before = this.facts();
    this.apply(terms);
    if (JSON.stringify(before) === JSON.stringify(this.facts())) return;
    this.updatedAt = new Date();
    this.record(collectionUpdated({ collectionId: this.id, name: this.name }, { audit: this.audit(before, this.facts()) }));
  }

  /** It is out of sight at once, with everything in it, and is cleared away later. */
  delete(): void {
    this.deletedAt = new Date();
    this.updatedAt = this.deletedAt;
    this.record(collectionDeleted({ collectionId: this.id, name: this.name }, { audit: this.audit(this.facts(), undefined) }));
  }

  /** It is as it was: many may bring something into it at once. */
  tellImported(jobId: JobId, itemIds: readonly ItemId[], by: string): void {
    this.record(itemsImported({ collectionId: this.id, jobId, itemIds: [...itemIds] }, { audit: this.audit(undefined, { items: itemIds.length }), usage: [itemsUsed({ collectionId: this.id, createdBy: by }, itemIds.length)] }));
  }

  /** Gives somebody a part, or changes the one they have. */
  share(who: Who, role: CollectionRole, existing: Share | null): Share {
    const before = existing?.role;
    const share = existing ?? new Share({ tenantId: this.tenantId, collectionId: this.id, who, role });
    share.role = role;
    if (before === role) return share;
    this.updatedAt = new Date(); // the version grows, by which its events are put in order
    this.record(collectionShared({ collectionId: this.id, userId: personIn(who), role }, { audit: ofMember(who, before && { role: before }, { role }) }));
    return share;
  }

  unshare(share: Share): void {
    this.updatedAt = new Date();
    this.record(collectionUnshared({ collectionId: this.id, userId: personIn(share.who) }, { audit: ofMember(share.who, { role: share.role }, undefined) }));
  }

  private apply({ name, description, settings }: CollectionTerms): void {
    if (name === null) throw invalid('A collection has a name.', 'name');
    if (name !== undefined) this.name = lineOf(name, 'name', NAME_MAX);
    if (description !== undefined) this.description = description === null ? null : textOf(description, 'description', { charactersMax: DESCRIPTION_MAX }) || null;
    if (settings !== undefined) this.settings = jsonOf(settings, 'settings', SETTINGS_BYTES_MAX);
  }
  private facts() { return { name: this.name, description: this.description, settings: this.settings }; }
  private audit(before: unknown, after: unknown) { return { entityType: 'Collection', entityId: this.id, before, after }; }
}

const personIn = (who: Who) => (who === EVERYONE ? null : who);
const ofMember = (who: Who, before: unknown, after: unknown) => ({ entityType: 'CollectionMember', entityId: who, before, after });

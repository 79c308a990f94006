import { LockMode } from '@mikro-orm/postgresql';
import type { Ground } from '../../../platform/database/statement.ts';
import type { CollectionId, ItemId } from '../../../platform/ids.ts';
import type { ItemQuery } from '../domain/item-query.ts';
import { Item, type ItemSeen } from '../domain/item.ts';
import type { Items, ListedItem, Span } from '../domain/ports.ts';
import { itemPage, SEEN_COLUMNS, tagCounts, WHOLE_COLUMNS } from './item-page.ts';

interface ItemRow {
  id: string; tenant_id: string; collection_id: string; title: string; body: string | null; url: string | null; tags: string[]; metadata: object; created_at: string; updated_at: string;
  created_by: string; updated_by: string; deleted_at: string | null; restored_from: number | null; version: number; title_key?: string;
}

export class PostgresItems implements Items {
  constructor(private readonly on: Ground) {}
  async byIds(ids: readonly ItemId[]): Promise<ItemSeen[]> {
    const rows = await this.on.rows<ItemRow>({
      name: 'items by id',
      text: `SELECT ${SEEN_COLUMNS} FROM collections.item i WHERE i.id = ANY (?::text[]) AND EXISTS (SELECT 1 FROM collections.collection c WHERE c.id = i.collection_id AND c.deleted_at IS NULL)`,
      values: [ids],
    });
    return rows.map(itemOf);
  }
  async page(collectionId: CollectionId, span: Span, query: ItemQuery): Promise<ListedItem[]> {
    const { tagsAny, tagsAll } = query.filter;
    const rare = tagsAny?.length || tagsAll?.length ? await this.on.rows<{ tag: string }>(tagCounts(collectionId, query.filter)) : [];
    const rows = await this.on.rows<ItemRow>(itemPage(collectionId, span, query, new Set(rare.map(({ tag }) => tag))));
    return rows.map((row) => {
      const item = itemOf(row);
      const key = { CREATED_AT: () => item.createdAt.toISOString(), UPDATED_AT: () => item.updatedAt.toISOString(), TITLE: () => row.title_key! }[query.order.field]();
      return { item, place: [key, item.id] };
    });
  }
  locked(id: ItemId): Promise<Item | null> {
    return this.on.em.findOne(Item, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
  add(item: Item): void {
    this.on.em.persist(item);
  }
  async addAll(items: readonly Item[]): Promise<void> {
    if (items.length === 0) return;
    // One parameter for all: a thousand would cost more to bind than the rows to write.
    await this.on.em.execute(
      `INSERT INTO collections.item (id, tenant_id, collection_id, title, body, url, tags, metadata, created_at, updated_at, created_by, updated_by, version)
       SELECT r.id, r."tenantId", r."collectionId", r.title, r.body, r.url, ARRAY(SELECT json_array_elements_text(r.tags)), r.metadata, r."createdAt", r."updatedAt", r."createdBy", r."updatedBy", 1
       FROM json_to_recordset(?::json) AS r (id text, "tenantId" text, "collectionId" text, title text, body text, url text, tags json, metadata jsonb, "createdAt" timestamptz, "updatedAt" timestamptz, "createdBy" text, "updatedBy" text)`,
      [JSON.stringify(items)], 'run');
  }
  async since(collectionId: CollectionId, { after, until, first }: Parameters<Items['since']>[1]): Promise<Item[]> {
    const rows = await this.on.rows<ItemRow>({
      text: `SELECT ${WHOLE_COLUMNS} FROM collections.item i WHERE i.collection_id = ? AND i.deleted_at IS NULL AND i.created_at <= ?::timestamptz${after ? ' AND (i.created_at, i.id) > (?::timestamptz, ?)' : ''} ORDER BY i.created_at, i.id LIMIT ?`,
      values: [collectionId, until.toISOString(), ...(after ? [after.createdAt.toISOString(), after.id] : []), first],
    });
    return rows.map(itemOf) as Item[];
  }
}

/** For reading: unlike what `locked` gives, nobody watches it for changes. Its fields are its own, or each would pass through what the ORM watches by. */
const itemOf = (row: ItemRow): ItemSeen => ({
  __proto__: Item.prototype,
  id: row.id, tenantId: row.tenant_id, collectionId: row.collection_id, title: row.title, body: row.body, url: row.url, tags: row.tags, metadata: row.metadata,
  createdAt: new Date(row.created_at), updatedAt: new Date(row.updated_at), createdBy: row.created_by, updatedBy: row.updated_by,
  deletedAt: row.deleted_at === null ? null : new Date(row.deleted_at), restoredFrom: row.restored_from, version: row.version,
}) as unknown as ItemSeen;

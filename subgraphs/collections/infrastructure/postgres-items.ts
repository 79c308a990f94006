import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import type { CollectionId, ItemId } from '../../../platform/ids.ts';
import type { ItemQuery } from '../domain/item-query.ts';
import { Item } from '../domain/item.ts';
import type { Items, ListedItem, Span } from '../domain/ports.ts';
import { ITEM_COLUMNS, itemPage, tagCounts } from './item-page.ts';
import { rowsOf } from './statement.ts';

export interface ItemRow {
  id: string; tenant_id: string; collection_id: string; title: string; body: string; url: string | null; tags: string[]; metadata: object; created_at: string; updated_at: string;
  created_by: string; updated_by: string; deleted_at: string | null; restored_from: number | null; version: number; title_key?: string;
}

export class PostgresItems implements Items {
  constructor(private readonly em: EntityManager) {}
  async byIds(ids: readonly ItemId[]): Promise<Item[]> {
    const rows = await rowsOf<ItemRow>(this.em, {
      name: 'items by id',
      text: `SELECT ${ITEM_COLUMNS} FROM collections.item i WHERE i.id = ANY (?::text[]) AND EXISTS (SELECT 1 FROM collections.collection c WHERE c.id = i.collection_id AND c.deleted_at IS NULL)`,
      values: [ids],
    });
    return rows.map(itemOf);
  }
  async page(collectionId: CollectionId, span: Span, query: ItemQuery): Promise<ListedItem[]> {
    const { tagsAny, tagsAll } = query.filter;
    const rare = tagsAny?.length || tagsAll?.length ? await rowsOf<{ tag: string }>(this.em, tagCounts(collectionId, query.filter)) : [];
    const rows = await rowsOf<ItemRow>(this.em, itemPage(collectionId, span, query, new Set(rare.map(({ tag }) => tag))));
    return rows.map((row) => {
      const item = itemOf(row);
      const key = { CREATED_AT: () => item.createdAt.toISOString(), UPDATED_AT: () => item.updatedAt.toISOString(), TITLE: () => row.title_key! }[query.order.field]();
      return { item, place: [key, item.id] };
    });
  }
  locked(id: ItemId): Promise<Item | null> {
    return this.em.findOne(Item, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
  add(item: Item): void {
    this.em.persist(item);
  }
}

/** For reading: unlike what `locked` gives, nobody watches it for changes. */
const itemOf = (row: ItemRow): Item => Object.assign(Object.create(Item.prototype) as Item, {
  id: row.id, tenantId: row.tenant_id, collectionId: row.collection_id, title: row.title, body: row.body, url: row.url, tags: row.tags, metadata: row.metadata,
  createdAt: new Date(row.created_at), updatedAt: new Date(row.updated_at), createdBy: row.created_by, updatedBy: row.updated_by,
  deletedAt: row.deleted_at === null ? null : new Date(row.deleted_at), restoredFrom: row.restored_from, version: row.version,
});

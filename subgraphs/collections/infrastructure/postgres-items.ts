import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import type { CollectionId, ItemId } from '../../../platform/ids.ts';
import { Item } from '../domain/item.ts';
import type { Items } from '../domain/ports.ts';
import { asArray } from './postgres-collections.ts';

export class PostgresItems implements Items {
  constructor(private readonly em: EntityManager) {}
  async byIds(ids: readonly ItemId[]): Promise<Item[]> {
    const rows = await this.em.execute<Record<string, unknown>[]>(
      `SELECT i.* FROM collections.item i WHERE i.id = ANY (?) AND EXISTS (SELECT 1 FROM collections.collection c WHERE c.id = i.collection_id AND c.deleted_at IS NULL)`, [asArray(ids)]);
    return rows.map((row) => this.em.map(Item, row as never));
  }
  locked(id: ItemId): Promise<Item | null> {
    return this.em.findOne(Item, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
  add(item: Item): void {
    this.em.persist(item);
  }
  async addAll(items: readonly Item[]): Promise<void> {
    if (items.length === 0) return;
    // One parameter for all: a thousand would cost more to bind than the rows to write.
    await this.em.execute(
      `INSERT INTO collections.item (id, tenant_id, collection_id, title, body, url, tags, metadata, created_at, updated_at, created_by, updated_by, version)
       SELECT r.id, r."tenantId", r."collectionId", r.title, r.body, r.url, ARRAY(SELECT json_array_elements_text(r.tags)), r.metadata, r."createdAt", r."updatedAt", r."createdBy", r."updatedBy", 1
       FROM json_to_recordset(?::json) AS r (id text, "tenantId" text, "collectionId" text, title text, body text, url text, tags json, metadata jsonb, "createdAt" timestamptz, "updatedAt" timestamptz, "createdBy" text, "updatedBy" text)`,
      [JSON.stringify(items)], 'run');
  }
  async since(collectionId: CollectionId, { after, until, first }: Parameters<Items['since']>[1]): Promise<Item[]> {
    const rows = await this.em.execute<Record<string, unknown>[]>(
      `SELECT * FROM collections.item WHERE collection_id = ? AND deleted_at IS NULL AND created_at <= ?${after ? ' AND (created_at, id) > (?, ?)' : ''} ORDER BY created_at, id LIMIT ?`,
      [collectionId, until, ...(after ? [after.createdAt, after.id] : []), first]);
    return rows.map((row) => this.em.map(Item, row as never));
  }
}

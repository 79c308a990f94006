import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import type { ItemId } from '../../../platform/ids.ts';
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
}

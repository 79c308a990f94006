import { LockMode, type EntityManager, type FilterQuery } from '@mikro-orm/postgresql';
import type { CollectionId, TenantId } from '../../../platform/ids.ts';
import { Collection } from '../domain/collection.ts';
import type { CollectionFilter, Collections, Span } from '../domain/ports.ts';

/** No tenant is named: row-level security shows of one tenant what is shared with the caller. */
export class PostgresCollections implements Collections {
  constructor(private readonly em: EntityManager) {}
  byIds(ids: readonly CollectionId[]): Promise<Collection[]> {
    return this.em.find(Collection, { id: { $in: [...ids] }, deletedAt: null });
  }
  locked(id: CollectionId): Promise<Collection | null> {
    return this.em.findOne(Collection, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
  async page({ first, after }: Span, { namePrefix, roleAtLeast }: CollectionFilter): Promise<Collection[]> {
    const [id] = after ?? [];
    const where: FilterQuery<Collection>[] = [{ deletedAt: null }, ...(id ? [{ id: { $lt: id as CollectionId } }] : [])];
    if (namePrefix) where.push({ name: { $ilike: `${namePrefix.replace(/[\\%_]/g, '\\$&')}%` } });
    if (roleAtLeast && roleAtLeast !== 'VIEWER') {
      const [row] = await this.em.execute<{ everything: boolean; reached: CollectionId[] }[]>('SELECT collections.reaches_all(?) AS everything, collections.reached(?) AS reached', [roleAtLeast, roleAtLeast]);
      if (!row!.everything) where.push({ id: { $in: row!.reached } });
    }
    return this.em.find(Collection, { $and: where }, { orderBy: { id: 'DESC' }, limit: first + 1 });
  }
  count(tenantId: TenantId): Promise<number> {
    return this.em.count(Collection, { tenantId, deletedAt: null });
  }
  add(collection: Collection): void {
    this.em.persist(collection);
  }
  async itemCounts(ids: readonly CollectionId[]): Promise<Map<CollectionId, number>> {
    const rows = await this.em.execute<{ id: CollectionId; items: string }[]>(
      'SELECT collection_id AS id, sum(items) AS items FROM collections.tally WHERE collection_id = ANY (?) GROUP BY collection_id', [asArray(ids)]);
    return new Map(rows.map(({ id, items }) => [id, Number(items)]));
  }
  /** From tag to tag through the index, never through all that carry one. */
  async tags(ids: readonly CollectionId[], max: number): Promise<Map<CollectionId, string[]>> {
    const rows = await this.em.execute<{ id: CollectionId; tags: string[] }[]>(
      `SELECT c.id, ARRAY(
         WITH RECURSIVE step AS (
           (SELECT tag FROM collections.item_tag WHERE tenant_id = c.tenant_id AND collection_id = c.id ORDER BY tag LIMIT 1)
           UNION ALL
           SELECT (SELECT t.tag FROM collections.item_tag t WHERE t.tenant_id = c.tenant_id AND t.collection_id = c.id AND t.tag > step.tag ORDER BY t.tag LIMIT 1) FROM step WHERE step.tag IS NOT NULL
         ) SELECT tag FROM step WHERE tag IS NOT NULL LIMIT ?) AS tags
       FROM collections.collection c WHERE c.id = ANY (?)`, [max, asArray(ids)]);
    return new Map(rows.map(({ id, tags }) => [id, tags]));
  }
}

/** An array as the database writes it: the ORM would spread it over as many parameters. */
export const asArray = (ids: readonly string[]): string => `{${ids.join(',')}}`;

import { LockMode, type EntityManager, type FilterQuery } from '@mikro-orm/postgresql';
import type { CollectionId, TenantId } from '../../../platform/ids.ts';
import { Collection } from '../domain/collection.ts';
import type { Json } from '../domain/json.ts';
import type { CollectionFilter, Collections, Span } from '../domain/ports.ts';
import { rowsOf } from './statement.ts';

interface CollectionRow { id: CollectionId; tenant_id: TenantId; name: string; description: string | null; settings: Json; created_at: string; updated_at: string; created_by: string; deleted_at: null; version: number }

/** No tenant is named: row-level security shows of one tenant what is shared with the caller. */
export class PostgresCollections implements Collections {
  constructor(private readonly em: EntityManager) {}
  async byIds(ids: readonly CollectionId[]): Promise<Collection[]> {
    const rows = await rowsOf<CollectionRow>(this.em, {
      name: 'collections by id',
      text: 'SELECT id, tenant_id, name, description, settings, created_at, updated_at, created_by, deleted_at, version FROM collections.collection WHERE id = ANY (?::text[]) AND deleted_at IS NULL',
      values: [ids],
    });
    return rows.map(collectionOf);
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

/** For reading: unlike what `locked` gives, nobody watches it for changes. */
const collectionOf = (row: CollectionRow): Collection => Object.assign(Object.create(Collection.prototype) as Collection, {
  id: row.id, tenantId: row.tenant_id, name: row.name, description: row.description, settings: row.settings, createdAt: new Date(row.created_at), updatedAt: new Date(row.updated_at),
  createdBy: row.created_by, deletedAt: null, version: row.version,
});

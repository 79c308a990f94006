import { LockMode } from '@mikro-orm/postgresql';
import type { Ground, Value } from '../../../platform/database/statement.ts';
import type { CollectionId, TenantId } from '../../../platform/ids.ts';
import { Collection } from '../domain/collection.ts';
import type { Json } from '../domain/json.ts';
import type { CollectionFilter, Collections, Span } from '../domain/ports.ts';

interface CollectionRow { id: CollectionId; tenant_id: TenantId; name: string; description: string | null; settings: Json; created_at: string; updated_at: string; created_by: string; deleted_at: null; version: number }
const COLUMNS = 'id, tenant_id, name, description, settings, created_at, updated_at, created_by, deleted_at, version';

/** No tenant is named: row-level security shows of one tenant what is shared with the caller. */
export class PostgresCollections implements Collections {
  constructor(private readonly on: Ground) {}
  async byIds(ids: readonly CollectionId[]): Promise<Collection[]> {
    const rows = await this.on.rows<CollectionRow>({
      name: 'collections by id',
      text: `SELECT ${COLUMNS} FROM collections.collection WHERE id = ANY (?::text[]) AND deleted_at IS NULL`,
      values: [ids],
    });
    return rows.map(collectionOf);
  }
  locked(id: CollectionId): Promise<Collection | null> {
    return this.on.em.findOne(Collection, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
  async page({ first, after }: Span, { namePrefix, roleAtLeast }: CollectionFilter): Promise<Collection[]> {
    const conditions: [text: string, ...values: Value[]][] = [
      ['deleted_at IS NULL'],
      ...(after?.[0] ? [['id < ?', after[0]] as [string, Value]] : []),
      ...(namePrefix ? [['name ILIKE ?', `${namePrefix.replace(/[\\%_]/g, '\\$&')}%`] as [string, Value]] : []),
      ...(roleAtLeast && roleAtLeast !== 'VIEWER' ? [['((SELECT collections.reaches_all(?)) OR id = ANY ((SELECT collections.reached(?))::text[]))', roleAtLeast, roleAtLeast] as [string, Value, Value]] : []),
    ];
    const rows = await this.on.rows<CollectionRow>({
      text: `SELECT ${COLUMNS} FROM collections.collection WHERE ${conditions.map(([text]) => text).join(' AND ')} ORDER BY id DESC LIMIT ?`,
      values: [...conditions.flatMap(([, ...values]) => values), first + 1],
    });
    return rows.map(collectionOf);
  }
  count(tenantId: TenantId): Promise<number> {
    return this.on.em.count(Collection, { tenantId, deletedAt: null });
  }
  add(collection: Collection): void {
    this.on.em.persist(collection);
  }
  async itemCounts(ids: readonly CollectionId[]): Promise<Map<CollectionId, number>> {
    const rows = await this.on.rows<{ id: CollectionId; items: string }>({
      name: 'items in collections', text: 'SELECT collection_id AS id, sum(items) AS items FROM collections.tally WHERE collection_id = ANY (?::text[]) GROUP BY collection_id', values: [ids],
    });
    return new Map(rows.map(({ id, items }) => [id, Number(items)]));
  }
  /** From tag to tag through the index, never through all that carry one. */
  async tags(ids: readonly CollectionId[], max: number): Promise<Map<CollectionId, string[]>> {
    const rows = await this.on.rows<{ id: CollectionId; tags: string[] }>({
      name: 'tags of collections',
      text: `SELECT c.id, ARRAY(
         WITH RECURSIVE step AS (
           (SELECT tag FROM collections.item_tag WHERE tenant_id = c.tenant_id AND collection_id = c.id ORDER BY tag LIMIT 1)
           UNION ALL
           SELECT (SELECT t.tag FROM collections.item_tag t WHERE t.tenant_id = c.tenant_id AND t.collection_id = c.id AND t.tag > step.tag ORDER BY t.tag LIMIT 1) FROM step WHERE step.tag IS NOT NULL
         ) SELECT tag FROM step WHERE tag IS NOT NULL LIMIT ?) AS tags
       FROM collections.collection c WHERE c.id = ANY (?::text[])`,
      values: [max, ids],
    });
    return new Map(rows.map(({ id, tags }) => [id, tags]));
  }
}

/** For reading: unlike what `locked` gives, nobody watches it for changes. */
const collectionOf = (row: CollectionRow): Collection => ({
  __proto__: Collection.prototype,
  id: row.id, tenantId: row.tenant_id, name: row.name, description: row.description, settings: row.settings, createdAt: new Date(row.created_at), updatedAt: new Date(row.updated_at),
  createdBy: row.created_by, deletedAt: null, version: row.version,
}) as unknown as Collection;

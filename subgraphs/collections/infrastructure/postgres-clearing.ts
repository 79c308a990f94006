/** Deletes what is past its time, in the tenant of the work; what hangs on it goes with it, mostly by foreign keys. */
import type { Ground } from '../../../platform/database/statement.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { TenantId } from '../../../platform/ids.ts';
import type { Clearing, DueTenants } from '../domain/attachment-ports.ts';
import type { Gone } from '../domain/purged.ts';

/** As long as restoreItem promises. */
const LONG_DELETED = `deleted_at < now() - interval '30 days'`;
/**
 * An upload that nobody used is of no use from then on: an hour later, so that clocks need not agree. One that was used
 * is kept a while: what was attached may be removed while its URL still takes a file, and an import may be tried again.
 */
const FORGOTTEN = `kept_until < now() - interval '1 hour' AND (used_at IS NULL OR purpose = 'ATTACHMENT' OR kept_until < now() - interval '30 days')`;

/** By name, and not by a cascade: see the table of attachments. */
const ITEMS_GONE = `
  files AS (DELETE FROM collections.attachment a USING due WHERE a.item_id = due.id RETURNING a.collection_id, a.created_by, a.bytes),
  gone AS (DELETE FROM collections.item i USING due WHERE i.id = due.id RETURNING i.collection_id, i.created_by, i.deleted_at)
  SELECT collection_id AS "collectionId", created_by AS "createdBy", sum(n) AS rows, sum(live) AS items, sum(file) AS files, sum(bytes) AS bytes FROM (
    SELECT collection_id, created_by, 1 AS n, (deleted_at IS NULL)::int AS live, 0 AS file, 0::bigint AS bytes FROM gone UNION ALL SELECT collection_id, created_by, 0, 0, 1, bytes FROM files) AS what
  GROUP BY collection_id, created_by`;

export class PostgresClearing implements Clearing {
  constructor(private readonly on: Ground) {}

  items(max: number): Promise<Gone[]> {
    return this.gone(`
      WITH due AS (SELECT id FROM collections.item WHERE ${LONG_DELETED} ORDER BY deleted_at LIMIT ? FOR UPDATE SKIP LOCKED),
      ${ITEMS_GONE}`, [max]);
  }
  itemsOfCollections(max: number): Promise<Gone[]> {
    return this.gone(`
      WITH due AS (SELECT id FROM collections.item WHERE collection_id = ANY (ARRAY(
        SELECT c.id FROM collections.collection c WHERE c.${LONG_DELETED} AND EXISTS (SELECT 1 FROM collections.item i WHERE i.tenant_id = c.tenant_id AND i.collection_id = c.id) ORDER BY c.deleted_at LIMIT 1)) LIMIT ? FOR UPDATE SKIP LOCKED),
      ${ITEMS_GONE}`, [max]);
  }
  collections(max: number): Promise<number> {
    return this.count(`
      WITH due AS (SELECT c.id, c.tenant_id FROM collections.collection c WHERE c.${LONG_DELETED} AND NOT EXISTS (SELECT 1 FROM collections.item i WHERE i.tenant_id = c.tenant_id AND i.collection_id = c.id)
        LIMIT ? FOR UPDATE SKIP LOCKED),
      members AS (DELETE FROM collections.member m USING due WHERE m.tenant_id = due.tenant_id AND m.collection_id = due.id),
      counts AS (DELETE FROM collections.tally t USING due WHERE t.tenant_id = due.tenant_id AND t.collection_id = due.id)
      DELETE FROM collections.collection c USING due WHERE c.id = due.id RETURNING 1`, [max]);
  }
  uploads(max: number): Promise<number> {
    return this.count(`
      WITH due AS (SELECT id FROM collections.upload WHERE ${FORGOTTEN} LIMIT ? FOR UPDATE SKIP LOCKED),
      gone AS (DELETE FROM collections.upload u USING due WHERE u.id = due.id RETURNING u.tenant_id, u.object_key),
      unwanted AS (INSERT INTO collections.unwanted_object (object_key, tenant_id)
        SELECT g.object_key, g.tenant_id FROM gone g WHERE NOT EXISTS (SELECT 1 FROM collections.attachment a WHERE a.object_key = g.object_key) ON CONFLICT DO NOTHING)
      SELECT 1 FROM gone`, [max]);
  }
  async unwanted(max: number): ReturnType<Clearing['unwanted']> {
    const rows = await this.on.rows<{ key: `${TenantId}/${string}` }>({ text: 'SELECT object_key AS key FROM collections.unwanted_object WHERE unwanted_at <= now() ORDER BY unwanted_at LIMIT ?', values: [max] });
    return rows.map(({ key }) => key);
  }
  async forget(keys: readonly string[]): Promise<void> {
    await this.on.rows({ text: 'DELETE FROM collections.unwanted_object WHERE object_key = ANY (?::text[])', values: [keys] });
  }

  private async gone(text: string, values: readonly number[]): Promise<Gone[]> {
    const rows = await this.on.rows<Pick<Gone, 'collectionId' | 'createdBy'> & Record<'rows' | 'items' | 'files' | 'bytes', string>>({ text, values });
    return rows.map((row) => ({ ...row, rows: Number(row.rows), items: Number(row.items), files: Number(row.files), bytes: Number(row.bytes) }));
  }
  private async count(text: string, values: readonly number[]): Promise<number> {
    return (await this.on.rows({ text, values })).length;
  }
}

/** Under the clock's role: in which tenants, and nothing of what it is. */
export const postgresDueTenants = (database: Database): DueTenants => () => database.asClock(async (em) => {
  const rows = await em.execute<{ tenant_id: TenantId }[]>(`
    SELECT tenant_id FROM collections.item WHERE ${LONG_DELETED} UNION SELECT tenant_id FROM collections.collection WHERE ${LONG_DELETED}
    UNION SELECT tenant_id FROM collections.upload WHERE ${FORGOTTEN} UNION SELECT tenant_id FROM collections.unwanted_object`);
  return rows.map((row) => row.tenant_id);
});

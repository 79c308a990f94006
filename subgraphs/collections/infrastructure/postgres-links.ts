import type { Ground, Statement } from '../../../platform/database/statement.ts';
import type { ItemId } from '../../../platform/ids.ts';
import type { Link, LinkSeen } from '../domain/link.ts';
import type { Links } from '../domain/ports.ts';

const STEP_MAX = 1_000;
/**
 * What the caller does not see is no bridge either: row-level security leaves out links to it, and this what is deleted.
 * Whether something is there is looked up by its id, link by link: OFFSET 0 keeps the planner from making a join of it,
 * that reads all items of the tenant as long as nothing has counted how many these are.
 */
const isThere = (table: 'item' | 'collection', id: string) => `EXISTS (SELECT FROM collections.${table} t WHERE t.id = ${id} AND t.deleted_at IS NULL OFFSET 0)`;
const one = (near: 'from' | 'to', far: 'from' | 'to', outgoing: boolean) => `
  (SELECT l.kind, l.${far}_id AS far, ${outgoing} AS outgoing FROM collections.link l
   WHERE l.${near}_id = asked.id AND (asked.kind IS NULL OR l.kind = asked.kind) AND ${isThere('item', `l.${far}_id`)} AND ${isThere('collection', `l.${far}_collection_id`)}
   ORDER BY l.kind, l.${far}_id LIMIT asked.max)`;

export const linksAround = (ids: readonly ItemId[], kind: string | null, max: number): Statement => ({
  name: 'links around items',
  text: `SELECT asked.id AS near, found.* FROM (SELECT unnest(?::text[]) AS id, ?::text AS kind, ?::int AS max) AS asked
    CROSS JOIN LATERAL (${one('from', 'to', true)} UNION ALL ${one('to', 'from', false)}) AS found`,
  values: [ids, kind, max],
});

export class PostgresLinks implements Links {
  constructor(private readonly on: Ground) {}

  async around(ids: readonly ItemId[], kind: string | null, max: number): Promise<LinkSeen[]> {
    const found: LinkSeen[] = [];
    for (let at = 0; at < ids.length; at += STEP_MAX) {
      found.push(...await this.on.rows<LinkSeen>(linksAround(ids.slice(at, at + STEP_MAX), kind, max)));
    }
    return found;
  }
  async count(fromId: ItemId): Promise<number> {
    const [row] = await this.on.rows<{ links: number }>({ text: 'SELECT count(*)::int AS links FROM collections.link WHERE from_id = ?', values: [fromId] });
    return row!.links;
  }
  async add(links: readonly Link[]): Promise<ItemId[]> {
    const [first] = links;
    if (!first) return [];
    const rows = await this.on.rows<{ to_id: ItemId }>({
      text: `INSERT INTO collections.link (tenant_id, from_id, to_id, kind, from_collection_id, to_collection_id, created_at, created_by)
        SELECT ?, ?, far.id, ?, ?, far.collection_id, now(), ? FROM unnest(?::text[], ?::text[]) AS far (id, collection_id)
        ON CONFLICT DO NOTHING RETURNING to_id`,
      values: [first.tenantId, first.fromId, first.kind, first.fromCollectionId, first.by, links.map(({ toId }) => toId), links.map(({ toCollectionId }) => toCollectionId)],
    });
    return rows.map(({ to_id }) => to_id).sort();
  }
  async remove(fromId: ItemId, kind: string, toIds: readonly ItemId[]): Promise<ItemId[]> {
    const rows = await this.on.rows<{ to_id: ItemId }>({ text: 'DELETE FROM collections.link WHERE from_id = ? AND kind = ? AND to_id = ANY (?::text[]) RETURNING to_id', values: [fromId, kind, toIds] });
    return rows.map(({ to_id }) => to_id).sort();
  }
}

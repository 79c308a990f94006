import type { Ground } from '../../../platform/database/statement.ts';
import type { ItemId } from '../../../platform/ids.ts';
import type { ItemContent } from '../domain/item.ts';
import type { Json } from '../domain/json.ts';
import type { Revisions } from '../domain/ports.ts';
import type { Revision, RevisionSpan } from '../domain/revision.ts';

const FIELDS = ['title', 'body', 'url', 'tags', 'metadata'] as const;
const LATEST = 2_147_483_647;
/** How an item is stands in its own row, and how it was in others. */
const current = (columns: string, where: string) => `
  SELECT ${columns}, updated_at AS at, updated_by AS by, deleted_at, restored_from FROM collections.item WHERE id = ${where}`;
const earlier = (columns: string, where: string) => `
  SELECT ${columns}, at, by, deleted_at, restored_from FROM collections.revision WHERE item_id = ${where}`;
const COLUMNS = `version, ${FIELDS.join(', ')}`;
const CHANGED = FIELDS.map((field) => `CASE WHEN ${field} IS DISTINCT FROM lead(${field}) OVER older THEN '${field}' END`).join(', ');

interface Row { n: string; version: number; title: string; url: string | null; tags: string[]; metadata: Json; at: string; by: string; deleted_at: string | null; restored_from: number | null; changed: string[] }

export class PostgresRevisions implements Revisions {
  constructor(private readonly on: Ground) {}

  async pages(spans: readonly RevisionSpan[]): Promise<Revision[][]> {
    const rows = await this.on.rows<Row>({
      name: 'revisions of items',
      text: `
        SELECT asked.n, page.* FROM unnest(?::text[], ?::int[], ?::int[]) WITH ORDINALITY AS asked (item_id, take, before, n)
        CROSS JOIN LATERAL (
          SELECT version, title, url, tags, metadata, at, by, deleted_at, restored_from, array_remove(ARRAY[${CHANGED}], NULL) AS changed
          FROM ((${current(COLUMNS, 'asked.item_id AND version < asked.before')}) UNION ALL (${earlier(COLUMNS, 'asked.item_id AND version < asked.before')} ORDER BY version DESC LIMIT asked.take)
            ORDER BY version DESC LIMIT asked.take) AS shown
          WINDOW older AS (ORDER BY version DESC)
        ) AS page ORDER BY asked.n, page.version DESC`,
      values: [spans.map(({ itemId }) => itemId), spans.map(({ first }) => first + 1), spans.map(({ before }) => before ?? LATEST)],
    });
    const pages = spans.map((): Revision[] => []);
    for (const row of rows) pages[Number(row.n) - 1]!.push(revisionOf(spans[Number(row.n) - 1]!.itemId, row));
    return pages;
  }

  async bodies(which: readonly { itemId: ItemId; version: number }[]): Promise<(string | null)[]> {
    const rows = await this.on.rows<{ n: string; body: string }>({
      name: 'bodies of revisions',
      text: `
        SELECT asked.n, coalesce(i.body, r.body) AS body FROM unnest(?::text[], ?::int[]) WITH ORDINALITY AS asked (item_id, version, n)
        LEFT JOIN collections.item i ON i.id = asked.item_id AND i.version = asked.version LEFT JOIN collections.revision r ON r.item_id = asked.item_id AND r.version = asked.version`,
      values: [which.map(({ itemId }) => itemId), which.map(({ version }) => version)],
    });
    const bodies = new Map(rows.map(({ n, body }) => [Number(n) - 1, body]));
    return which.map((_, at) => bodies.get(at) ?? null);
  }

  async content(itemId: ItemId, version: number): Promise<ItemContent | null> {
    const [content] = await this.on.rows<ItemContent>({
      text: `SELECT ${FIELDS.join(', ')} FROM (${current(COLUMNS, '? AND version = ?')} UNION ALL ${earlier(COLUMNS, '? AND version = ?')}) AS states`,
      values: [itemId, version, itemId, version],
    });
    return content ?? null;
  }
}

const revisionOf = (itemId: ItemId, { at, deleted_at, restored_from, version, title, url, tags, metadata, by, changed }: Row): Revision => ({
  itemId, version, title, url, tags, metadata, by, changed, at: new Date(at), deletedAt: deleted_at === null ? null : new Date(deleted_at), restoredFrom: restored_from,
});

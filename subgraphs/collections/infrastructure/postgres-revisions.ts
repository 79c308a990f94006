import type { Ground } from '../../../platform/database/statement.ts';
import type { ItemId } from '../../../platform/ids.ts';
import type { ItemContent } from '../domain/item.ts';
import type { Json } from '../domain/json.ts';
import type { Revisions, Texts } from '../domain/ports.ts';
import type { Revision, RevisionName, RevisionSpan } from '../domain/revision.ts';

const FIELDS = ['title', 'body', 'url', 'tags', 'metadata'] as const;
const LATEST = 2_147_483_647;
/** How an item is stands in its own row, and how it was in others. */
const current = (columns: string, where: string) => `
  SELECT ${columns}, updated_at AS at, updated_by AS by, deleted_at, restored_from FROM collections.item WHERE id = ${where}`;
const earlier = (columns: string, where: string) => `
  SELECT ${columns}, at, by, deleted_at, restored_from FROM collections.revision WHERE item_id = ${where}`;
const COLUMNS = `version, ${FIELDS.join(', ')}`;
/** Without the text, which may be long. */
const SHOWN = 'version, title, url, tags, metadata';
const CHANGED = FIELDS.map((field) => `CASE WHEN state.${field} IS DISTINCT FROM before.${field} THEN '${field}' END`).join(', ');
/** One state of what is asked for: the latest of those. */
const latest = (versions: string) => `
  SELECT * FROM ((${current(COLUMNS, `asked.item_id AND ${versions}`)}) UNION ALL (${earlier(COLUMNS, `asked.item_id AND ${versions}`)} ORDER BY version DESC LIMIT 1)) AS states ORDER BY version DESC LIMIT 1`;

interface Row { n: string; version: number; title: string; url: string | null; tags: string[]; metadata: Json; at: string; by: string; deleted_at: string | null; restored_from: number | null }

export class PostgresRevisions implements Revisions {
  constructor(private readonly on: Ground) {}

  async pages(spans: readonly RevisionSpan[]): Promise<Revision[][]> {
    const rows = await this.on.rows<Row>({
      name: 'revisions of items',
      text: `
        SELECT asked.n, page.* FROM unnest(?::text[], ?::int[], ?::int[]) WITH ORDINALITY AS asked (item_id, take, before, n)
        CROSS JOIN LATERAL (
          (${current(SHOWN, 'asked.item_id AND version < asked.before')}) UNION ALL (${earlier(SHOWN, 'asked.item_id AND version < asked.before')} ORDER BY version DESC LIMIT asked.take)
          ORDER BY version DESC LIMIT asked.take
        ) AS page ORDER BY asked.n, page.version DESC`,
      values: [spans.map(({ itemId }) => itemId), spans.map(({ first }) => first + 1), spans.map(({ before }) => before ?? LATEST)],
    });
    const pages = spans.map((): Revision[] => []);
    for (const row of rows) pages[Number(row.n) - 1]!.push(revisionOf(spans[Number(row.n) - 1]!.itemId, row));
    return pages;
  }

  async bodies(which: readonly RevisionName[], bytesMax: number): Promise<Texts> {
    const rows = await this.on.rows<{ n: string; body: string; bytes: number }>({
      name: 'bodies of revisions',
      text: `
        SELECT n, CASE WHEN bytes <= ? THEN body END AS body, bytes::float8 FROM (
          SELECT asked.n, coalesce(i.body, r.body) AS body, sum(octet_length(coalesce(i.body, r.body))) OVER () AS bytes FROM unnest(?::text[], ?::int[]) WITH ORDINALITY AS asked (item_id, version, n)
          LEFT JOIN collections.item i ON i.id = asked.item_id AND i.version = asked.version LEFT JOIN collections.revision r ON r.item_id = asked.item_id AND r.version = asked.version) AS texts`,
      values: [bytesMax, which.map(({ itemId }) => itemId), which.map(({ version }) => version)],
    });
    const bytes = rows[0]?.bytes ?? 0;
    if (bytes > bytesMax) return { texts: null, bytes };
    const bodies = new Map(rows.map(({ n, body }) => [Number(n) - 1, body]));
    return { texts: which.map((_, at) => bodies.get(at) ?? null), bytes };
  }

  async changes(which: readonly RevisionName[]): Promise<string[][]> {
    const rows = await this.on.rows<{ n: string; changed: string[] }>({
      name: 'changes of revisions',
      text: `
        SELECT asked.n, array_remove(ARRAY[${CHANGED}], NULL) AS changed FROM unnest(?::text[], ?::int[]) WITH ORDINALITY AS asked (item_id, version, n)
        CROSS JOIN LATERAL (${latest('version = asked.version')}) AS state LEFT JOIN LATERAL (${latest('version < asked.version')}) AS before ON true`,
      values: [which.map(({ itemId }) => itemId), which.map(({ version }) => version)],
    });
    const changes = new Map(rows.map(({ n, changed }) => [Number(n) - 1, changed]));
    return which.map((_, at) => changes.get(at) ?? []);
  }

  async content(itemId: ItemId, version: number): Promise<ItemContent | null> {
    const [content] = await this.on.rows<ItemContent>({
      text: `SELECT ${FIELDS.join(', ')} FROM (${current(COLUMNS, '? AND version = ?')} UNION ALL ${earlier(COLUMNS, '? AND version = ?')}) AS states`,
      values: [itemId, version, itemId, version],
    });
    return content ?? null;
  }
}

const revisionOf = (itemId: ItemId, { at, deleted_at, restored_from, version, title, url, tags, metadata, by }: Row): Revision => ({
  itemId, version, title, url, tags, metadata, by, at: new Date(at), deletedAt: deleted_at === null ? null : new Date(deleted_at), restoredFrom: restored_from,
});

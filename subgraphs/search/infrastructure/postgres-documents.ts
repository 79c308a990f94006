import type { Ground } from '../../../platform/database/statement.ts';
import type { CollectionId, ItemId } from '../../../platform/ids.ts';
import type { Documents } from '../domain/document-ports.ts';
import type { Heard, Kept } from '../domain/document.ts';
import type { Doc } from '../domain/ports.ts';

const LANGUAGE_DEFAULT = 'en';
const AT_ONCE = 500;
const AT_ONCE_BYTES = 8_000_000;
/** Longer than any answer to what was asked before it was gone can be on its way. */
const REMEMBERED = '1 day';
const KEPT = 'item_id AS "itemId", ticket, mark, deleted';
const WHOLE = `tenant_id AS "tenantId", item_id AS "itemId", seq, version, collection_id AS "collectionId", title, tags, body, attached, language, metadata, created_by AS "createdBy", created_at AS "createdAt", updated_at AS "updatedAt", deleted`;
interface KeptRow extends Omit<Kept, 'ticket'> { ticket: string }
interface DocRow extends Omit<Doc, 'seq' | 'createdAt' | 'updatedAt'> { seq: string; createdAt: string; updatedAt: string }

/** No tenant is named but where rows are added: row-level security shows those of one. */
export class PostgresDocuments implements Documents {
  constructor(private readonly on: Ground) {}

  async hold(): Promise<void> {
    await this.on.rows({
      name: 'hold documents',
      text: `INSERT INTO search.tenant AS t (tenant_id) VALUES (${TENANT}) ON CONFLICT (tenant_id) DO UPDATE SET seq = t.seq`, values: [],
    });
  }
  async ticket(): Promise<bigint> {
    const [row] = await this.on.rows<{ ticket: string }>({ text: `SELECT nextval('search.ticket') AS ticket`, values: [] });
    return BigInt(row!.ticket);
  }
  async kept(ids: readonly ItemId[]): Promise<Map<ItemId, Kept>> {
    const rows = await this.on.rows<KeptRow>({ name: 'documents that are kept', text: `SELECT ${KEPT} FROM search.document WHERE item_id = ANY (?::text[])`, values: [ids] });
    return new Map(rows.map((row) => [row.itemId, keptOf(row)]));
  }

  /** Whoever held them gives each a number of its own, in this order. What is gone keeps where it was, so that it is forgotten there. */
  async put(changed: readonly Heard[], ticket: bigint): Promise<void> {
    if (changed.length === 0) return;
    await this.on.rows({
      text: `
        WITH held AS (UPDATE search.tenant SET seq = seq + ? RETURNING tenant_id, seq - ? AS before)
        INSERT INTO search.document AS d (tenant_id, item_id, seq, version, collection_id, title, tags, body, attached, language, metadata, created_by, created_at, updated_at, deleted, gone_at, mark, ticket)
        SELECT held.tenant_id, r."itemId", held.before + r.n, coalesce(r.version, 0), coalesce(r."collectionId", ''), coalesce(r.title, ''), ARRAY(SELECT json_array_elements_text(r.tags)), coalesce(r.body, ''), coalesce(r.attached, ''),
          coalesce(r.language, '${LANGUAGE_DEFAULT}'), coalesce(r.metadata, '{}'), coalesce(r."createdBy", ''), coalesce(r."createdAt", 'epoch'), coalesce(r."updatedAt", 'epoch'), r.deleted, CASE WHEN r.deleted THEN now() END, coalesce(r.mark, ''), ?
        FROM held, json_to_recordset(?::json) AS r (n int, "itemId" text, version int, "collectionId" text, title text, tags json, body text, attached text, language text, metadata jsonb, "createdBy" text, "createdAt" timestamptz, "updatedAt" timestamptz, deleted boolean, mark text)
        ON CONFLICT (tenant_id, item_id) DO UPDATE SET seq = excluded.seq, title = excluded.title, tags = excluded.tags, body = excluded.body, attached = excluded.attached, language = excluded.language, metadata = excluded.metadata,
          version = CASE WHEN excluded.deleted THEN d.version ELSE excluded.version END, collection_id = CASE WHEN excluded.deleted THEN d.collection_id ELSE excluded.collection_id END,
          created_by = excluded.created_by, created_at = excluded.created_at, updated_at = excluded.updated_at, deleted = excluded.deleted, gone_at = excluded.gone_at, mark = excluded.mark, ticket = excluded.ticket`,
      values: [changed.length, changed.length, String(ticket), JSON.stringify(changed.map(({ itemId, truth }, at) => ({ n: at + 1, tags: [], ...truth, itemId, deleted: truth === null })))],
    });
  }
  async confirm(ids: readonly ItemId[], ticket: bigint): Promise<void> {
    if (ids.length > 0) await this.on.rows({ name: 'confirm documents', text: 'UPDATE search.document SET ticket = ?::bigint WHERE item_id = ANY (?::text[])', values: [String(ticket), ids] });
  }

  async byIds(ids: readonly ItemId[]): Promise<Doc[]> {
    const rows = await this.on.rows<DocRow>({
      name: 'documents by id',
      text: `SELECT ${WHOLE} FROM search.document WHERE item_id = ANY (?::text[])`,
      values: [ids],
    });
    return rows.map(docOf);
  }
  versions(ids: readonly ItemId[]): Promise<Pick<Doc, 'itemId' | 'version' | 'deleted'>[]> {
    return this.on.rows({ name: 'versions of documents', text: 'SELECT item_id AS "itemId", version, deleted FROM search.document WHERE item_id = ANY (?::text[])', values: [ids] });
  }
  async walk({ collectionId, after, first }: { collectionId: CollectionId | null; after: ItemId | null; first: number }): Promise<Kept[]> {
    const rows = await this.on.rows<KeptRow>({
      text: `SELECT ${KEPT} FROM search.document WHERE NOT deleted AND item_id > ?${collectionId ? ' AND collection_id = ?' : ''} ORDER BY item_id LIMIT ?`,
      values: [after ?? '', ...(collectionId ? [collectionId] : []), first],
    });
    return rows.map(keptOf);
  }
  async count(): Promise<number> {
    const [row] = await this.on.rows<{ count: string }>({ text: 'SELECT count(*) AS count FROM search.document WHERE NOT deleted', values: [] });
    return Number(row!.count);
  }
  /** In one statement, so of one moment. */
  async livingUpTo(seq: bigint): Promise<{ count: number; later: ItemId[] }> {
    const [row] = await this.on.rows<{ count: string; later: ItemId[] }>({
      values: [String(seq), String(seq)],
      text: `SELECT count(*) FILTER (WHERE NOT deleted AND seq <= ?::bigint) AS count, coalesce(json_agg(item_id) FILTER (WHERE seq > ?::bigint), '[]') AS later FROM search.document`,
    });
    return { count: Number(row!.count), later: row!.later };
  }
  async seq(): Promise<bigint> {
    const [row] = await this.on.rows<{ seq: string }>({ name: 'last change of documents', text: 'SELECT seq FROM search.tenant', values: [] });
    return BigInt(row?.seq ?? 0);
  }

  /** The number of the last change first: whatever has none higher can be seen by now. */
  async since(after: bigint): Promise<{ docs: Doc[]; upTo: bigint }> {
    const seq = await this.seq();
    const rows = await this.on.rows<DocRow & { bytes: number }>({
      name: 'documents since', values: [String(after), String(seq), AT_ONCE, AT_ONCE_BYTES],
      text: `SELECT * FROM (SELECT ${WHOLE}, bytes, sum(bytes) OVER (ORDER BY seq) - bytes AS before
          FROM (SELECT *, octet_length(title) + octet_length(body) + octet_length(attached) AS bytes FROM search.document WHERE seq > ?::bigint AND seq <= ?::bigint ORDER BY seq LIMIT ?) d) s
        WHERE before < ? ORDER BY seq`,
    });
    const isWhole = rows.length < AT_ONCE && rows.reduce((sum, { bytes }) => sum + bytes, 0) < AT_ONCE_BYTES;
    const docs = rows.map(docOf);
    return { docs, upTo: isWhole ? seq : docs.at(-1)!.seq };
  }
  async forgetGone(upTo: bigint): Promise<void> {
    await this.on.rows({ values: [String(upTo)], text: `DELETE FROM search.document WHERE deleted AND seq <= ?::bigint AND gone_at < now() - interval '${REMEMBERED}'` });
  }
}

const TENANT = `current_setting('app.tenant_id')`;
const docOf = ({ tenantId, itemId, seq, version, collectionId, title, tags, body, attached, language, metadata, createdBy, createdAt, updatedAt, deleted }: DocRow): Doc => ({
  tenantId, itemId, seq: BigInt(seq), version, collectionId, title, tags, body, attached, language, metadata, createdBy, createdAt: new Date(createdAt), updatedAt: new Date(updatedAt), deleted,
});
const keptOf = (row: KeptRow): Kept => ({ ...row, ticket: BigInt(row.ticket) });

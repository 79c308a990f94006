/** The documents themselves, in the order of their changes. */
import type { CollectionId, ItemId, TenantId } from '../../../../platform/ids.ts';
import type { Doc, Metadata } from '../../domain/ports.ts';
import { rowsOf, type On } from './statement.ts';

interface Row extends Omit<Doc, 'tenantId' | 'itemId' | 'collectionId' | 'createdAt' | 'updatedAt' | 'metadata'> { itemId: ItemId; collectionId: CollectionId; metadata: Metadata; createdMs: bigint; updatedMs: bigint; bytes: number }
export interface Stretch { docs: readonly { doc: Doc; bytes: number }[]; whole: boolean }

/** What came after this change: so many documents at most, and so long; of one that is longer alone, that one. */
export async function readDocuments(on: On, tenantId: TenantId, given: { after: bigint; max: number; bytesMax: number }): Promise<Stretch> {
  const rows = await rowsOf<Row>(on, {
    name: 'search documents', values: [tenantId, given.after, given.max, given.bytesMax],
    text: `SELECT item_id AS "itemId", seq, version, collection_id AS "collectionId", title, tags, body, attached, language, metadata::json AS metadata, created_by AS "createdBy",
        round(extract(epoch FROM created_at) * 1000)::int8 AS "createdMs", round(extract(epoch FROM updated_at) * 1000)::int8 AS "updatedMs", deleted, bytes
      FROM (SELECT d.*, sum(bytes) OVER (ORDER BY seq) - bytes AS before FROM
        (SELECT *, octet_length(title) + octet_length(body) + octet_length(attached) + 500 AS bytes FROM search.document WHERE tenant_id = ? AND seq > ? ORDER BY seq LIMIT ?) d) s
      WHERE before < ? ORDER BY seq`,
  });
  const docs = rows.map(({ createdMs, updatedMs, bytes, ...row }) => ({ bytes, doc: { ...row, tenantId, createdAt: new Date(Number(createdMs)), updatedAt: new Date(Number(updatedMs)) } }));
  const read = docs.reduce((sum, { bytes }) => sum + bytes, 0);
  return { docs, whole: docs.length < given.max && read < given.bytesMax };
}

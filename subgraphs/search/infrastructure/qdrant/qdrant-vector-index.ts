/**
 * Vectors in Qdrant: one collection for all tenants of one model, the tenant as the partition that its index is built
 * by. Every write waits until it can be found. It is told of documents in the order of their seq by one follower at a time.
 */
import { createHash } from 'node:crypto';
import { QdrantClient, type Schemas } from '@qdrant/js-client-rest';
import { AtlasError } from '../../../../platform/errors.ts';
import type { ItemId, TenantId } from '../../../../platform/ids.ts';
import type { Near, VectorIndex } from '../../domain/ports.ts';
import { filterOf, INDEXED, metadataWords, ofTenant } from './qdrant-filter.ts';

export interface QdrantSettings {
  url: string;
  key?: string | undefined;
  /** What the collection is called begins with it; another Atlas on the same Qdrant has another. */
  prefix?: string;
  /** Of the embeddings: vectors of two models never share a collection. */
  model: string;
  timeoutMs?: number;
}

const TIMEOUT_MS = 5_000;
/** Nothing is put again here: writes are told again by whoever follows, and a question is answered without Qdrant sooner. */
const BATCH = 200;
const EXISTS = 409;
const MISSING = 404;

type Doc = Parameters<VectorIndex['apply']>[1][number];
interface Payload { item: ItemId; version: number; seq: number }

export function qdrantVectorIndex({ url, key, prefix = 'atlas', model, timeoutMs = TIMEOUT_MS }: QdrantSettings): VectorIndex {
  const client = new QdrantClient({ url, timeout: timeoutMs, checkCompatibility: false, ...(key && { headers: { 'api-key': key } }) });
  const named = (dimensions: number) => `${prefix}-${model.replace(/[^a-zA-Z0-9-]+/g, '-').slice(0, 60)}-${short(model)}-${dimensions}`;
  const made = new Map<string, Promise<void>>();
  const ensure = (name: string, dimensions: number): Promise<void> => {
    const known = made.get(name) ?? make(client, name, dimensions);
    made.set(name, known);
    known.catch(() => made.delete(name));
    return known;
  };
  const known = async (): Promise<string[]> => {
    const { collections } = await client.getCollections();
    return collections.map(({ name }) => name).filter((name) => name.startsWith(named(0).slice(0, -1)));
  };
  const forgetPoints = async (filter: Schemas['Filter']) => { for (const name of await known()) await client.delete(name, { wait: true, filter }); };
  return {
    name: 'qdrant',
    apply: (tenantId, docs) => reached(async () => {
      // Of one item the last word alone.
      const last = [...new Map(docs.map((doc) => [doc.itemId, doc])).values()];
      for (let from = 0; from < last.length; from += BATCH) await applyBatch(last.slice(from, from + BATCH), tenantId);
    }),
    nearest: ({ vector, first, ...asked }) => reached(async () => {
      if (first < 1 || vector.every((value) => value === 0) || (!asked.reach.everything && asked.reach.collectionIds.length === 0)) return [];
      const found = await client.query(named(vector.length), { query: [...vector], filter: filterOf(asked), limit: first, with_payload: ['item', 'version'], score_threshold: Number.EPSILON })
        .catch((error: unknown) => { if (statusOf(error) === MISSING) return { points: [] }; throw error; });
      return found.points.map(({ payload, score }): Near => ({ itemId: (payload as unknown as Payload).item, version: (payload as unknown as Payload).version, similarity: score }))
        .sort((a, b) => b.similarity - a.similarity || (a.itemId < b.itemId ? -1 : 1));
    }),
    forget: (tenantId) => reached(() => forgetPoints({ must: [ofTenant(tenantId)] })),
  };

  async function applyBatch(docs: readonly Doc[], tenantId: TenantId): Promise<void> {
    const newer = await notOlder(docs);
    const telling = newer.filter(({ deleted, vector }) => !deleted && vector?.some((value) => value !== 0));
    const lengths = new Set(telling.map(({ vector }) => vector!.length));
    const silent = newer.filter((doc) => !telling.includes(doc)).map(({ itemId }) => pointId(itemId));
    if (silent.length > 0) for (const name of await known()) await client.delete(name, { wait: true, points: silent });
    for (const dimensions of lengths) {
      const points = telling.filter(({ vector }) => vector!.length === dimensions).map((doc) => pointOf(doc, tenantId));
      await ensure(named(dimensions), dimensions);
      await client.upsert(named(dimensions), { wait: true, points });
    }
  }

  async function notOlder(docs: readonly Doc[]): Promise<Doc[]> {
    const stand = new Map<ItemId, number>();
    for (const name of await known()) {
      const points = await client.retrieve(name, { ids: docs.map(({ itemId }) => pointId(itemId)), with_payload: ['item', 'seq'], with_vector: false });
      for (const { payload } of points) stand.set((payload as unknown as Payload).item, (payload as unknown as Payload).seq);
    }
    return docs.filter(({ itemId, seq }) => (stand.get(itemId) ?? -1) <= Number(seq));
  }
}

/** Two processes may begin at once: whoever comes second finds it made. */
async function make(client: QdrantClient, name: string, dimensions: number): Promise<void> {
  const { exists } = await client.collectionExists(name);
  if (!exists) {
    // An index for each tenant and none over all of them: nobody ever asks across.
    await client.createCollection(name, { vectors: { size: dimensions, distance: 'Cosine' }, hnsw_config: { m: 0, payload_m: 16 }, on_disk_payload: true })
      .catch((error: unknown) => { if (statusOf(error) !== EXISTS) throw error; });
  }
  for (const [field, schema] of Object.entries(INDEXED)) await client.createPayloadIndex(name, { wait: true, field_name: field, field_schema: schema });
}

const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** Qdrant knows points by UUID: made of the item's id, the same each time. */
export function pointId(itemId: ItemId): string {
  const hex = createHash('sha256').update(itemId).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const pointOf = ({ itemId, seq, version, collectionId, tags, metadata, createdBy, createdAt, vector }: Doc, tenantId: TenantId) => ({
  id: pointId(itemId),
  vector: [...vector!],
  payload: { tenant: tenantId, item: itemId, version, seq: Number(seq), collection: collectionId, tags: [...tags], creator: createdBy, createdMs: createdAt.getTime(), metadata: metadataWords(metadata) },
});

const statusOf = (error: unknown): number | undefined => (error as { status?: number }).status;

async function reached<T>(call: () => Promise<T>): Promise<T> {
  return call().catch((cause: unknown) => { throw cause instanceof AtlasError ? cause : new AtlasError('SEARCH_UNAVAILABLE', undefined, { cause }); });
}

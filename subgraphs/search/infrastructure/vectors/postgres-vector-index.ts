/**
 * Vectors that need nothing but the database. It keeps them; each process that is asked holds those of the tenants it is
 * asked about in memory, bounded in bytes, and before each answer reads what has changed since.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { LRUCache } from 'lru-cache';
import type { Transactions } from '../../../../platform/database/scope.ts';
import type { CollectionId, ItemId, TenantId } from '../../../../platform/ids.ts';
import type { Filter, VectorIndex } from '../../domain/ports.ts';
import { rowsOf, type On } from '../postgres-index/statement.ts';
import { asSearch } from '../postgres-index/tenant-view.ts';
import { asBytes } from './bytes.ts';
import { HeldVectors } from './held-vectors.ts';
import { nearestOf } from './nearest.ts';

const MEMORY_BYTES = 512 * 1_024 * 1_024;
const READ_ROWS = 2_000;
/** Who has not read what changed for longer than this may have missed that something is gone: that is forgotten after a day. */
const FORGOTTEN_MS = 12 * 3_600_000;

type Applied = Parameters<VectorIndex['apply']>[1];
interface State { epoch: number; change: bigint }
interface VectorRow { item_id: ItemId; change: bigint; version: number; collection_id: CollectionId; created_by: string; created_ms: bigint; tags: string[]; vector: Uint8Array | null }

interface Given { database: Pick<Transactions, 'transaction' | 'read'>; memoryBytes?: number; forgottenMs?: number }

export function postgresVectorIndex({ database, memoryBytes = MEMORY_BYTES, forgottenMs = FORGOTTEN_MS }: Given): VectorIndex {
  const held = new LRUCache<TenantId, HeldVectors>({ maxSize: memoryBytes, sizeCalculation: (one) => one.bytes });
  const catchingUp = new Map<TenantId, Promise<HeldVectors>>();
  const write = <T>(tenantId: TenantId, body: (em: EntityManager) => Promise<T>) => database.transaction(asSearch(tenantId), 'write', body);

  const caughtUp = async (tenantId: TenantId, state: State): Promise<HeldVectors> => {
    const known = held.get(tenantId);
    const vectors = known?.epoch === state.epoch && known.readMsAgo() < forgottenMs ? known : new HeldVectors(state.epoch);
    while (vectors.change < state.change) {
      const rows = await database.read(asSearch(tenantId), (on) => changedRows(on, tenantId, vectors.change));
      for (const { item_id: itemId, version, collection_id: collectionId, created_by: createdBy, created_ms: createdAt, tags, vector } of rows) {
        vectors.put({ itemId, version, collectionId, createdBy, createdAt: Number(createdAt), tags, bytes: vector && new Int8Array(vector.buffer, vector.byteOffset, vector.byteLength) });
      }
      // A later change of the same row has taken its number along: what is read is never behind the state that was seen.
      vectors.change = rows.length < READ_ROWS ? maxOf(state.change, rows.at(-1)?.change) : rows.at(-1)!.change;
    }
    vectors.noteRead();
    held.set(tenantId, vectors); // weighed again: it may have grown
    return vectors;
  };
  /** One at a time for each tenant, and each after the state that its asker has seen. */
  const current = (tenantId: TenantId, state: State): Promise<HeldVectors> => {
    const before = catchingUp.get(tenantId)?.catch(() => undefined);
    const now = Promise.resolve(before).then(() => caughtUp(tenantId, state));
    catchingUp.set(tenantId, now);
    return now.finally(() => { if (catchingUp.get(tenantId) === now) catchingUp.delete(tenantId); });
  };
  return {
    name: 'postgres',
    apply: async (tenantId, docs) => {
      if (docs.length > 0) await write(tenantId, (em) => put(em, tenantId, docs));
    },
    async nearest({ tenantId, filter, ...wanted }) {
      const [state, among] = await database.read(asSearch(tenantId), (on) => Promise.all([stateOf(on, tenantId), withMetadata(on, tenantId, filter)]));
      return state ? nearestOf(await current(tenantId, state), { ...wanted, filter, among }) : [];
    },
    forget: (tenantId) => write(tenantId, async (em) => {
      await rowsOf(em, { text: 'UPDATE search.vector_state SET epoch = epoch + 1 WHERE tenant_id = ?', values: [tenantId] });
      await rowsOf(em, { text: 'DELETE FROM search.vector WHERE tenant_id = ?', values: [tenantId] });
    }),
  };
}

const maxOf = (a: bigint, b: bigint | undefined): bigint => (b !== undefined && b > a ? b : a);

async function stateOf(on: On, tenantId: TenantId): Promise<State | null> {
  const [state] = await rowsOf<State>(on, { name: 'vector_state', text: 'SELECT epoch, change FROM search.vector_state WHERE tenant_id = ?', values: [tenantId] });
  return state ?? null;
}

const changedRows = (on: On, tenantId: TenantId, after: bigint): Promise<VectorRow[]> => rowsOf(on, {
  name: 'vector_changed', values: [tenantId, after, READ_ROWS],
  text: `SELECT item_id, change, version, collection_id, created_by, (extract(epoch FROM created_at) * 1000)::bigint AS created_ms, tags::json AS tags, vector FROM search.vector
    WHERE tenant_id = ? AND change > ? ORDER BY change LIMIT ?`,
});

/** Metadata is looked at where it lies; only questions about it pay for that. */
async function withMetadata(on: On, tenantId: TenantId, { metadata }: Filter): Promise<ReadonlySet<ItemId> | undefined> {
  if (!metadata || Object.keys(metadata).length === 0) return undefined;
  const fields = Object.entries(metadata);
  const rows = await rowsOf<{ item_id: ItemId }>(on, {
    text: `SELECT item_id FROM search.vector WHERE tenant_id = ? AND vector IS NOT NULL${' AND metadata -> ?::text = ?::jsonb'.repeat(fields.length)}`,
    values: [tenantId, ...fields.flatMap(([field, value]) => [field, JSON.stringify(value)])],
  });
  return new Set(rows.map(({ item_id: itemId }) => itemId));
}

async function put(em: EntityManager, tenantId: TenantId, docs: Applied): Promise<void> {
  // Of one item the last word alone: one statement changes a row once.
  const last = [...new Map(docs.map((doc) => [doc.itemId, doc])).values()];
  const [state] = await rowsOf<{ change: bigint }>(em, {
    text: `INSERT INTO search.vector_state AS old (tenant_id, change) VALUES (?, ?)
      ON CONFLICT (tenant_id) DO UPDATE SET change = old.change + excluded.change RETURNING change`,
    values: [tenantId, last.length],
  });
  const first = state!.change - BigInt(last.length) + 1n;
  const row = '(?, ?, ?::bigint, ?::bigint, ?::int, ?, ?, ?::timestamptz, ?::jsonb, ?::jsonb, ?::bytea)';
  await rowsOf(em, {
    text: `INSERT INTO search.vector AS old (tenant_id, item_id, seq, change, version, collection_id, created_by, created_at, tags, metadata, vector)
      VALUES ${last.map(() => row).join(', ')}
      ON CONFLICT (tenant_id, item_id) DO UPDATE SET seq = excluded.seq, change = excluded.change, version = excluded.version, collection_id = excluded.collection_id,
        created_by = excluded.created_by, created_at = excluded.created_at, tags = excluded.tags, metadata = excluded.metadata, vector = excluded.vector, changed_at = now()
      WHERE old.seq <= excluded.seq`,
    values: last.flatMap((doc, at) => {
      const bytes = doc.deleted || !doc.vector ? null : asBytes(doc.vector);
      return [tenantId, doc.itemId, doc.seq, first + BigInt(at), doc.version, doc.collectionId, doc.createdBy, doc.createdAt.toISOString(),
        JSON.stringify(doc.deleted ? [] : doc.tags), JSON.stringify(doc.deleted ? {} : doc.metadata), bytes && new Uint8Array(bytes.buffer)];
    }),
  });
}

/** Spaces, and the documents that teach them, in the tables of search; each read and written as its tenant. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Transactions } from '../../../../platform/database/scope.ts';
import type { TenantId } from '../../../../platform/ids.ts';
import { rowsOf } from '../postgres-index/statement.ts';
import { asSearch } from '../postgres-index/tenant-view.ts';
import { saidIn } from './document-text.ts';
import type { Corpus, Spaces } from './local-embeddings.ts';

const BATCH = 200;

interface SpaceRow { generation: number; dimensions: number; documents: number; terms: string; scales: Uint8Array; places: Uint8Array }

/** `learned` is part of the work that keeps a new one: whoever placed documents in the one before has to know. */
export function postgresSpaces(database: Pick<Transactions, 'transaction' | 'read'>, learned: (em: EntityManager) => Promise<void> = async () => undefined): Spaces {
  return {
    async generation(tenantId) {
      const [row] = await database.read(asSearch(tenantId), (on) => rowsOf<{ generation: number }>(on, {
        name: 'space_generation', text: 'SELECT generation FROM search.meaning_space WHERE tenant_id = ?', values: [tenantId],
      }));
      return row?.generation ?? null;
    },
    async get(tenantId) {
      const [row] = await database.read(asSearch(tenantId), (on) => rowsOf<SpaceRow>(on, {
        text: 'SELECT generation, dimensions, documents, terms, scales, places FROM search.meaning_space WHERE tenant_id = ?', values: [tenantId],
      }));
      if (!row) return null;
      const { generation, ...space } = row;
      return { generation, space };
    },
    async put(tenantId, { dimensions, documents, terms, scales, places }) {
      await database.transaction(asSearch(tenantId), 'write', async (em) => {
        await rowsOf(em, {
          text: `
            INSERT INTO search.meaning_space AS old (tenant_id, dimensions, documents, terms, scales, places) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (tenant_id) DO UPDATE SET generation = old.generation + 1, dimensions = excluded.dimensions, documents = excluded.documents,
              terms = excluded.terms, scales = excluded.scales, places = excluded.places, learned_at = now()`,
          values: [tenantId, dimensions, documents, terms, scales, places],
        });
        await learned(em);
      });
    },
  };
}

interface TextRow { item_id: string; title: string; tags: string[]; body: string; attached: string; language: string }

/** Each batch is a short transaction: nothing is held while words are counted. */
export function postgresCorpus(database: Pick<Transactions, 'transaction' | 'read'>): Corpus {
  const count = async (tenantId: TenantId): Promise<number> => {
    const [row] = await database.read(asSearch(tenantId), (on) => rowsOf<{ count: number }>(on, {
      text: 'SELECT count(*)::int AS count FROM search.document WHERE tenant_id = ? AND NOT deleted', values: [tenantId],
    }));
    return row!.count;
  };
  return {
    count,
    async *texts(tenantId, most) {
      // Every so-manyth by a hash of its id: of old and new ones alike, and the same ones again next time.
      const every = Math.max(1, Math.ceil(await count(tenantId) / most));
      for (let after = ''; ;) {
        const rows = await database.read(asSearch(tenantId), (on) => rowsOf<TextRow>(on, {
          text: `
            SELECT item_id, title, tags, left(body, 8000) AS body, left(attached, 8000) AS attached, language FROM search.document
            WHERE tenant_id = ? AND item_id > ? AND NOT deleted AND hashtext(item_id) & 2147483647 < 2147483647 / ? ORDER BY item_id LIMIT ?`,
          values: [tenantId, after, every, BATCH],
        }));
        if (rows.length > 0) yield rows.map(saidIn);
        if (rows.length < BATCH) return;
        after = rows.at(-1)!.item_id;
      }
    },
  };
}

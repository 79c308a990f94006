/** Search's own indexes as one process has them, over a database: words, places in meaning, and how both become one list. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../../platform/database/database.ts';
import { createDatabase, embeddedPostgres, withDatabase } from '../../../platform/embedded/postgres.ts';
import { newId, type CollectionId, type ItemId, type TenantId } from '../../../platform/ids.ts';
import { rankBy, type Indexes } from '../../../subgraphs/search/application/rank.ts';
import type { Doc } from '../../../subgraphs/search/domain/ports.ts';
import { queryOf } from '../../../subgraphs/search/domain/query.ts';
import { SEARCH_MODES } from '../../../subgraphs/search/domain/search.ts';
import { localEmbeddings } from '../../../subgraphs/search/infrastructure/embeddings/local-embeddings.ts';
import { postgresCorpus, postgresSpaces } from '../../../subgraphs/search/infrastructure/embeddings/postgres-spaces.ts';
import { spaceTable } from '../../../subgraphs/search/infrastructure/embeddings/space-table.ts';
import type { PostgresIndex } from '../../../subgraphs/search/infrastructure/postgres-index/open.ts';
import { placedDocuments } from '../../../subgraphs/search/infrastructure/vectors/placed-documents.ts';
import { postgresVectorIndex } from '../../../subgraphs/search/infrastructure/vectors/postgres-vector-index.ts';
import { forgottenVectors, vectorTables } from '../../../subgraphs/search/infrastructure/vectors/vector-table.ts';
import { docOf, openSearchDatabase, processOver, writeDocuments } from '../../kit/search-documents.ts';
import type { Item } from './bm25.ts';
import type { Ranker } from './quality.ts';
import { termsOf } from './spaces.ts';

const EVERYTHING = 2n ** 62n;

export interface Opened {
  database: Database; indexes: Indexes; upkeep: PostgresIndex['upkeep'];
  learn(tenantId: TenantId): Promise<boolean>;
  /** Each with a seq. */
  place(tenantId: TenantId, docs: readonly Doc[]): Promise<void>;
  close(): Promise<void>;
}

export async function openIndexes(place: { url: string; ownerUrl: string }): Promise<Opened> {
  const database = await openSearchDatabase(place, [{ name: '0003-meaning', sql: spaceTable() + vectorTables() + forgottenVectors() }]);
  const { index, lexicon, upkeep } = processOver(database);
  const embeddings = localEmbeddings({ spaces: postgresSpaces(database), corpus: postgresCorpus(database), termsOf: termsOf() });
  const vectors = postgresVectorIndex({ database });
  return {
    database, upkeep, learn: embeddings.learn, place: placedDocuments(vectors, embeddings).apply,
    indexes: { keyword: index, anew: [], meaning: { vectors, embeddings, lexicon, placed: async () => EVERYTHING } },
    async close() {
      await embeddings.close();
      await database.close();
    },
  };
}

/** The modes of the service over these items, for as long as `body` takes. */
export async function withService<T>(body: (rankers: (items: readonly Item[]) => Promise<Ranker[]>) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-'));
  const postgres = await embeddedPostgres({ folder: join(folder, 'postgres') });
  const opened = await openIndexes({ url: withDatabase(postgres.url, 'bench_quality'), ownerUrl: await createDatabase(postgres.ownerUrl, 'bench_quality') });
  try {
    return await body((items) => modesOver(items, opened));
  } finally {
    await opened.close();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function modesOver(items: readonly Item[], { database, upkeep, indexes, learn, place }: Opened): Promise<Ranker[]> {
  const [tenantId, collectionId]: [TenantId, CollectionId] = [newId('tnt'), newId('col')];
  const named = new Map<ItemId, string>();
  const docs = items.map(({ id, title, tags, body }, at) => {
    const doc = docOf({ tenantId, collectionId, title, tags, body, seq: BigInt(at + 1) });
    named.set(doc.itemId, id);
    return doc;
  });
  await writeDocuments(database, tenantId, docs);
  await upkeep.settle(tenantId);
  await learn(tenantId);
  await place(tenantId, docs);
  return SEARCH_MODES.map((mode): Ranker => ({
    name: `Atlas, \`${mode}\``,
    async rank(question, first) {
      const { hits } = await rankBy(mode, { tenantId, reach: { everything: true }, query: queryOf(`${question} `), filter: {} }, indexes)({ first, after: null, facets: false });
      return hits.map(({ itemId }) => named.get(itemId)!);
    },
  }));
}

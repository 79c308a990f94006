/** The two tables that the keyword index follows, filled as the search service fills them; and the index over them, as one process has it. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { databaseOpener, type Database } from '../../platform/database/database.ts';
import type { Migration } from '../../platform/database/migrate.ts';
import { tenantTable } from '../../platform/database/rights.ts';
import { newId, type CollectionId, type TenantId } from '../../platform/ids.ts';
import { openLog } from '../../platform/log.ts';
import type { ServiceName } from '../../platform/names.ts';
import type { Doc } from '../../subgraphs/search/domain/ports.ts';
import { openAnalyzer } from '../../subgraphs/search/infrastructure/analyzer.ts';
import { keywordIndex } from '../../subgraphs/search/infrastructure/migrations/0002-keyword-index.ts';
import { openPostgresIndex } from '../../subgraphs/search/infrastructure/postgres-index/open.ts';
import { rowsOf } from '../../subgraphs/search/infrastructure/postgres-index/statement.ts';
import { asSearch, type Limits } from '../../subgraphs/search/infrastructure/postgres-index/tenant-view.ts';

const ID = 'text COLLATE "C"';
const documents: Migration = {
  name: '0001-documents',
  sql: `
    CREATE TABLE search.tenant (tenant_id ${ID} PRIMARY KEY, seq bigint NOT NULL DEFAULT 0);
    ${tenantTable('search', 'tenant')}
    CREATE TABLE search.document (
      tenant_id ${ID} NOT NULL, item_id ${ID} NOT NULL, seq bigint NOT NULL, version int NOT NULL, collection_id ${ID} NOT NULL, title text NOT NULL, tags text[] NOT NULL,
      body text NOT NULL, attached text NOT NULL, language ${ID} NOT NULL, metadata jsonb NOT NULL, created_by ${ID} NOT NULL, created_at timestamptz(3) NOT NULL,
      updated_at timestamptz(3) NOT NULL, deleted boolean NOT NULL, PRIMARY KEY (tenant_id, item_id), UNIQUE (tenant_id, seq)
    );
    ${tenantTable('search', 'document')}
  `,
};

export const openSearchDatabase = (place: { url: string; ownerUrl: string }, more: readonly Migration[] = []): Promise<Database> =>
  databaseOpener({ ...place, poolMax: 6, statementMs: 60_000, log: openLog({ level: 'silent', pretty: false, destination: { write: () => undefined } }) })({ service: 'search' as ServiceName, tables: [], migrations: [documents, keywordIndex, ...more] });

const analyzer = openAnalyzer();
export const analyzerOfTests = analyzer;
export const processOver = (database: Database, limits?: Limits) => openPostgresIndex({ database, analyzer, ...(limits && { limits }) });

const COLUMNS = 'tenant_id, item_id, seq, version, collection_id, title, tags, body, attached, language, metadata, created_by, created_at, updated_at, deleted';

/** In one transaction: each with the next number of its tenant. */
export async function writeDocuments(database: Database, tenantId: TenantId, docs: readonly Doc[]): Promise<void> {
  await database.transaction(asSearch(tenantId), 'write', (em) => putDocuments(em, tenantId, docs));
}
async function putDocuments(em: EntityManager, tenantId: TenantId, docs: readonly Doc[]): Promise<void> {
  await rowsOf(em, { values: [tenantId], text: 'INSERT INTO search.tenant (tenant_id) VALUES (?) ON CONFLICT DO NOTHING' });
  const [{ seq }] = await rowsOf<{ seq: bigint }>(em, { values: [docs.length, tenantId], text: 'UPDATE search.tenant SET seq = seq + ? WHERE tenant_id = ? RETURNING seq' }) as [{ seq: bigint }];
  for (let from = 0; from < docs.length; from += 500) {
    const rows = docs.slice(from, from + 500).map((doc, at) => ({
      tenant_id: tenantId, item_id: doc.itemId, seq: Number(seq) - docs.length + 1 + from + at, version: doc.version, collection_id: doc.collectionId, title: doc.title, tags: doc.tags, body: doc.body, attached: doc.attached,
      language: doc.language, metadata: doc.metadata, created_by: doc.createdBy, created_at: doc.createdAt, updated_at: doc.updatedAt, deleted: doc.deleted,
    }));
    await rowsOf(em, {
      values: [JSON.stringify(rows)],
      text: `INSERT INTO search.document (${COLUMNS}) SELECT ${COLUMNS} FROM json_populate_recordset(NULL::search.document, ?::json)
        ON CONFLICT (tenant_id, item_id) DO UPDATE SET (${COLUMNS}) = ROW (${COLUMNS.split(', ').map((column) => `excluded.${column}`).join(', ')})`,
    });
  }
}

/** What is not said is empty, and of the first of these days. */
export const docOf = (said: Partial<Doc> & Pick<Doc, 'tenantId' | 'collectionId'>): Doc => ({
  itemId: newId('itm'), seq: 0n, version: 1, title: '', tags: [], body: '', attached: '', language: 'en', metadata: {}, createdBy: 'usr_someone',
  createdAt: new Date('2026-01-01T00:00:00Z'), updatedAt: new Date('2026-01-01T00:00:00Z'), deleted: false, ...said,
});
export const someCollection = (): CollectionId => newId('col');

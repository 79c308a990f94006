/** A database with the tables that search's adapters of meaning keep, and documents for them to learn from. */
import { databaseOpener, type Database } from '../../platform/database/database.ts';
import { openLog } from '../../platform/log.ts';
import { tenantTable } from '../../platform/database/rights.ts';
import type { ServiceName } from '../../platform/names.ts';
import { newId, type TenantId } from '../../platform/ids.ts';
import { spaceTable } from '../../subgraphs/search/infrastructure/embeddings/space-table.ts';
import { rowsOf } from '../../subgraphs/search/infrastructure/postgres-index/statement.ts';
import { forgottenVectors, vectorTables } from '../../subgraphs/search/infrastructure/vectors/vector-table.ts';
import { freshDatabase } from './databases.ts';

const ID = 'text COLLATE "C"';
/** As far as they are read here. */
const documents = `
  CREATE TABLE search.document (
    tenant_id ${ID} NOT NULL, item_id ${ID} NOT NULL, title text NOT NULL, tags text[] NOT NULL, body text NOT NULL, attached text NOT NULL,
    language ${ID} NOT NULL DEFAULT 'en', deleted boolean NOT NULL DEFAULT false, PRIMARY KEY (tenant_id, item_id)
  );
  ${tenantTable('search', 'document')}`;

export interface SearchTables {
  database: Database;
  /** Each a title and a body. */
  write(tenantId: TenantId, texts: readonly (readonly [string, string])[], language?: string): Promise<void>;
  /** Those whose title is like this. */
  remove(tenantId: TenantId, title: string): Promise<void>;
  stop(): Promise<void>;
}

export async function openSearchTables(): Promise<SearchTables> {
  const at = await freshDatabase();
  const migrations = [{ name: '0001-documents', sql: documents }, { name: '0002-meaning', sql: spaceTable() + vectorTables() + forgottenVectors() }];
  const log = openLog({ level: 'silent', pretty: false });
  const database = await databaseOpener({ url: at.url, ownerUrl: at.ownerUrl, poolMax: 6, statementMs: 60_000, log })({ service: 'search' as ServiceName, tables: [], migrations });
  return {
    database,
    async remove(tenantId, title) {
      await database.transaction({ kind: 'system', id: 'system:search', userId: null, tenantId }, 'write', (em) => rowsOf(em, { text: 'DELETE FROM search.document WHERE tenant_id = ? AND title LIKE ?', values: [tenantId, title] }));
    },
    async write(tenantId, texts, language = 'en') {
      await database.transaction({ kind: 'system', id: 'system:search', userId: null, tenantId }, 'write', (em) => rowsOf(em, {
        text: `INSERT INTO search.document (tenant_id, item_id, title, tags, body, attached, language)
          SELECT ?, id, title, '{}', body, '', ? FROM unnest(?::text[], ?::text[], ?::text[]) AS t (id, title, body)`,
        values: [tenantId, language, texts.map(() => newId('itm')), texts.map(([title]) => title), texts.map(([, body]) => body)],
      }));
    },
    async stop() {
      await database.close();
      await at.drop();
    },
  };
}

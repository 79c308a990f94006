import type { Migration } from '../../../../platform/database/migrate.ts';
import { dueTable, tenantTable } from '../../../../platform/database/rights.ts';

const ID = 'text COLLATE "C"';

export const enrichments: Migration = {
  name: '0005-enrichments',
  sql: `
    CREATE TABLE ai.enrichment (
      tenant_id ${ID} NOT NULL,
      item_id ${ID} PRIMARY KEY,
      collection_id ${ID} NOT NULL,
      item_version int NOT NULL,
      rules_version int NOT NULL,
      language text,
      tags text[] NOT NULL,
      summary text,
      at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX enrichment_collection ON ai.enrichment (tenant_id, collection_id);
    CREATE INDEX enrichment_rules ON ai.enrichment (rules_version);
    ${tenantTable('ai', 'enrichment')}
    ${dueTable('ai', 'enrichment', 'tenant_id, item_id, rules_version', 'true')}

    -- Tenants whose items are left alone.
    CREATE TABLE ai.enrichment_off (tenant_id ${ID} PRIMARY KEY);
    ${tenantTable('ai', 'enrichment_off', 'SELECT, INSERT, DELETE')}
  `,
};

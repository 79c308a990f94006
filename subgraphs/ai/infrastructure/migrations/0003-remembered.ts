import type { Migration } from '../../../../platform/database/migrate.ts';
import { purgedTable, tenantTable } from '../../../../platform/database/rights.ts';

const ID = 'text COLLATE "C"';

/** Answers that may be given again, for a day, to whoever sees what their asker saw. What they say stands in the answer itself. */
export const remembered: Migration = {
  name: '0003-remembered',
  sql: `
    ALTER TABLE ai.answer ADD cache_similarity real, ADD saved_tokens int NOT NULL DEFAULT 0, ADD saved numeric NOT NULL DEFAULT 0;

    CREATE TABLE ai.remembered (
      tenant_id ${ID} NOT NULL,
      answer_id ${ID} PRIMARY KEY REFERENCES ai.answer ON DELETE CASCADE,
      key text NOT NULL,
      -- Null: of somebody who sees all there is.
      collection_ids text[],
      passages jsonb NOT NULL,
      at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX remembered_key ON ai.remembered (tenant_id, key, at DESC);
    CREATE INDEX remembered_at ON ai.remembered (at);
    ${tenantTable('ai', 'remembered', 'SELECT, INSERT, DELETE')}
    ${purgedTable('ai', 'remembered', 'tenant_id, answer_id, at', `at < now() - interval '1 day'`)}
  `,
};

import type { Migration } from '../../../../platform/database/migrate.ts';
import { tenantTable } from '../../../../platform/database/rights.ts';

const ID = 'text COLLATE "C"';

/** Which model a tenant has asked first, and by which version of what a model is told an answer was made. */
export const choices: Migration = {
  name: '0008-choices',
  sql: `
    CREATE TABLE ai.model_choice (
      tenant_id ${ID} PRIMARY KEY,
      model text,
      version int NOT NULL DEFAULT 1
    );
    ${tenantTable('ai', 'model_choice', 'SELECT, INSERT, UPDATE')}
    ALTER TABLE ai.answer ADD prompt text NOT NULL DEFAULT '';
  `,
};

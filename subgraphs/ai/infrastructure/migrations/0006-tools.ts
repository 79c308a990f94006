import type { Migration } from '../../../../platform/database/migrate.ts';

/** What the model of an answer may use, and what waits to be written. */
export const tools: Migration = {
  name: '0006-tools',
  sql: `
    ALTER TABLE ai.answer ADD tools text[] NOT NULL DEFAULT '{}', ADD drafts_in text COLLATE "C";
    ALTER TABLE ai.approval ADD proposals jsonb NOT NULL DEFAULT '[]', ADD source_ids text[] NOT NULL DEFAULT '{}';
  `,
};

import type { Migration } from '../../../../platform/database/migrate.ts';
import { tenantTable } from '../../../../platform/database/rights.ts';

const AT = 'timestamptz(3)';
const ID = 'text COLLATE "C"';

export const evals: Migration = {
  name: '0004-evals',
  sql: `
    CREATE TABLE ai.eval_set (
      id ${ID} PRIMARY KEY,
      tenant_id ${ID} NOT NULL,
      name text NOT NULL,
      questions jsonb NOT NULL,
      created_at ${AT} NOT NULL,
      updated_at ${AT} NOT NULL,
      version int NOT NULL DEFAULT 1
    );
    CREATE INDEX eval_set_page ON ai.eval_set (tenant_id, id DESC);
    ${tenantTable('ai', 'eval_set', 'SELECT, INSERT, UPDATE')}

    CREATE TABLE ai.eval_run (
      id ${ID} PRIMARY KEY,
      tenant_id ${ID} NOT NULL,
      set_id ${ID} NOT NULL REFERENCES ai.eval_set ON DELETE CASCADE,
      started_by ${ID} NOT NULL,
      job_id ${ID},
      prompt text NOT NULL,
      model text NOT NULL,
      measures jsonb,
      each jsonb NOT NULL,
      cost numeric NOT NULL,
      currency text NOT NULL,
      latency_ms_p50 int,
      latency_ms_p95 int,
      started_at ${AT} NOT NULL,
      finished_at ${AT},
      version int NOT NULL DEFAULT 1
    );
    CREATE INDEX eval_run_page ON ai.eval_run (tenant_id, id DESC);
    CREATE INDEX eval_run_set ON ai.eval_run (tenant_id, set_id, id DESC);
    ${tenantTable('ai', 'eval_run', 'SELECT, INSERT, UPDATE')}
  `,
};

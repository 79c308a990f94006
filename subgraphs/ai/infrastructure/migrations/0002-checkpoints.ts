import type { Migration } from '../../../../platform/database/migrate.ts';
import { CURRENT_TENANT } from '../../../../platform/database/rights.ts';
import { PURGE_ROLE } from '../../../../platform/database/roles.ts';

const TENANT = `tenant_id text COLLATE "C" NOT NULL DEFAULT current_setting('app.tenant_id')`;
/** What is kept of a run is of no use after so long: nothing waits in it. */
const GONE = `at < now() - interval '30 days'`;

const own = (table: string): string => `
  ALTER TABLE ai_run.${table} ENABLE ROW LEVEL SECURITY;
  ALTER TABLE ai_run.${table} FORCE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON ai_run.${table} FOR ALL TO atlas_ai USING (tenant_id = ${CURRENT_TENANT}) WITH CHECK (tenant_id = ${CURRENT_TENANT});
  GRANT SELECT, INSERT, UPDATE, DELETE ON ai_run.${table} TO atlas_ai;
  CREATE POLICY purge_see ON ai_run.${table} FOR SELECT TO ${PURGE_ROLE} USING (${GONE});
  CREATE POLICY purge ON ai_run.${table} FOR DELETE TO ${PURGE_ROLE} USING (${GONE});
  GRANT SELECT (thread_id, at), DELETE ON ai_run.${table} TO ${PURGE_ROLE};
  CREATE INDEX ${table}_at ON ai_run.${table} (at);`;

/** The tables of LangGraph's checkpointer, as its version 1.0 makes them, each row of one tenant. */
export const checkpoints: Migration = {
  name: '0002-checkpoints',
  sql: `
    CREATE SCHEMA ai_run;
    GRANT USAGE ON SCHEMA ai_run TO atlas_ai, ${PURGE_ROLE};
    CREATE TABLE ai_run.checkpoints (
      thread_id text NOT NULL, checkpoint_ns text NOT NULL DEFAULT '', checkpoint_id text NOT NULL, parent_checkpoint_id text,
      type text, checkpoint jsonb NOT NULL, metadata jsonb NOT NULL DEFAULT '{}', ${TENANT}, at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (thread_id, checkpoint_ns, checkpoint_id)
    );
    ${own('checkpoints')}
    CREATE TABLE ai_run.checkpoint_blobs (
      thread_id text NOT NULL, checkpoint_ns text NOT NULL DEFAULT '', channel text NOT NULL, version text NOT NULL,
      type text NOT NULL, blob bytea, ${TENANT}, at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (thread_id, checkpoint_ns, channel, version)
    );
    ${own('checkpoint_blobs')}
    CREATE TABLE ai_run.checkpoint_writes (
      thread_id text NOT NULL, checkpoint_ns text NOT NULL DEFAULT '', checkpoint_id text NOT NULL, task_id text NOT NULL, idx integer NOT NULL,
      channel text NOT NULL, type text, blob bytea NOT NULL, ${TENANT}, at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (thread_id, checkpoint_ns, checkpoint_id, task_id, idx)
    );
    ${own('checkpoint_writes')}
  `,
};

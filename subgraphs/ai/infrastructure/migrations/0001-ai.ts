import type { Migration } from '../../../../platform/database/migrate.ts';
import { dueTable, purgedTable, tenantTable } from '../../../../platform/database/rights.ts';
import { jobRights } from '../../../../platform/jobs/tables.ts';
import { outboxTables } from '../../../../platform/outbox/tables.ts';

const AT = 'timestamptz(3)';
const ID = 'text COLLATE "C"';

export const ai: Migration = {
  name: '0001-ai',
  sql: `
    ${outboxTables('ai')}
    ${jobRights('ai')}

    CREATE TABLE ai.conversation (
      id ${ID} PRIMARY KEY,
      tenant_id ${ID} NOT NULL,
      -- A person or a key: nobody else sees it.
      owner ${ID} NOT NULL,
      title text NOT NULL,
      created_at ${AT} NOT NULL,
      updated_at ${AT} NOT NULL,
      version int NOT NULL DEFAULT 1
    );
    CREATE INDEX conversation_page ON ai.conversation (tenant_id, owner, updated_at DESC, id DESC);
    ${tenantTable('ai', 'conversation')}

    CREATE TABLE ai.answer (
      id ${ID} PRIMARY KEY,
      tenant_id ${ID} NOT NULL,
      conversation_id ${ID} NOT NULL REFERENCES ai.conversation ON DELETE CASCADE,
      owner ${ID} NOT NULL,
      question text NOT NULL,
      collection_ids text[],
      regenerates ${ID},
      state text NOT NULL CHECK (state IN ('STREAMING', 'COMPLETED', 'AWAITING_APPROVAL', 'REJECTED', 'CANCELLED', 'FAILED', 'BUDGET_STOPPED')),
      text text,
      answered boolean NOT NULL,
      citations jsonb NOT NULL,
      model text NOT NULL,
      input_tokens int NOT NULL,
      output_tokens int NOT NULL,
      cost numeric NOT NULL,
      currency text NOT NULL,
      billed boolean NOT NULL,
      code text,
      rating smallint,
      created_at ${AT} NOT NULL,
      finished_at ${AT},
      version int NOT NULL DEFAULT 1
    );
    CREATE INDEX answer_conversation ON ai.answer (tenant_id, conversation_id, id);
    CREATE INDEX answer_open ON ai.answer (tenant_id, owner) WHERE state = 'STREAMING';
    ${tenantTable('ai', 'answer')}

    -- What happens while an answer is made. Whoever follows reads it; so does whoever takes up a run that died.
    CREATE TABLE ai.answer_event (
      tenant_id ${ID} NOT NULL,
      answer_id ${ID} NOT NULL REFERENCES ai.answer ON DELETE CASCADE,
      seq int NOT NULL,
      body jsonb NOT NULL,
      at ${AT} NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, answer_id, seq)
    );
    CREATE INDEX answer_event_at ON ai.answer_event (at);
    ${tenantTable('ai', 'answer_event', 'SELECT, INSERT, DELETE')}
    ${purgedTable('ai', 'answer_event', 'tenant_id, answer_id, seq, at', `at < now() - interval '30 days'`)}

    -- Which process makes an answer, for as long as it says that it is alive.
    CREATE TABLE ai.run (
      tenant_id ${ID} NOT NULL,
      answer_id ${ID} PRIMARY KEY REFERENCES ai.answer ON DELETE CASCADE,
      holder text NOT NULL,
      held_until timestamptz NOT NULL,
      begun int NOT NULL DEFAULT 1
    );
    ${tenantTable('ai', 'run')}
    ${dueTable('ai', 'run', 'tenant_id, answer_id, held_until', 'held_until < now()')}

    CREATE TABLE ai.approval (
      id ${ID} PRIMARY KEY,
      tenant_id ${ID} NOT NULL,
      answer_id ${ID} NOT NULL REFERENCES ai.answer ON DELETE CASCADE,
      reasons text[] NOT NULL,
      state text NOT NULL CHECK (state IN ('PENDING', 'APPROVED', 'REJECTED', 'EXPIRED')),
      requested_at ${AT} NOT NULL,
      expires_at ${AT} NOT NULL,
      decided_at ${AT},
      decided_by ${ID},
      why text,
      edited boolean NOT NULL,
      version int NOT NULL DEFAULT 1,
      CONSTRAINT approval_of_answer UNIQUE (tenant_id, answer_id)
    );
    CREATE INDEX approval_page ON ai.approval (tenant_id, id DESC);
    ${tenantTable('ai', 'approval')}
    ${dueTable('ai', 'approval', 'tenant_id, id, expires_at, state', `state = 'PENDING' AND expires_at < now()`)}

    CREATE TABLE ai.approval_policy (
      tenant_id ${ID} PRIMARY KEY,
      min_confidence real,
      sensitive_tags text[] NOT NULL,
      approver_ids text[] NOT NULL,
      expires_hours int NOT NULL,
      version int NOT NULL DEFAULT 1
    );
    ${tenantTable('ai', 'approval_policy', 'SELECT, INSERT, UPDATE')}
  `,
};

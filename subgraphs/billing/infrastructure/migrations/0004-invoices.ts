import type { Migration } from '../../../../platform/database/migrate.ts';
import { dueTable, purgedTable, sharedTable, tenantTable } from '../../../../platform/database/rights.ts';

const AT = 'timestamptz(3)';
const ID = 'text COLLATE "C"';

export const invoices: Migration = {
  name: '0004-invoices',
  sql: `
    -- One row a year, held by whoever takes a number until their work is done: a work that is undone gives it back.
    CREATE TABLE billing.invoice_number (
      year int PRIMARY KEY,
      last int NOT NULL CHECK (last > 0)
    );
    ${sharedTable('billing', 'invoice_number', 'SELECT, INSERT, UPDATE')}

    CREATE TABLE billing.invoice (
      id ${ID} PRIMARY KEY,
      tenant_id ${ID} NOT NULL,
      number ${ID} NOT NULL,
      state text NOT NULL CHECK (state IN ('OPEN', 'PAID', 'VOID', 'UNCOLLECTIBLE')),
      plan ${ID} NOT NULL,
      period_from ${AT} NOT NULL,
      period_to ${AT} NOT NULL,
      currency ${ID} NOT NULL,
      lines jsonb NOT NULL,
      total numeric NOT NULL,
      credited numeric NOT NULL,
      due numeric NOT NULL CHECK (due >= 0 AND due = total - credited),
      closed_at ${AT} NOT NULL,
      settled_at ${AT},
      version int NOT NULL DEFAULT 1,
      CONSTRAINT invoice_number_once UNIQUE (number),
      CONSTRAINT invoice_period_once UNIQUE (tenant_id, period_from, currency)
    );
    CREATE INDEX invoice_page ON billing.invoice (tenant_id, id DESC);
    ${tenantTable('billing', 'invoice', 'SELECT, INSERT, UPDATE')}

    CREATE TABLE billing.provider_task (
      id ${ID} PRIMARY KEY,
      tenant_id ${ID} NOT NULL,
      reference text NOT NULL,
      wish jsonb NOT NULL,
      due_at ${AT} NOT NULL,
      tries int NOT NULL DEFAULT 0,
      leased_until ${AT},
      fault text,
      done_at ${AT}
    );
    CREATE INDEX provider_task_first ON billing.provider_task (tenant_id, id) WHERE done_at IS NULL;
    ${tenantTable('billing', 'provider_task', 'SELECT, INSERT, UPDATE')}
    ${dueTable('billing', 'provider_task', 'tenant_id, due_at, leased_until, done_at', 'done_at IS NULL')}
    CREATE INDEX provider_task_done ON billing.provider_task (done_at) WHERE done_at IS NOT NULL;
    ${purgedTable('billing', 'provider_task', 'id, done_at', `done_at < now() - interval '30 days'`)}

    -- What a provider would keep, for as long as there is none: with the same states.
    CREATE TABLE billing.local_subscription (
      tenant_id ${ID} PRIMARY KEY,
      plan ${ID} NOT NULL,
      plan_version int NOT NULL,
      seats int NOT NULL,
      currency ${ID} NOT NULL,
      state text NOT NULL CHECK (state IN ('ACTIVE', 'PAST_DUE', 'CANCELED')),
      period_from ${AT} NOT NULL,
      period_to ${AT} NOT NULL,
      anchor ${AT} NOT NULL,
      cancel_at_period_end boolean NOT NULL DEFAULT false,
      next jsonb,
      -- Set by hand, to see what becomes of a payment that is declined.
      declines boolean NOT NULL DEFAULT false,
      latest jsonb,
      attempts int NOT NULL DEFAULT 0,
      attempted_at ${AT}
    );
    ${tenantTable('billing', 'local_subscription')}
  `,
};

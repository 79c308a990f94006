import type { Migration } from '../../../../platform/database/migrate.ts';
import { dueTable, tenantTable } from '../../../../platform/database/rights.ts';

const AT = 'timestamptz(3)';
const ID = 'text COLLATE "C"';

export const budgets: Migration = {
  name: '0011-budgets',
  sql: `
    CREATE TABLE billing.budget (
      id ${ID} PRIMARY KEY,
      tenant_id ${ID} NOT NULL,
      period text NOT NULL CHECK (period IN ('DAY', 'MONTH')),
      unit text NOT NULL CHECK (unit IN ('POINTS', 'TOKENS', 'MONEY')),
      user_id ${ID},
      key_id ${ID},
      collection_id ${ID},
      amount numeric NOT NULL CHECK (amount > 0),
      currency ${ID} CHECK ((currency IS NOT NULL) = (unit = 'MONEY')),
      hard boolean NOT NULL,
      created_at ${AT} NOT NULL,
      version int NOT NULL DEFAULT 1,
      CONSTRAINT budget_one UNIQUE NULLS NOT DISTINCT (tenant_id, period, unit, user_id, key_id, collection_id)
    );
    ${tenantTable('billing', 'budget')}

    CREATE TABLE billing.budget_period (
      budget_id ${ID} NOT NULL REFERENCES billing.budget (id) ON DELETE CASCADE,
      period_from ${AT} NOT NULL,
      tenant_id ${ID} NOT NULL,
      spent numeric NOT NULL DEFAULT 0,
      leased numeric NOT NULL DEFAULT 0 CHECK (leased >= 0),
      -- The highest step of it that was told: 50, 80, 100.
      told int NOT NULL DEFAULT 0,
      PRIMARY KEY (budget_id, period_from)
    ) WITH (fillfactor = 70);
    ${tenantTable('billing', 'budget_period')}

    -- What a process or an answer has reserved: once for each period, and more when it asks again.
    CREATE TABLE billing.budget_lease (
      budget_id ${ID} NOT NULL,
      period_from ${AT} NOT NULL,
      holder ${ID} NOT NULL,
      tenant_id ${ID} NOT NULL,
      granted numeric NOT NULL,
      metered numeric NOT NULL CHECK (metered <= granted),
      expires_at ${AT} NOT NULL,
      PRIMARY KEY (budget_id, period_from, holder),
      FOREIGN KEY (budget_id, period_from) REFERENCES billing.budget_period (budget_id, period_from) ON DELETE CASCADE
    ) WITH (fillfactor = 70);
    CREATE INDEX budget_lease_due ON billing.budget_lease (expires_at);
    ${tenantTable('billing', 'budget_lease')}
    ${dueTable('billing', 'budget_lease', 'tenant_id, expires_at', `expires_at <= now()`)}
  `,
};

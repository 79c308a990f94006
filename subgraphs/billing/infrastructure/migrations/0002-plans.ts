import type { Migration } from '../../../../platform/database/migrate.ts';
import { dueTable, sharedTable, tenantTable } from '../../../../platform/database/rights.ts';

const AT = 'timestamptz(3)';
const ID = 'text COLLATE "C"';

export const plans: Migration = {
  name: '0002-plans',
  sql: `
    -- What was ever sold. A row never changes: whoever has bought it keeps it.
    CREATE TABLE billing.plan (
      key ${ID} NOT NULL,
      version int NOT NULL CHECK (version > 0),
      terms jsonb NOT NULL,
      PRIMARY KEY (key, version)
    );
    ${sharedTable('billing', 'plan', 'SELECT, INSERT')}

    CREATE TABLE billing.subscription (
      id ${ID} PRIMARY KEY,
      tenant_id ${ID} NOT NULL,
      sandbox boolean NOT NULL,
      plan ${ID} NOT NULL,
      plan_version int NOT NULL,
      seats int NOT NULL CHECK (seats > 0),
      currency ${ID} NOT NULL,
      -- Since when it is this plan in this currency.
      held_since ${AT} NOT NULL,
      state text NOT NULL CHECK (state IN ('TRIALING', 'ACTIVE', 'PAST_DUE', 'CANCELED')),
      period_from ${AT} NOT NULL,
      period_to ${AT} NOT NULL,
      anchor ${AT} NOT NULL,
      next_plan ${ID},
      next_seats int,
      tried_at ${AT},
      reference text,
      customer text,
      created_at ${AT} NOT NULL,
      version int NOT NULL DEFAULT 1,
      CONSTRAINT subscription_once UNIQUE (tenant_id),
      CONSTRAINT subscription_plan FOREIGN KEY (plan, plan_version) REFERENCES billing.plan (key, version),
      CHECK (period_from < period_to)
    );
    CREATE INDEX subscription_due ON billing.subscription (period_to);
    ${tenantTable('billing', 'subscription', 'SELECT, INSERT, UPDATE')}
    ${dueTable('billing', 'subscription', 'tenant_id, period_to', 'true')}

    -- What each tenant had bought since when: usage that is heard of late is worth what it was worth then. Kept by the
    -- database, so that no change of a plan can go by without it.
    CREATE TABLE billing.held (
      tenant_id ${ID} NOT NULL,
      since ${AT} NOT NULL,
      plan ${ID} NOT NULL,
      plan_version int NOT NULL,
      currency ${ID} NOT NULL,
      sandbox boolean NOT NULL,
      -- Whether somebody paid for it: what was used of it is billed then.
      paid boolean NOT NULL,
      PRIMARY KEY (tenant_id, since)
    );
    ${tenantTable('billing', 'held', 'SELECT, INSERT, UPDATE')}
    CREATE FUNCTION billing.note_held() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO billing.held (tenant_id, since, plan, plan_version, currency, sandbox, paid)
        VALUES (NEW.tenant_id, NEW.held_since, NEW.plan, NEW.plan_version, NEW.currency, NEW.sandbox, NEW.reference IS NOT NULL)
        ON CONFLICT (tenant_id, since) DO UPDATE SET plan = excluded.plan, plan_version = excluded.plan_version, currency = excluded.currency, paid = excluded.paid;
      RETURN NEW;
    END $$;
    CREATE TRIGGER note_held AFTER INSERT OR UPDATE OF plan, plan_version, currency, reference ON billing.subscription FOR EACH ROW EXECUTE FUNCTION billing.note_held();
  `,
};

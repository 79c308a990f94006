import type { Migration } from '../../../../platform/database/migrate.ts';
import { dueTable, sharedTable, tenantTable } from '../../../../platform/database/rights.ts';
import { CLOCK_ROLE } from '../../../../platform/database/roles.ts';

const AT = 'timestamptz(3)';
const ID = 'text COLLATE "C"';

export const provider: Migration = {
  name: '0020-provider',
  sql: `
    -- Who pays for a tenant at the provider.
    CREATE TABLE billing.provider_customer (
      tenant_id ${ID} PRIMARY KEY,
      customer ${ID} NOT NULL,
      created_at ${AT} NOT NULL DEFAULT now()
    );
    ${tenantTable('billing', 'provider_customer', 'SELECT, INSERT')}

    ${dueTable('billing', 'provider_customer', 'tenant_id, customer', 'true')}

    -- What it has been told of usage on each day, and what it is being told.
    CREATE TABLE billing.provider_usage (
      tenant_id ${ID} NOT NULL,
      metric ${ID} NOT NULL,
      day ${AT} NOT NULL,
      told numeric NOT NULL DEFAULT 0,
      telling numeric,
      -- How often it has been told.
      round int NOT NULL DEFAULT 0,
      PRIMARY KEY (tenant_id, metric, day)
    );
    ${tenantTable('billing', 'provider_usage', 'SELECT, INSERT, UPDATE')}

    -- What the provider has told, so that it is heeded once; nothing of what it said.
    CREATE TABLE billing.provider_signal (
      id ${ID} PRIMARY KEY,
      type text NOT NULL,
      subject ${ID},
      told_at ${AT} NOT NULL,
      received_at ${AT} NOT NULL DEFAULT now()
    );
    CREATE INDEX provider_signal_old ON billing.provider_signal (received_at);
    ${sharedTable('billing', 'provider_signal', 'SELECT, INSERT, DELETE')}

    -- One a thing at the provider that is to be looked at, and who looks until when.
    CREATE TABLE billing.provider_lane (
      subject ${ID} PRIMARY KEY,
      woken bigint NOT NULL DEFAULT 1,
      due_at ${AT},
      leased_until ${AT},
      lease text,
      tries int NOT NULL DEFAULT 0,
      looked_at ${AT}
    );
    CREATE INDEX provider_lane_due ON billing.provider_lane (due_at) WHERE due_at IS NOT NULL;
    CREATE INDEX provider_lane_old ON billing.provider_lane (looked_at);
    ${sharedTable('billing', 'provider_lane')}

    -- Which subscriptions there are to be compared with the provider's.
    GRANT SELECT (reference) ON billing.subscription TO ${CLOCK_ROLE};
  `,
};

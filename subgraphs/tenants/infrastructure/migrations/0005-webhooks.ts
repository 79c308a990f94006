import type { Migration } from '../../../../platform/database/migrate.ts';
import { dueTable, purgedTable, tenantTable } from '../../../../platform/database/rights.ts';

const AT = 'timestamptz(3)';
const ID = 'text COLLATE "C"';

export const webhooks: Migration = {
  name: '0005-webhooks',
  sql: `
    CREATE TABLE tenants.webhook (
      id ${ID} PRIMARY KEY,
      tenant_id ${ID} NOT NULL REFERENCES tenants.tenant (id),
      created_at ${AT} NOT NULL,
      url text NOT NULL,
      event_types text[] NOT NULL,
      description text NOT NULL,
      secret text NOT NULL,
      former_secret text,
      former_secret_until ${AT},
      disabled_at ${AT},
      disabled_reason text CHECK (disabled_reason IN ('REQUESTED', 'GONE', 'FAILING')),
      version int NOT NULL DEFAULT 1
    );
    CREATE INDEX webhook_page ON tenants.webhook (tenant_id, id DESC);
    ${tenantTable('tenants', 'webhook')}

    -- One a webhook: who serves it until when, and how well its receiver does.
    CREATE TABLE tenants.webhook_lane (
      webhook_id ${ID} PRIMARY KEY REFERENCES tenants.webhook (id) ON DELETE CASCADE,
      tenant_id ${ID} NOT NULL,
      due_at ${AT},
      paused_until ${AT},
      leased_until ${AT},
      lease text,
      served_at ${AT},
      failures int NOT NULL DEFAULT 0,
      failing_since ${AT}
    );
    CREATE INDEX webhook_lane_due ON tenants.webhook_lane (due_at) WHERE due_at IS NOT NULL;
    ${tenantTable('tenants', 'webhook_lane')}
    ${dueTable('tenants', 'webhook_lane', 'tenant_id, webhook_id, due_at, paused_until, leased_until, served_at, failures', 'due_at <= now()')}

    CREATE TABLE tenants.webhook_delivery (
      id ${ID} PRIMARY KEY,
      tenant_id ${ID} NOT NULL,
      -- Of the lane, which whoever queues has locked already: the webhook itself is locked before its lane, never after.
      webhook_id ${ID} NOT NULL REFERENCES tenants.webhook_lane (webhook_id) ON DELETE CASCADE,
      event_id ${ID} NOT NULL,
      event_type text NOT NULL,
      payload text NOT NULL,
      created_at ${AT} NOT NULL DEFAULT now(),
      state text NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'DELIVERED', 'FAILED')),
      attempts int NOT NULL DEFAULT 0,
      tries int NOT NULL DEFAULT 0,
      response_code int,
      response_excerpt text,
      failure text,
      duration_ms int,
      attempted_at ${AT},
      next_attempt_at ${AT} DEFAULT now(),
      version int NOT NULL DEFAULT 1,
      CONSTRAINT webhook_delivery_once UNIQUE (webhook_id, event_id)
    );
    CREATE INDEX webhook_delivery_page ON tenants.webhook_delivery (tenant_id, webhook_id, id DESC);
    CREATE INDEX webhook_delivery_due ON tenants.webhook_delivery (webhook_id, next_attempt_at, id) WHERE state = 'PENDING';
    CREATE INDEX webhook_delivery_old ON tenants.webhook_delivery (created_at);
    ${tenantTable('tenants', 'webhook_delivery')}
    ${purgedTable('tenants', 'webhook_delivery', 'id, created_at, state', `created_at < now() - interval '30 days' AND state <> 'PENDING'`)}
  `,
};

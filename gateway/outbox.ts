import type { Migration } from '../platform/database/migrate.ts';
import { outboxTable } from '../platform/outbox/tables.ts';

/** The gateway hears nothing and changes nothing; it only tells. */
export const outbox: Migration = { name: '0001-outbox', sql: outboxTable('gateway') };

/** What all tenants have used in a moment is written in one statement and kept by one commit: of this event a row's tenant is the event's own. */
export const usageOfAll: Migration = {
  name: '0002-usage-of-all',
  sql: `
    CREATE POLICY tell_usage ON gateway.outbox FOR INSERT TO atlas_gateway
      WITH CHECK (tenant_id IS NOT NULL AND tenant_id = envelope ->> 'tenant' AND envelope ->> 'type' = 'gateway.usage-recorded');`,
};

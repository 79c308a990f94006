import { dueTable } from '../../../../platform/database/rights.ts';
import type { Migration } from '../../../../platform/database/migrate.ts';

/**
 * Tenants that were founded before billing was there may be older than what the log still has, so they are told once more.
 * The rows that there are now have not been; every later one is told when it is founded.
 */
export const recalled: Migration = {
  name: '0008-recalled',
  sql: `
    ALTER TABLE tenants.tenant ADD COLUMN recalled boolean NOT NULL DEFAULT false;
    ALTER TABLE tenants.tenant ALTER COLUMN recalled SET DEFAULT true;
    CREATE INDEX tenant_to_recall ON tenants.tenant (id) WHERE NOT recalled;
    ${dueTable('tenants', 'tenant', 'id, recalled', 'NOT recalled')}
  `,
};

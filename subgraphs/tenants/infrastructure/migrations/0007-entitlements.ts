import type { Migration } from '../../../../platform/database/migrate.ts';

/** What follows from a tenant's plan, as it was last heard of; until then nothing is switched on by it, and seats are not counted. */
export const entitlements: Migration = {
  name: '0007-entitlements',
  sql: `
    ALTER TABLE tenants.tenant ADD COLUMN plan_features text[] NOT NULL DEFAULT '{}';
    ALTER TABLE tenants.tenant ADD COLUMN seats int;
    ALTER TABLE tenants.tenant ADD COLUMN entitled_version int NOT NULL DEFAULT 0;
  `,
};

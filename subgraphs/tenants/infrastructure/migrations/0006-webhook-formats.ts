import type { Migration } from '../../../../platform/database/migrate.ts';

export const webhookFormats: Migration = {
  name: '0006-webhook-formats',
  sql: "ALTER TABLE tenants.webhook ADD COLUMN format text NOT NULL DEFAULT 'CLOUD_EVENT' CHECK (format IN ('CLOUD_EVENT', 'SLACK'));",
};

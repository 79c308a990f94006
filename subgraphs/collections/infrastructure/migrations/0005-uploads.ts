import type { Migration } from '../../../../platform/database/migrate.ts';
import { dueTable, tenantTable } from '../../../../platform/database/rights.ts';

const AT = 'timestamptz(3)';
const ID = 'text COLLATE "C"';

export const uploads: Migration = {
  name: '0005-uploads',
  sql: `
    -- What somebody was given a URL for, until it is used or its time is over.
    CREATE TABLE collections.upload (
      id ${ID} PRIMARY KEY,
      tenant_id ${ID} NOT NULL,
      created_by ${ID} NOT NULL,
      purpose text NOT NULL CHECK (purpose IN ('ATTACHMENT', 'IMPORT')),
      name text NOT NULL,
      type text NOT NULL,
      bytes bigint NOT NULL,
      sha256 text,
      object_key text NOT NULL,
      created_at ${AT} NOT NULL,
      expires_at ${AT} NOT NULL,
      -- Of the url alone: what was sent can be used for a while longer.
      kept_until ${AT} NOT NULL,
      used_at ${AT},
      version int NOT NULL DEFAULT 1
    );
    CREATE INDEX upload_open ON collections.upload (tenant_id, created_by) WHERE used_at IS NULL;
    CREATE INDEX upload_due ON collections.upload (kept_until);
    ${tenantTable('collections', 'upload')}
    ${dueTable('collections', 'upload', 'tenant_id, id, kept_until', 'kept_until <= now()')}
  `,
};

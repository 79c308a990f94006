import type { Migration } from '../../../../platform/database/migrate.ts';

/** A key that was made before goes on as it was. */
export const trustedDocuments: Migration = {
  name: '0003-trusted-documents',
  sql: 'ALTER TABLE tenants.api_key ADD COLUMN trusted_documents_only boolean NOT NULL DEFAULT false;',
};

import type { Migration } from '../../../../platform/database/migrate.ts';
import { dueTable, tenantTable } from '../../../../platform/database/rights.ts';

const AT = 'timestamptz(3)';
const ID = 'text COLLATE "C"';

export const storage: Migration = {
  name: '0012-storage',
  sql: `
    -- What each day's storage has come to, as it was told: another count tells what differs.
    CREATE TABLE billing.storage_day (
      tenant_id ${ID} NOT NULL,
      day ${AT} NOT NULL,
      quantity numeric NOT NULL,
      PRIMARY KEY (tenant_id, day)
    );
    ${tenantTable('billing', 'storage_day', 'SELECT, INSERT, UPDATE')}

    -- Whoever has ever stored something, and when it is counted next.
    CREATE TABLE billing.storage_count (
      tenant_id ${ID} PRIMARY KEY,
      due_at ${AT} NOT NULL DEFAULT now()
    );
    CREATE INDEX storage_count_due ON billing.storage_count (due_at);
    ${tenantTable('billing', 'storage_count', 'SELECT, INSERT, UPDATE')}
    ${dueTable('billing', 'storage_count', 'tenant_id, due_at', 'true')}
    CREATE FUNCTION billing.note_stored() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO billing.storage_count (tenant_id) VALUES (NEW.tenant_id) ON CONFLICT DO NOTHING;
      RETURN NULL;
    END $$;
    CREATE TRIGGER note_stored AFTER INSERT ON billing.usage_level FOR EACH ROW WHEN (NEW.metric = 'storage.bytes') EXECUTE FUNCTION billing.note_stored();
  `,
};

import type { Migration } from '../../../../platform/database/migrate.ts';
import { tenantTable } from '../../../../platform/database/rights.ts';

const ID = 'text COLLATE "C"';
/** Rows that are there already are counted by the owner, whom row-level security shows them for as long as that takes. */
const seenByOwner = (table: string, body: string): string => `ALTER TABLE collections.${table} NO FORCE ROW LEVEL SECURITY; ${body}; ALTER TABLE collections.${table} FORCE ROW LEVEL SECURITY;`;

export const planLimits: Migration = {
  name: '0009-plan-limits',
  sql: `
    -- How much there may be by the tenant's plan, as it was last heard of. Null: as much as one likes.
    CREATE TABLE collections.plan_limit (
      tenant_id ${ID} PRIMARY KEY,
      version int NOT NULL,
      collections bigint,
      items bigint,
      storage_bytes bigint
    );
    ${tenantTable('collections', 'plan_limit', 'SELECT, INSERT, UPDATE')}

    -- How much a tenant has in all, whoever sees what of it: in several rows, so that those who write at once need not queue for one.
    CREATE TABLE collections.tenant_tally (
      tenant_id ${ID} NOT NULL,
      slot smallint NOT NULL,
      items bigint NOT NULL DEFAULT 0,
      bytes bigint NOT NULL DEFAULT 0,
      PRIMARY KEY (tenant_id, slot)
    );
    ${tenantTable('collections', 'tenant_tally', 'SELECT, INSERT, UPDATE')}
    ${seenByOwner('tally', `${seenByOwner('attachment', `${seenByOwner('tenant_tally', `
      INSERT INTO collections.tenant_tally (tenant_id, slot, items, bytes) SELECT tenant_id, 0, sum(items), sum(bytes) FROM (
        SELECT tenant_id, items, 0 AS bytes FROM collections.tally UNION ALL SELECT tenant_id, 0, bytes FROM collections.attachment) AS had GROUP BY tenant_id`)}`)}`)}

    CREATE FUNCTION collections.count_of_tenant(tenant text, items bigint, bytes bigint) RETURNS void LANGUAGE sql AS $$
      INSERT INTO collections.tenant_tally AS t (tenant_id, slot, items, bytes) VALUES (tenant, pg_backend_pid() % 16, items, bytes)
      ON CONFLICT (tenant_id, slot) DO UPDATE SET items = t.items + excluded.items, bytes = t.bytes + excluded.bytes
    $$;
    -- After the collection's own, and by the smallest id first where there are several: always in the same order.
    CREATE OR REPLACE FUNCTION collections.count_items(tenant text, collection text, change bigint) RETURNS void LANGUAGE sql AS $$
      INSERT INTO collections.tally AS t (tenant_id, collection_id, slot, items) VALUES (tenant, collection, pg_backend_pid() % 16, change)
      ON CONFLICT (tenant_id, collection_id, slot) DO UPDATE SET items = t.items + excluded.items;
      SELECT collections.count_of_tenant(tenant, change, 0);
    $$;
    CREATE FUNCTION collections.attachments_counted() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM collections.count_of_tenant(tenant_id, 0, (CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END * sum(bytes))::bigint) FROM change_rows GROUP BY tenant_id;
      RETURN NULL;
    END $$;
    CREATE TRIGGER counted_in AFTER INSERT ON collections.attachment REFERENCING NEW TABLE AS change_rows FOR EACH STATEMENT EXECUTE FUNCTION collections.attachments_counted();
    CREATE TRIGGER counted_out AFTER DELETE ON collections.attachment REFERENCING OLD TABLE AS change_rows FOR EACH STATEMENT EXECUTE FUNCTION collections.attachments_counted();
  `,
};

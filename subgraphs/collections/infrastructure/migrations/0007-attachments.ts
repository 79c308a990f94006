import type { Migration } from '../../../../platform/database/migrate.ts';
import { dueTable, tenantTable } from '../../../../platform/database/rights.ts';
import { sharedByCollection } from './shared-table.ts';

const AT = 'timestamptz(3)';
const ID = 'text COLLATE "C"';

export const attachments: Migration = {
  name: '0007-attachments',
  sql: `
    CREATE TABLE collections.attachment (
      id ${ID} PRIMARY KEY,
      tenant_id ${ID} NOT NULL,
      collection_id ${ID} NOT NULL,
      -- Whoever deletes an item deletes its attachments too: a cascade is done as the owner, for whom the trigger below can write nothing.
      item_id ${ID} NOT NULL REFERENCES collections.item (id),
      name text NOT NULL,
      type text NOT NULL,
      bytes bigint NOT NULL,
      sha256 text NOT NULL,
      object_key ${ID} NOT NULL CONSTRAINT attachment_object UNIQUE,
      created_at ${AT} NOT NULL,
      created_by ${ID} NOT NULL,
      text_state text NOT NULL CHECK (text_state IN ('PENDING', 'READY', 'NONE', 'FAILED')),
      text_characters int,
      text_truncated boolean NOT NULL,
      text_code text,
      text_reason text,
      version int NOT NULL DEFAULT 1
    );
    CREATE INDEX attachment_page ON collections.attachment (item_id, id);
    ${sharedByCollection('attachment', { see: 'EXISTS (SELECT 1 FROM collections.item i WHERE i.id = item_id)' })}

    -- Apart, because it may be long, and a list is mostly looked through without it.
    CREATE TABLE collections.attachment_text (
      attachment_id ${ID} PRIMARY KEY REFERENCES collections.attachment (id) ON DELETE CASCADE,
      tenant_id ${ID} NOT NULL,
      collection_id ${ID} NOT NULL,
      text text NOT NULL
    );
    ${sharedByCollection('attachment_text', { commands: 'SELECT, INSERT, DELETE', see: 'EXISTS (SELECT 1 FROM collections.attachment a WHERE a.id = attachment_id)' })}

    -- Files that nothing stands for any more. They are named here in the work that let go of them, and until the store has deleted them: a crash in between leaks none.
    CREATE TABLE collections.unwanted_object (
      object_key ${ID} PRIMARY KEY,
      tenant_id ${ID} NOT NULL,
      unwanted_at ${AT} NOT NULL DEFAULT now()
    );
    CREATE INDEX unwanted_object_due ON collections.unwanted_object (unwanted_at);
    ${tenantTable('collections', 'unwanted_object', 'SELECT, INSERT, DELETE')}
    ${dueTable('collections', 'unwanted_object', 'tenant_id, unwanted_at', 'unwanted_at <= now()')}

    -- However an attachment goes: by itself, with its item, or with a whole collection.
    CREATE FUNCTION collections.attachments_removed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO collections.unwanted_object (object_key, tenant_id) SELECT object_key, tenant_id FROM was_rows ON CONFLICT DO NOTHING;
      RETURN NULL;
    END $$;
    CREATE TRIGGER removed AFTER DELETE ON collections.attachment REFERENCING OLD TABLE AS was_rows FOR EACH STATEMENT EXECUTE FUNCTION collections.attachments_removed();

    -- What is past its time, by age; and what goes with an item is found by that item alone.
    CREATE INDEX item_purge ON collections.item (deleted_at) INCLUDE (tenant_id) WHERE deleted_at IS NOT NULL;
    CREATE INDEX collection_purge ON collections.collection (deleted_at) INCLUDE (tenant_id) WHERE deleted_at IS NOT NULL;
    CREATE INDEX link_from ON collections.link (from_id);
    CREATE INDEX link_to ON collections.link (to_id);
    ${dueTable('collections', 'item', 'tenant_id, deleted_at', `deleted_at < now() - interval '30 days'`)}
    ${dueTable('collections', 'collection', 'tenant_id, deleted_at', `deleted_at < now() - interval '30 days'`)}
    GRANT SELECT (purpose, used_at) ON collections.upload TO atlas_clock;
  `,
};

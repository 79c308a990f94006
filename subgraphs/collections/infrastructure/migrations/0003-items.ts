import type { Migration } from '../../../../platform/database/migrate.ts';
import { titleKey } from '../title-key.ts';
import { reached, sharedByCollection } from './shared-table.ts';

const AT = 'timestamptz(3)';
const ID = 'text COLLATE "C"';
const CONTENT = `
  title text NOT NULL,
  body text NOT NULL,
  url text,
  tags text[] NOT NULL,
  metadata jsonb NOT NULL`;

export const items: Migration = {
  name: '0003-items',
  sql: `
    CREATE TABLE collections.item (
      id ${ID} PRIMARY KEY,
      tenant_id ${ID} NOT NULL,
      collection_id ${ID} NOT NULL REFERENCES collections.collection (id),
      ${CONTENT},
      created_at ${AT} NOT NULL,
      updated_at ${AT} NOT NULL,
      -- A person, a key or a service.
      created_by ${ID} NOT NULL,
      updated_by ${ID} NOT NULL,
      deleted_at ${AT},
      -- The revision that this one brought back.
      restored_from int,
      version int NOT NULL DEFAULT 1,
      -- By what titles are ordered and begin. A column of its own: under row-level security no index is asked for what a function makes of one.
      title_key ${ID} GENERATED ALWAYS AS (${titleKey('title')}) STORED
    );
    -- Each begins with the tenant: an index on it alone would make the planner join bitmaps.
    CREATE INDEX item_created ON collections.item (tenant_id, collection_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
    CREATE INDEX item_updated ON collections.item (tenant_id, collection_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;
    CREATE INDEX item_title ON collections.item (tenant_id, collection_id, title_key, id) WHERE deleted_at IS NULL;
    CREATE INDEX item_creator ON collections.item (tenant_id, collection_id, created_by, created_at DESC, id DESC) WHERE deleted_at IS NULL;
    CREATE INDEX item_deleted ON collections.item (tenant_id, collection_id, deleted_at DESC, id DESC) WHERE deleted_at IS NOT NULL;
    ${sharedByCollection('item', { see: `(deleted_at IS NULL OR ${reached('EDITOR')})` })}

    -- How an item was before each change; how it is now stands in its own row.
    CREATE TABLE collections.revision (
      tenant_id ${ID} NOT NULL,
      collection_id ${ID} NOT NULL,
      item_id ${ID} NOT NULL REFERENCES collections.item (id) ON DELETE CASCADE,
      version int NOT NULL,
      ${CONTENT},
      at ${AT} NOT NULL,
      by ${ID} NOT NULL,
      deleted_at ${AT},
      restored_from int,
      PRIMARY KEY (item_id, version)
    );
    -- Of what is deleted they are shown to those alone who see the item itself.
    ${sharedByCollection('revision', { commands: 'SELECT, INSERT, DELETE', see: 'EXISTS (SELECT 1 FROM collections.item i WHERE i.id = item_id)' })}

    -- Which live items carry a tag: for filters, and to say which tags a collection has.
    CREATE TABLE collections.item_tag (
      tenant_id ${ID} NOT NULL,
      collection_id ${ID} NOT NULL,
      tag ${ID} NOT NULL,
      item_id ${ID} NOT NULL REFERENCES collections.item (id) ON DELETE CASCADE,
      PRIMARY KEY (tenant_id, collection_id, tag, item_id)
    );
    CREATE INDEX item_tag_of ON collections.item_tag (item_id);
    ${sharedByCollection('item_tag', { commands: 'SELECT, INSERT, DELETE' })}

    -- How many live items a collection has: in several rows, so that those who write at once need not queue for one.
    CREATE TABLE collections.tally (
      tenant_id ${ID} NOT NULL,
      collection_id ${ID} NOT NULL,
      slot smallint NOT NULL,
      items bigint NOT NULL,
      PRIMARY KEY (tenant_id, collection_id, slot)
    );
    ${sharedByCollection('tally', { commands: 'SELECT, INSERT, UPDATE, DELETE' })}

    CREATE FUNCTION collections.count_items(tenant text, collection text, change bigint) RETURNS void LANGUAGE sql AS $$
      INSERT INTO collections.tally AS t (tenant_id, collection_id, slot, items) VALUES (tenant, collection, pg_backend_pid() % 16, change)
      ON CONFLICT (tenant_id, collection_id, slot) DO UPDATE SET items = t.items + excluded.items
    $$;

    -- Whoever writes items, one or a hundred thousand, the rest follows in the same statement.
    CREATE FUNCTION collections.items_added() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO collections.item_tag SELECT tenant_id, collection_id, unnest(tags), id FROM now_rows WHERE deleted_at IS NULL;
      PERFORM collections.count_items(tenant_id, collection_id, count(*)) FROM now_rows WHERE deleted_at IS NULL GROUP BY tenant_id, collection_id ORDER BY collection_id;
      RETURN NULL;
    END $$;
    CREATE TRIGGER added AFTER INSERT ON collections.item REFERENCING NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION collections.items_added();

    CREATE FUNCTION collections.items_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO collections.revision (tenant_id, collection_id, item_id, version, title, body, url, tags, metadata, at, by, deleted_at, restored_from)
        SELECT w.tenant_id, w.collection_id, w.id, w.version, w.title, w.body, w.url, w.tags, w.metadata, w.updated_at, w.updated_by, w.deleted_at, w.restored_from
        FROM was_rows w JOIN now_rows n ON n.id = w.id WHERE n.version <> w.version;
      DELETE FROM collections.item_tag t USING was_rows w JOIN now_rows n ON n.id = w.id
        WHERE t.item_id = w.id AND (n.tags <> w.tags OR (n.deleted_at IS NULL) <> (w.deleted_at IS NULL));
      INSERT INTO collections.item_tag SELECT n.tenant_id, n.collection_id, unnest(n.tags), n.id FROM now_rows n JOIN was_rows w ON w.id = n.id
        WHERE n.deleted_at IS NULL AND (n.tags <> w.tags OR w.deleted_at IS NOT NULL);
      PERFORM collections.count_items(n.tenant_id, n.collection_id, sum(CASE WHEN n.deleted_at IS NULL THEN 1 ELSE -1 END)::bigint)
        FROM now_rows n JOIN was_rows w ON w.id = n.id WHERE (n.deleted_at IS NULL) <> (w.deleted_at IS NULL) GROUP BY n.tenant_id, n.collection_id ORDER BY n.collection_id;
      RETURN NULL;
    END $$;
    CREATE TRIGGER changed AFTER UPDATE ON collections.item REFERENCING OLD TABLE AS was_rows NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION collections.items_changed();

    CREATE FUNCTION collections.items_removed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM collections.count_items(tenant_id, collection_id, -count(*)) FROM was_rows WHERE deleted_at IS NULL GROUP BY tenant_id, collection_id ORDER BY collection_id;
      RETURN NULL;
    END $$;
    CREATE TRIGGER removed AFTER DELETE ON collections.item REFERENCING OLD TABLE AS was_rows FOR EACH STATEMENT EXECUTE FUNCTION collections.items_removed();
  `,
};

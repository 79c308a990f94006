import type { Migration } from '../../../../platform/database/migrate.ts';
import { reaches, sharedByCollection } from './shared-table.ts';

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
      version int NOT NULL DEFAULT 1
    );
    -- Each begins with the tenant: an index on it alone would make the planner join bitmaps.
    CREATE INDEX item_created ON collections.item (tenant_id, collection_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
    CREATE INDEX item_updated ON collections.item (tenant_id, collection_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;
    CREATE INDEX item_title ON collections.item (tenant_id, collection_id, left(lower(title), 200) COLLATE "C", id) WHERE deleted_at IS NULL;
    CREATE INDEX item_creator ON collections.item (tenant_id, collection_id, created_by, created_at DESC, id DESC) WHERE deleted_at IS NULL;
    CREATE INDEX item_deleted ON collections.item (tenant_id, collection_id, deleted_at DESC, id DESC) WHERE deleted_at IS NOT NULL;
    CREATE INDEX item_metadata ON collections.item USING gin (metadata jsonb_path_ops) WHERE deleted_at IS NULL;
    ${sharedByCollection('item')}

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
    ${sharedByCollection('revision', { commands: 'SELECT, INSERT, DELETE' })}

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

    -- Between items of one tenant, also of different collections: seen by whoever sees both ends.
    CREATE TABLE collections.link (
      tenant_id ${ID} NOT NULL,
      from_id ${ID} NOT NULL REFERENCES collections.item (id) ON DELETE CASCADE,
      to_id ${ID} NOT NULL REFERENCES collections.item (id) ON DELETE CASCADE,
      kind ${ID} NOT NULL,
      from_collection_id ${ID} NOT NULL,
      to_collection_id ${ID} NOT NULL,
      created_at ${AT} NOT NULL,
      created_by ${ID} NOT NULL,
      CONSTRAINT link_once PRIMARY KEY (tenant_id, from_id, kind, to_id)
    );
    CREATE INDEX link_back ON collections.link (tenant_id, to_id, kind, from_id);
    ALTER TABLE collections.link ENABLE ROW LEVEL SECURITY;
    ALTER TABLE collections.link FORCE ROW LEVEL SECURITY;
    CREATE POLICY see ON collections.link FOR SELECT TO atlas_collections USING (${reaches('VIEWER', 'from_collection_id')} AND ${reaches('VIEWER', 'to_collection_id')});
    CREATE POLICY add ON collections.link FOR INSERT TO atlas_collections WITH CHECK (${reaches('EDITOR', 'from_collection_id')} AND ${reaches('VIEWER', 'to_collection_id')});
    CREATE POLICY remove ON collections.link FOR DELETE TO atlas_collections USING (${reaches('EDITOR', 'from_collection_id')});
    GRANT SELECT, INSERT, DELETE ON collections.link TO atlas_collections;
  `,
};

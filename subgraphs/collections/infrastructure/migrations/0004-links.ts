import type { Migration } from '../../../../platform/database/migrate.ts';
import { reaches } from './shared-table.ts';

const AT = 'timestamptz(3)';
const ID = 'text COLLATE "C"';
const MENTIONS_MAX = 100;

/** The target is one that whoever writes the body sees: what is hidden from them is not linked, and they do not learn of it. */
export const mentionsOf = (rows: string) => `
  INSERT INTO collections.link (tenant_id, from_id, to_id, kind, from_collection_id, to_collection_id, created_at, created_by, written)
    SELECT n.tenant_id, n.id, t.id, 'mentions', n.collection_id, t.collection_id, n.updated_at, n.updated_by, true
    FROM ${rows} CROSS JOIN LATERAL collections.mentioned(n.body) AS m (id) JOIN collections.item t ON t.id = m.id
    WHERE n.body LIKE '%itm\\_%' AND t.id <> n.id AND t.deleted_at IS NULL
    ON CONFLICT DO NOTHING`;

export const links: Migration = {
  name: '0004-links',
  sql: `
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
      -- Whether it comes of the body, and goes with it.
      written boolean NOT NULL DEFAULT false,
      CONSTRAINT link_once PRIMARY KEY (tenant_id, from_id, kind, to_id)
    );
    CREATE INDEX link_back ON collections.link (tenant_id, to_id, kind, from_id);
    ALTER TABLE collections.link ENABLE ROW LEVEL SECURITY;
    ALTER TABLE collections.link FORCE ROW LEVEL SECURITY;
    CREATE POLICY see ON collections.link FOR SELECT TO atlas_collections USING (${reaches('VIEWER', 'from_collection_id')} AND ${reaches('VIEWER', 'to_collection_id')});
    CREATE POLICY add ON collections.link FOR INSERT TO atlas_collections WITH CHECK (${reaches('EDITOR', 'from_collection_id')} AND ${reaches('VIEWER', 'to_collection_id')});
    CREATE POLICY remove ON collections.link FOR DELETE TO atlas_collections USING (${reaches('EDITOR', 'from_collection_id')});
    GRANT SELECT, INSERT, DELETE ON collections.link TO atlas_collections;

    -- The ids of items in a text, so many at most.
    CREATE FUNCTION collections.mentioned(body text) RETURNS SETOF text LANGUAGE sql IMMUTABLE ROWS 3 AS $$
      SELECT DISTINCT found[1] FROM (SELECT regexp_matches(body, '\\m(itm_[0-7][0-9a-hjkmnp-tv-z]{25})\\M', 'g') AS found LIMIT ${MENTIONS_MAX}) AS all_of_them
    $$;

    -- Like tags and counts: whoever writes items, one or a hundred thousand, their mentions follow in the same statement.
    CREATE FUNCTION collections.mentions_added() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      ${mentionsOf('now_rows n')};
      RETURN NULL;
    END $$;
    CREATE TRIGGER mentions_added AFTER INSERT ON collections.item REFERENCING NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION collections.mentions_added();

    CREATE FUNCTION collections.mentions_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      DELETE FROM collections.link l USING was_rows w JOIN now_rows n ON n.id = w.id
        WHERE n.body <> w.body AND l.from_id = n.id AND l.kind = 'mentions' AND l.written AND l.to_id NOT IN (SELECT collections.mentioned(n.body));
      ${mentionsOf('(SELECT n.* FROM now_rows n JOIN was_rows w ON w.id = n.id WHERE n.body <> w.body) AS n')};
      RETURN NULL;
    END $$;
    CREATE TRIGGER mentions_changed AFTER UPDATE ON collections.item REFERENCING OLD TABLE AS was_rows NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION collections.mentions_changed();
  `,
};

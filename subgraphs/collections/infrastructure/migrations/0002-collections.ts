import type { Migration } from '../../../../platform/database/migrate.ts';
import { CURRENT_TENANT } from '../../../../platform/database/rights.ts';
import { ACCESS, EVERYONE, PERSON, reaches, sharedByCollection } from './shared-table.ts';

const AT = 'timestamptz(3)';
const ID = 'text COLLATE "C"';

export const collections: Migration = {
  name: '0002-collections',
  sql: `
    CREATE TABLE collections.member (
      tenant_id ${ID} NOT NULL,
      collection_id ${ID} NOT NULL,
      -- A person, or everyone: all who are at least MEMBER in the tenant.
      who ${ID} NOT NULL,
      role text NOT NULL CHECK (role IN ('VIEWER', 'EDITOR', 'OWNER')),
      added_at ${AT} NOT NULL,
      CONSTRAINT member_once PRIMARY KEY (tenant_id, collection_id, who)
    );
    CREATE INDEX member_of ON collections.member (tenant_id, who) INCLUDE (collection_id, role);
    CREATE INDEX member_page ON collections.member (tenant_id, collection_id, added_at, who);

    -- Which scope lets a key do what; a person needs none.
    CREATE FUNCTION collections.scope_suffices(needed text) RETURNS boolean LANGUAGE sql STABLE AS $$
      SELECT coalesce(string_to_array(nullif(current_setting('app.scopes', true), ''), ' ') && CASE needed
        WHEN 'OWNER' THEN ARRAY['collections:write'] WHEN 'EDITOR' THEN ARRAY['items:write']
        ELSE ARRAY['collections:read', 'collections:write', 'items:write', 'search:read', 'ai:ask'] END, true)
    $$;
    -- Whoever administers the tenant reaches every collection of it, unless they are a key that is held to some.
    CREATE FUNCTION collections.reaches_all(needed text) RETURNS boolean LANGUAGE sql STABLE AS $$
      SELECT coalesce(${ACCESS} = 'all', false) AND nullif(current_setting('app.held_to', true), '') IS NULL AND collections.scope_suffices(needed)
    $$;
    -- The others reach what is shared with them, or with everyone; a key what is shared with its creator, and of that what it is held to.
    CREATE FUNCTION collections.reached(needed text) RETURNS text[] LANGUAGE sql STABLE AS $$
      WITH held AS (SELECT string_to_array(nullif(current_setting('app.held_to', true), ''), ' ') AS ids)
      SELECT CASE
        WHEN NOT collections.scope_suffices(needed) THEN ARRAY[]::text[]
        WHEN ${ACCESS} = 'all' THEN coalesce((SELECT ids FROM held), ARRAY[]::text[])
        ELSE ARRAY(
          SELECT m.collection_id FROM collections.member m, held
          WHERE m.tenant_id = ${CURRENT_TENANT} AND m.who IN (${PERSON}, CASE WHEN ${ACCESS} = 'member' THEN '${EVERYONE}' END)
            AND m.role = ANY (CASE needed WHEN 'OWNER' THEN ARRAY['OWNER'] WHEN 'EDITOR' THEN ARRAY['OWNER', 'EDITOR'] ELSE ARRAY['OWNER', 'EDITOR', 'VIEWER'] END)
            AND (held.ids IS NULL OR m.collection_id = ANY (held.ids)))
      END
    $$;

    -- Not by its own rows: one sees what one is given. Who else has a part is shown to whoever has one, by a use case.
    ALTER TABLE collections.member ENABLE ROW LEVEL SECURITY;
    ALTER TABLE collections.member FORCE ROW LEVEL SECURITY;
    CREATE POLICY see ON collections.member FOR SELECT TO atlas_collections
      USING (tenant_id = ${CURRENT_TENANT} AND (${ACCESS} = 'all' OR who = ${PERSON} OR (who = '${EVERYONE}' AND ${ACCESS} = 'member')));
    CREATE POLICY add ON collections.member FOR INSERT TO atlas_collections WITH CHECK (${reaches('OWNER')});
    CREATE POLICY change ON collections.member FOR UPDATE TO atlas_collections USING (${reaches('OWNER')}) WITH CHECK (${reaches('OWNER')});
    CREATE POLICY remove ON collections.member FOR DELETE TO atlas_collections USING (${reaches('OWNER')});
    GRANT SELECT, INSERT, UPDATE, DELETE ON collections.member TO atlas_collections;

    CREATE TABLE collections.collection (
      id ${ID} PRIMARY KEY,
      tenant_id ${ID} NOT NULL,
      name text NOT NULL,
      description text,
      settings jsonb NOT NULL,
      created_at ${AT} NOT NULL,
      updated_at ${AT} NOT NULL,
      created_by ${ID} NOT NULL,
      deleted_at ${AT},
      version int NOT NULL DEFAULT 1
    );
    CREATE INDEX collection_page ON collections.collection (tenant_id, id DESC) WHERE deleted_at IS NULL;
    ${sharedByCollection('collection', { column: 'id', writes: 'OWNER' })}
  `,
};

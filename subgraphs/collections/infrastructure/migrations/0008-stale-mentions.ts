import type { Migration } from '../../../../platform/database/migrate.ts';
import { mentionsOf } from './0004-links.ts';

export const staleMentions: Migration = {
  name: '0008-stale-mentions',
  sql: `
    -- Of items that the caller has just written: what their bodies mention no longer, whether or not the caller sees where it ends. Past the shares, for this one statement.
    CREATE FUNCTION collections.drop_stale_mentions(ids text[], bodies text[]) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
      names text[] := ARRAY['app.access', 'app.scopes', 'app.held_to'];
      said text[] := ARRAY(SELECT coalesce(current_setting(name, true), '') FROM unnest(names) WITH ORDINALITY AS n (name, at) ORDER BY at);
    BEGIN
      PERFORM set_config('app.access', 'all', true), set_config('app.scopes', '', true), set_config('app.held_to', '', true);
      DELETE FROM collections.link l USING unnest(ids, bodies) AS n (id, body)
        WHERE l.from_id = n.id AND l.kind = 'mentions' AND l.written AND l.to_id NOT IN (SELECT collections.mentioned(n.body));
      PERFORM set_config(name, was, true) FROM unnest(names, said) AS n (name, was);
    END $$;

    CREATE OR REPLACE FUNCTION collections.mentions_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      ids text[];
      bodies text[];
    BEGIN
      SELECT array_agg(n.id), array_agg(n.body) INTO ids, bodies FROM now_rows n JOIN was_rows w ON w.id = n.id WHERE n.body <> w.body;
      IF ids IS NULL THEN RETURN NULL; END IF;
      PERFORM collections.drop_stale_mentions(ids, bodies);
      ${mentionsOf('(SELECT n.* FROM now_rows n JOIN was_rows w ON w.id = n.id WHERE n.body <> w.body) AS n')};
      RETURN NULL;
    END $$;
  `,
};

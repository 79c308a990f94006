import type { Migration } from '../../../../platform/database/migrate.ts';
import { dueTable, tenantTable } from '../../../../platform/database/rights.ts';
import { CLOCK_ROLE } from '../../../../platform/database/roles.ts';

const AT = 'timestamptz(3)';
const ID = 'text COLLATE "C"';

export const keywordIndex: Migration = {
  name: '0002-keyword-index',
  sql: `
    -- How far the documents of a tenant stand in segments; what came after is read from the documents themselves.
    CREATE TABLE search.keyword_state (
      tenant_id ${ID} PRIMARY KEY,
      folded_seq bigint NOT NULL DEFAULT 0,
      next_segment int NOT NULL DEFAULT 1,
      -- Somebody makes one segment of several until then, unless they have died.
      merging_until ${AT},
      -- While everything is indexed anew: how far that has come.
      anew_seq bigint,
      -- When segments that nobody needs any more can go.
      tidy_at ${AT}
    );
    ${tenantTable('search', 'keyword_state')}
    ${dueTable('search', 'keyword_state', 'tenant_id, folded_seq, tidy_at', 'true')}
    CREATE POLICY fold_clock ON search.tenant FOR SELECT TO ${CLOCK_ROLE} USING (true);
    GRANT SELECT (tenant_id, seq) ON search.tenant TO ${CLOCK_ROLE};

    -- Some documents, indexed. Nothing in it changes but which of them are dead: superseded, or deleted.
    CREATE TABLE search.segment (
      tenant_id ${ID} NOT NULL,
      id int NOT NULL,
      -- Who asks sees those that are LIVE alone; a RETIRED one stays a while for those that have begun with it.
      state text NOT NULL CHECK (state IN ('MAKING', 'ANEW', 'LIVE', 'RETIRED')),
      state_at ${AT} NOT NULL DEFAULT now(),
      size int NOT NULL,
      names jsonb NOT NULL,
      -- The first word of each block of its words.
      blocks text[] NOT NULL,
      dead bytea NOT NULL,
      dead_count int NOT NULL DEFAULT 0,
      dead_version int NOT NULL DEFAULT 0,
      PRIMARY KEY (tenant_id, id)
    );
    ${tenantTable('search', 'segment')}

    CREATE TABLE search.segment_column (
      tenant_id ${ID} NOT NULL,
      segment int NOT NULL,
      name ${ID} NOT NULL,
      data bytea STORAGE EXTERNAL NOT NULL,
      PRIMARY KEY (tenant_id, segment, name)
    );
    ${tenantTable('search', 'segment_column', 'SELECT, INSERT, DELETE')}

    -- Which documents have a word, by its stem: ordinals that ascend, how often each has it, and where.
    CREATE TABLE search.segment_term (
      tenant_id ${ID} NOT NULL,
      segment int NOT NULL,
      stem ${ID} NOT NULL,
      word ${ID} NOT NULL,
      n int NOT NULL,
      docs bytea STORAGE EXTERNAL NOT NULL,
      frequencies bytea STORAGE EXTERNAL NOT NULL,
      places bytea STORAGE EXTERNAL NOT NULL,
      PRIMARY KEY (tenant_id, segment, stem, word)
    );
    ${tenantTable('search', 'segment_term', 'SELECT, INSERT, DELETE')}

    -- Its words in their order, a few thousand a row: for what a word begins, or was meant to be.
    CREATE TABLE search.segment_word (
      tenant_id ${ID} NOT NULL,
      segment int NOT NULL,
      block int NOT NULL,
      words text NOT NULL,
      PRIMARY KEY (tenant_id, segment, block)
    );
    ${tenantTable('search', 'segment_word', 'SELECT, INSERT, DELETE')}
  `,
};

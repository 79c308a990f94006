import type { Migration } from '../../../../platform/database/migrate.ts';
import { tenantTable } from '../../../../platform/database/rights.ts';
import { jobRights } from '../../../../platform/jobs/tables.ts';
import { outboxTables } from '../../../../platform/outbox/tables.ts';

const AT = 'timestamptz(3)';
const ID = 'text COLLATE "C"';

export const search: Migration = {
  name: '0001-search',
  sql: `
    ${outboxTables('search')}
    ${jobRights('search')}

    -- How often anything about a tenant's documents has changed. Whoever changes them holds this row until the commit: what
    -- has the higher number is there later, so that nobody who follows the numbers passes one that is still to come.
    CREATE TABLE search.tenant (
      tenant_id ${ID} PRIMARY KEY,
      seq bigint NOT NULL DEFAULT 0
    );
    ${tenantTable('search', 'tenant', 'SELECT, INSERT, UPDATE')}

    -- Drawn before anybody asks what an item says: what was heard by the higher one is the newer.
    CREATE SEQUENCE search.ticket;
    GRANT USAGE ON SEQUENCE search.ticket TO atlas_search;

    -- What items say, as far as it has been heard: every index follows these rows by their seq.
    CREATE TABLE search.document (
      tenant_id ${ID} NOT NULL,
      item_id ${ID} NOT NULL,
      seq bigint NOT NULL,
      version int NOT NULL,
      collection_id ${ID} NOT NULL,
      title text NOT NULL,
      tags text[] NOT NULL,
      body text NOT NULL,
      attached text NOT NULL,
      language ${ID} NOT NULL,
      metadata jsonb NOT NULL,
      created_by ${ID} NOT NULL,
      created_at ${AT} NOT NULL,
      updated_at ${AT} NOT NULL,
      -- One that says nothing any more stays, so that whoever follows hears of it, and what was heard before is known to be old.
      deleted boolean NOT NULL,
      mark text NOT NULL,
      ticket bigint NOT NULL,
      -- Since when it says nothing.
      gone_at ${AT},
      PRIMARY KEY (tenant_id, item_id),
      CONSTRAINT document_seq UNIQUE (tenant_id, seq)
    );
    CREATE INDEX document_collection ON search.document (tenant_id, collection_id, item_id) WHERE NOT deleted;
    ${tenantTable('search', 'document')}

    -- Items of which the last attempt to hear what they say has failed; it is made again.
    CREATE TABLE search.unheard (
      tenant_id ${ID} NOT NULL,
      item_id ${ID} NOT NULL,
      since ${AT} NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, item_id)
    );
    ${tenantTable('search', 'unheard', 'SELECT, INSERT, DELETE')}

    CREATE TABLE search.saved_search (
      id ${ID} PRIMARY KEY,
      tenant_id ${ID} NOT NULL,
      -- A person or a key: nobody else sees it.
      owner ${ID} NOT NULL,
      name text NOT NULL,
      query text NOT NULL,
      filter jsonb NOT NULL,
      mode text NOT NULL CHECK (mode IN ('KEYWORD', 'SEMANTIC', 'HYBRID')),
      created_at ${AT} NOT NULL,
      version int NOT NULL DEFAULT 1
    );
    CREATE INDEX saved_search_page ON search.saved_search (tenant_id, owner, id DESC);
    ${tenantTable('search', 'saved_search')}
  `,
};

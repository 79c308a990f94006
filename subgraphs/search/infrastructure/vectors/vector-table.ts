import { purgedTable, tenantTable } from '../../../../platform/database/rights.ts';

const ID = 'text COLLATE "C"';

export const vectorTables = (): string => `
  -- How often anything about a tenant's vectors has changed. Whoever changes them holds this row until the commit, so that
  -- whoever follows the numbers passes none that is still to come. A new epoch begins with nothing.
  CREATE TABLE search.vector_state (
    tenant_id ${ID} PRIMARY KEY,
    epoch int NOT NULL DEFAULT 1,
    change bigint NOT NULL DEFAULT 0
  );
  ${tenantTable('search', 'vector_state', 'SELECT, INSERT, UPDATE')}

  -- A byte a direction, of which the longest is 127. One that says nothing any more has none, and stays so that those who
  -- hold the others in memory hear of it.
  CREATE TABLE search.vector (
    tenant_id ${ID} NOT NULL,
    item_id ${ID} NOT NULL,
    seq bigint NOT NULL,
    change bigint NOT NULL,
    version int NOT NULL,
    collection_id ${ID} NOT NULL,
    created_by ${ID} NOT NULL,
    created_at timestamptz(3) NOT NULL,
    tags jsonb NOT NULL,
    metadata jsonb NOT NULL,
    vector bytea STORAGE EXTERNAL,
    PRIMARY KEY (tenant_id, item_id)
  );
  CREATE INDEX vector_change ON search.vector (tenant_id, change);
  ${tenantTable('search', 'vector')}
`;

/** Places of items that are gone are kept for a day: whoever holds the others in memory has heard of it by then, or begins anew. */
export const forgottenVectors = (): string => `
  ALTER TABLE search.vector ADD COLUMN changed_at timestamptz(3) NOT NULL DEFAULT now(), ADD COLUMN is_gone boolean NOT NULL GENERATED ALWAYS AS (vector IS NULL) STORED;
  CREATE INDEX vector_gone ON search.vector (changed_at) WHERE is_gone;
  ${purgedTable('search', 'vector', 'tenant_id, item_id, changed_at, is_gone', `is_gone AND changed_at < now() - interval '1 day'`)}
`;

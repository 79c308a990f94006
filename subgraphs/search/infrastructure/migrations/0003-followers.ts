import type { Migration } from '../../../../platform/database/migrate.ts';
import { dueTable, tenantTable } from '../../../../platform/database/rights.ts';
import { spaceTable } from '../embeddings/space-table.ts';
import { vectorTables } from '../vectors/vector-table.ts';

const ID = 'text COLLATE "C"';

export const followers: Migration = {
  name: '0003-followers',
  sql: `
    -- Who keeps something of its own of a tenant's documents, and how far it is with their changes.
    CREATE TABLE search.follower (
      tenant_id ${ID} NOT NULL,
      name ${ID} NOT NULL,
      seq bigint NOT NULL DEFAULT 0,
      -- How often everything has been begun to be told again, and how far that is while it goes on.
      generation int NOT NULL DEFAULT 1,
      anew_seq bigint,
      -- Somebody has its turn until then, unless they have died.
      held_until timestamptz(3) NOT NULL DEFAULT '-infinity',
      PRIMARY KEY (tenant_id, name)
    );
    ${tenantTable('search', 'follower')}
    ${dueTable('search', 'follower', 'tenant_id, name, seq, anew_seq', 'true')}
    ${spaceTable()}
    ${vectorTables()}
  `,
};

import type { Migration } from '../../../../platform/database/migrate.ts';
import { purgedTable } from '../../../../platform/database/rights.ts';
import { forgottenVectors } from '../vectors/vector-table.ts';

export const forgotten: Migration = {
  name: '0004-forgotten',
  sql: `
    CREATE INDEX unheard_since ON search.unheard (since);
    ${purgedTable('search', 'unheard', 'tenant_id, item_id, since', `since < now() - interval '30 days'`)}
    ${forgottenVectors()}
    -- Terms are those of their language from here on: spaces of before know none of them, and are learned anew.
    TRUNCATE search.meaning_space;
  `,
};

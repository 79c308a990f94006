/** What nothing depends on any more, of all tenants: items that were never heard of after all, and places of items that are gone. */
import type { Database } from '../../../platform/database/database.ts';

const BATCH_MAX = 500;

/** One round of a loop: which rows, the policies of the purge say. */
export const forgetOld = (database: Database): Promise<boolean> => database.asPurge(async (em) => {
  let more = false;
  for (const table of ['unheard', 'vector']) {
    const gone = await em.execute<unknown[]>(`DELETE FROM search.${table} WHERE (tenant_id, item_id) IN (SELECT tenant_id, item_id FROM search.${table} LIMIT ${BATCH_MAX}) RETURNING 1`);
    more = gone.length === BATCH_MAX || more;
  }
  return more;
});

import type { Database } from '../../../platform/database/database.ts';

const BATCH_MAX = 500;

/** One round of the loop that forgets deliveries of all tenants, 30 days after they were queued: the policy of the purge says which. */
export const forgetOldDeliveries = (database: Database): Promise<boolean> => database.asPurge(async (em) => {
  const gone = await em.execute<{ id: string }[]>(`DELETE FROM tenants.webhook_delivery WHERE id IN (SELECT id FROM tenants.webhook_delivery LIMIT ${BATCH_MAX}) RETURNING id`);
  return gone.length === BATCH_MAX;
});

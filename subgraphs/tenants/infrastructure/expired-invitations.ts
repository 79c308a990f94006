import type { Database } from '../../../platform/database/database.ts';

const BATCH_MAX = 500;

/** One round of the loop that forgets invitations of all tenants, 30 days after they expired: the policy of the purge says which. */
export const forgetExpiredInvitations = (database: Database): Promise<boolean> => database.asPurge(async (em) => {
  const gone = await em.execute<{ id: string }[]>(`DELETE FROM tenants.invitation WHERE id IN (SELECT id FROM tenants.invitation LIMIT ${BATCH_MAX}) RETURNING id`);
  return gone.length === BATCH_MAX;
});

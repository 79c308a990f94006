/** Deletes what nobody can use any more, so that no table grows without end. */
import type { Database, Scope } from '../../../platform/database/database.ts';
import { forgetOldResults } from '../../../platform/idempotency.ts';

const SELF: Scope = { kind: 'system', id: 'system:users', userId: null, tenantId: null };
const KEEP = `interval '7 days'`;

const DELETIONS = [
  `DELETE FROM users.session WHERE expires_at < now() - ${KEEP}`,
  `DELETE FROM users.one_time_token WHERE expires_at < now() - ${KEEP}`,
  `DELETE FROM users.attempt WHERE expire < extract(epoch FROM now()) * 1000`,
];

export const forgetExpired = (database: Database) => async (): Promise<void> => {
  for (const sql of DELETIONS) await database.transaction(SELF, 'write', async (em) => void (await em.execute(sql, [], 'run')));
  await forgetOldResults(database);
};

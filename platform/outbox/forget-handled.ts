/**
 * Forgets what was handled long ago, in every service. A row is kept for as long as the log still has its event: whoever
 * rewinds a group, to wherever the log reaches, does nothing twice. What is handled is marked after it came into the log,
 * so a mark that is older than the oldest event there belongs to none of them.
 */
import type { Database } from '../database/database.ts';

/** Beyond the log's own days: a bus beside the database, and a copy of it that is put back, may keep events longer. */
const LONGER_DAYS = 30;
const BATCH_MAX = 5_000;

/** One round; true when there may be more. */
export const forgetHandled = (database: Database, given: { oldestEvent: Date | null; logDays: number }): Promise<boolean> =>
  database.transaction({ kind: 'system', id: `system:${database.service}`, userId: null, tenantId: null }, 'write', async (em) => {
    const inbox = `${database.service}.inbox`;
    const gone = await em.execute<unknown[]>(
      `DELETE FROM ${inbox} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${inbox} WHERE at < least(now() - make_interval(days => ?), ?::timestamptz) LIMIT ${BATCH_MAX})) RETURNING 1`,
      [given.logDays + LONGER_DAYS, given.oldestEvent?.toISOString() ?? null]);
    return gone.length === BATCH_MAX;
  });

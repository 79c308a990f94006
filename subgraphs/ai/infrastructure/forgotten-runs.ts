/** What is kept of how answers were made goes after 30 days, and what may be given again after one, in every tenant: the policies of the purge say which. */
import type { Database } from '../../../platform/database/database.ts';

const BATCH_MAX = 500;
const TABLES = [['ai.answer_event', 'answer_id'], ['ai.remembered', 'answer_id'], ['ai_run.checkpoints', 'thread_id'], ['ai_run.checkpoint_blobs', 'thread_id'], ['ai_run.checkpoint_writes', 'thread_id']] as const;

export async function forgetOldRuns(database: Pick<Database, 'asPurge'>): Promise<boolean> {
  let more = false;
  for (const [table, key] of TABLES) {
    const gone = await database.asPurge((em) => em.execute<unknown[]>(`DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} LIMIT ${BATCH_MAX}) RETURNING 1`));
    more ||= gone.length >= BATCH_MAX;
  }
  return more;
}

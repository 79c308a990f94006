import type { Database } from '../../../platform/database/database.ts';
import { rowsWithin, type Ground } from '../../../platform/database/statement.ts';
import type { AnswerId } from '../../../platform/ids.ts';
import type { Due, Runs } from '../domain/ports.ts';

/** A process that is not heard of for so long is taken for dead: a run is taken up within this and the look of the loop. */
const HELD = `now() + interval '3 seconds'`;

export class PostgresRuns implements Runs {
  constructor(private readonly on: Ground) {}
  async begin(answerId: AnswerId, holder: string): Promise<void> {
    await this.on.rows({ name: 'begin a run', text: `INSERT INTO ai.run (tenant_id, answer_id, holder, held_until) VALUES (current_setting('app.tenant_id'), ?, ?, ${HELD})`, values: [answerId, holder] });
  }
  async hold(answerId: AnswerId, holder: string): Promise<boolean> {
    const rows = await this.on.rows({ name: 'hold a run', text: 'SELECT 1 FROM ai.run WHERE answer_id = ? AND holder = ? FOR UPDATE', values: [answerId, holder] });
    return rows.length > 0;
  }
  async renew(answerIds: readonly AnswerId[], holder: string): Promise<AnswerId[]> {
    const rows = await this.on.rows<{ id: AnswerId }>({ name: 'renew runs', text: `UPDATE ai.run SET held_until = ${HELD} WHERE answer_id = ANY (?::text[]) AND holder = ? RETURNING answer_id AS id`, values: [answerIds, holder] });
    return rows.map(({ id }) => id);
  }
  async take(answerId: AnswerId, holder: string): Promise<number | null> {
    const [row] = await this.on.rows<{ begun: number }>({
      name: 'take a run', text: `UPDATE ai.run SET holder = ?, held_until = ${HELD}, begun = begun + 1 WHERE answer_id = ? AND held_until < now() RETURNING begun`, values: [holder, answerId],
    });
    return row?.begun ?? null;
  }
  async release(answerId: AnswerId, holder: string): Promise<void> {
    await this.on.rows({ text: `UPDATE ai.run SET held_until = '-infinity', begun = begun - 1 WHERE answer_id = ? AND holder = ?`, values: [answerId, holder] });
  }
  async end(answerId: AnswerId): Promise<void> {
    await this.on.rows({ name: 'end a run', text: 'DELETE FROM ai.run WHERE answer_id = ?', values: [answerId] });
  }
}

/** Under the clock's role: that there is something to do, and nothing of what it is. */
export const postgresDue = (database: Pick<Database, 'asClock'>): Due => ({
  abandonedRuns: (max) => database.asClock((em) => rowsWithin(em)({ text: 'SELECT tenant_id AS "tenantId", answer_id AS "answerId" FROM ai.run ORDER BY held_until LIMIT ?', values: [max] })),
  expiredApprovals: (max) => database.asClock((em) => rowsWithin(em)({ text: 'SELECT tenant_id AS "tenantId", id AS "approvalId" FROM ai.approval ORDER BY expires_at LIMIT ?', values: [max] })),
});

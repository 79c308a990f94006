/** The table that rate-limiter-flexible counts in, reached through the service's own door to the database. */
import type { Database, Scope } from '../../../platform/database/database.ts';

const SELF: Scope = { kind: 'system', id: 'system:users', userId: null, tenantId: null };

interface Query { text: string; values: unknown[] }

/** The part of a `pg` client that the limiter uses. Counts need not be on the disk before an answer goes out: a power cut forgives half a second of them. */
export const attemptStore = (database: Database) => ({
  query: ({ text, values }: Query) => database.transaction(SELF, 'write', async (em) => {
    await em.execute('SET LOCAL synchronous_commit = off', [], 'run');
    const ordered: unknown[] = [];
    const sql = text.replace(/\$(\d+)/g, (_, n: string) => (ordered.push(values[Number(n) - 1]), '?'));
    const rows = await em.execute<unknown[]>(sql, ordered, 'all');
    return { rows, rowCount: rows.length };
  }),
});

/** What the meter and the books say that a tenant's use is worth, read from its own tables. */
import pg from 'pg';
import { decimal, type Decimal } from '../../platform/decimal.ts';

export interface Sums { points: number; operations: number; meter: Decimal; days: Decimal; ledger: Decimal; unbalanced: number }

const SUMS = `SELECT
  (SELECT coalesce(sum(quantity), 0) FROM billing.usage_event WHERE tenant_id = $1 AND metric = 'api.points')::text AS points,
  (SELECT coalesce(sum(quantity), 0) FROM billing.usage_event WHERE tenant_id = $1 AND metric = 'api.operations')::text AS operations,
  (SELECT coalesce(sum(amount), 0) FROM billing.usage_event WHERE tenant_id = $1)::text AS meter,
  (SELECT coalesce(sum(amount), 0) FROM billing.usage_day WHERE tenant_id = $1)::text AS days,
  (SELECT coalesce(sum(p.amount), 0) FROM billing.posting p JOIN billing.ledger_entry e ON e.id = p.entry_id WHERE p.tenant_id = $1 AND e.kind = 'USAGE' AND p.amount > 0)::text AS ledger,
  (SELECT count(*) FROM (SELECT entry_id FROM billing.posting WHERE tenant_id = $1 GROUP BY entry_id, currency HAVING sum(amount) <> 0) AS entries)::text AS unbalanced`;
const POINTS_OF = `SELECT coalesce(sum(quantity), 0)::text AS points FROM billing.usage_event WHERE tenant_id = $1 AND metric = 'api.points' AND ($2 IN (user_id, key_id))`;

export interface Books { sums(tenantId: string): Promise<Sums>; pointsOf(tenantId: string, who: string): Promise<number>; close(): Promise<void> }

export async function openBooks(url: string): Promise<Books> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  // Row-level security holds the owner too, and shows it nothing: the books are read as billing reads them, in a tenant's name.
  const row = async <T>(tenantId: string, statement: string, values: unknown[]): Promise<T> => {
    await client.query(`BEGIN READ ONLY; SET LOCAL ROLE atlas_billing; SET LOCAL app.tenant_id = '${tenantId}'`);
    try {
      return (await client.query(statement, values)).rows[0] as T;
    } finally {
      await client.query('ROLLBACK');
    }
  };
  return {
    async sums(tenantId) {
      const { points, operations, meter, days, ledger, unbalanced } = await row<Record<keyof Sums, string>>(tenantId, SUMS, [tenantId]);
      return { points: Number(points), operations: Number(operations), meter: decimal(meter), days: decimal(days), ledger: decimal(ledger), unbalanced: Number(unbalanced) };
    },
    pointsOf: async (tenantId, who) => Number((await row<{ points: string }>(tenantId, POINTS_OF, [tenantId, who])).points),
    close: () => client.end(),
  };
}

import { decimal, type Decimal } from '../../../platform/decimal.ts';
import type { Ground } from '../../../platform/database/statement.ts';
import type { Id, TenantId } from '../../../platform/ids.ts';
import type { Target } from '../domain/budget.ts';
import { sourceOf } from '../domain/counted.ts';
import type { Priced, Usages } from '../domain/meter-ports.ts';
import { LEVELS, type BudgetUnit } from '../domain/metric.ts';
import type { Period } from '../domain/period.ts';
import type { UsageFound, UsageQuestion } from '../domain/usage.ts';
import { usageFound } from './usage-read.ts';

const KEY = 'metric, user_id, key_id, collection_id, model';

/** Rows are written in the order of their keys, so that two who add to the same ones never wait for each other in a ring. */
const rollUp = (grain: 'hour' | 'day'): string => `
  INSERT INTO billing.usage_${grain} AS u (tenant_id, at, ${KEY}, currency, quantity, amount)
  SELECT tenant_id, date_trunc('${grain}', at, 'UTC') AS at, ${KEY}, currency, sum(quantity), coalesce(sum(amount), 0) FROM fresh
  GROUP BY tenant_id, date_trunc('${grain}', at, 'UTC'), ${KEY}, currency ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
  ON CONFLICT (tenant_id, at, ${KEY}, currency) DO UPDATE SET quantity = u.quantity + excluded.quantity, amount = u.amount + excluded.amount`;

const SLOTS = 8;
const SUMS = `
  INSERT INTO billing.usage_sum AS u (tenant_id, grain, at, metric, currency, slot, quantity, amount)
  SELECT tenant_id, grain, date_trunc(lower(grain), at, 'UTC') AS at, metric, currency, pg_backend_pid() % ${SLOTS}, sum(quantity), coalesce(sum(amount), 0) FROM fresh, (VALUES ('HOUR'), ('DAY')) AS g (grain)
  GROUP BY tenant_id, grain, date_trunc(lower(grain), at, 'UTC'), metric, currency ORDER BY 1, 2, 3, 4, 5
  ON CONFLICT (tenant_id, grain, at, metric, currency, slot) DO UPDATE SET quantity = u.quantity + excluded.quantity, amount = u.amount + excluded.amount`;

/** What is there already is told again: it is in the sums, and changes none. */
const ADD = `
  WITH told AS (
    SELECT * FROM unnest(?::text[], ?::int[], ?::text[], ?::numeric[], ?::numeric[], ?::text[], ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[], ?::jsonb[])
      AS t (event_id, line, metric, quantity, amount, currency, at, user_id, key_id, collection_id, model, attributes)),
  fresh AS (
    INSERT INTO billing.usage_event (tenant_id, event_id, line, metric, quantity, amount, currency, at, user_id, key_id, collection_id, model, attributes)
    SELECT ?, event_id, line, metric, quantity, amount, currency, at, user_id, key_id, collection_id, model, attributes FROM told ORDER BY event_id, line
    ON CONFLICT DO NOTHING RETURNING *),
  hours AS (${rollUp('hour')}),
  days AS (${rollUp('day')}),
  sums AS (${SUMS}),
  levels AS (
    INSERT INTO billing.usage_level AS u (tenant_id, ${KEY}, quantity) SELECT tenant_id, ${KEY}, sum(quantity) FROM fresh WHERE metric = ANY (?::text[])
    GROUP BY tenant_id, ${KEY} ORDER BY 1, 2, 3, 4, 5, 6 ON CONFLICT (tenant_id, ${KEY}) DO UPDATE SET quantity = u.quantity + excluded.quantity)
  SELECT event_id AS "eventId", line FROM fresh`;

const ADD_LATENCIES = `
  INSERT INTO billing.usage_latency AS u (tenant_id, grain, at, ${KEY}, size, times)
  SELECT ?, grain, date_trunc(lower(grain), at, 'UTC'), ${KEY}, size, sum(times) FROM (VALUES ('HOUR'), ('DAY')) AS g (grain),
    unnest(?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::smallint[], ?::bigint[]) AS t (at, ${KEY}, size, times)
  GROUP BY grain, date_trunc(lower(grain), at, 'UTC'), ${KEY}, size ORDER BY 2, 3, 4, 5, 6, 7, 8, 9
  ON CONFLICT (tenant_id, grain, at, ${KEY}, size) DO UPDATE SET times = u.times + excluded.times`;

const METRICS_OF: Readonly<Record<Exclude<BudgetUnit, 'MONEY'>, readonly string[]>> = { POINTS: ['api.points'], TOKENS: ['ai.input-tokens', 'ai.output-tokens'] };

export class PostgresUsages implements Usages {
  constructor(private readonly on: Ground) {}

  async add(tenantId: TenantId, lines: readonly Priced[]): Promise<ReadonlySet<string>> {
    const of = <T extends string | number | null>(read: (line: Priced) => T): T[] => lines.map(read);
    const rows = await this.on.rows<{ eventId: Id<'evt'>; line: number }>({
      name: 'count', text: ADD,
      values: [
        of(({ eventId }) => eventId), of(({ line }) => line), of(({ metric }) => metric), of(({ quantity }) => quantity), of(({ amount }) => amount), of(({ currency }) => currency ?? ''), of(({ at }) => at.toISOString()),
        of(({ userId }) => userId), of(({ keyId }) => keyId), of(({ collectionId }) => collectionId), of(({ model }) => model),
        of(({ attributes }) => (Object.keys(attributes).length > 0 ? JSON.stringify(attributes) : null)), tenantId, LEVELS,
      ],
    });
    const fresh = new Set(rows.map(sourceOf));
    await this.addLatencies(tenantId, lines.filter((line) => line.latencies.size > 0 && fresh.has(sourceOf(line))));
    return fresh;
  }

  answer(tenantId: TenantId, question: UsageQuestion): Promise<UsageFound> {
    return usageFound(this.on.rows, tenantId, question);
  }

  async spentIn({ unit, currency, userId, keyId, collectionId }: Target & { unit: BudgetUnit; currency: string | null }, { from, to }: Period): Promise<Decimal> {
    const counts = unit === 'MONEY' ? { sum: 'amount', where: 'currency = ?', value: currency } : { sum: 'quantity', where: 'metric = ANY (?::text[])', value: METRICS_OF[unit] };
    const targets = Object.entries({ user_id: userId, key_id: keyId, collection_id: collectionId }).filter(([, id]) => id !== null);
    const [row] = await this.on.rows<{ spent: string }>({
      text: `SELECT trim_scale(coalesce(sum(${counts.sum}), 0))::text AS spent FROM billing.usage_day WHERE at >= ?::timestamptz AND at < ?::timestamptz AND ${counts.where}${targets.map(([column]) => ` AND ${column} = ?`).join('')}`,
      values: [from.toISOString(), to.toISOString(), counts.value, ...targets.map(([, id]) => id)],
    });
    return decimal(row!.spent);
  }

  private async addLatencies(tenantId: TenantId, lines: readonly Priced[]): Promise<void> {
    const timed = lines.flatMap((line) => [...line.latencies].map(([size, times]) => ({ ...line, size, times })));
    if (timed.length === 0) return;
    await this.on.rows({
      name: 'count latencies', text: ADD_LATENCIES,
      values: [
        tenantId, timed.map(({ at }) => at.toISOString()), timed.map(({ metric }) => metric), timed.map(({ userId }) => userId), timed.map(({ keyId }) => keyId),
        timed.map(({ collectionId }) => collectionId), timed.map(({ model }) => model), timed.map(({ size }) => size), timed.map(({ times }) => times),
      ],
    });
  }
}

/** A tenant with a great many events behind it, put in by the database itself, part by part: a month of a thousand people, as the gateway and models tell what they used. */
import pg from 'pg';
import { newId, type TenantId } from '../../../platform/ids.ts';

const PEOPLE = 1_000;
const KEYS = 40;
const DAYS = 30;
const DAY_MS = 86_400_000;
const PART = 500_000;
/** Line by line: one of four metrics, by a person or, each fifth, by a key. */
const LINES = `INSERT INTO billing.usage_event (tenant_id, event_id, line, at, metric, user_id, key_id, collection_id, model, quantity, amount, currency)
  SELECT $1, 'evt_' || lpad(n::text, 26, '0'), 0, to_timestamp($2::float8 - (n + 0.5) / $3 * ${DAYS} * 86400), metric,
    CASE WHEN n % 5 = 0 THEN '' ELSE ($4::text[])[1 + (n * 31) % ${PEOPLE}] END, CASE WHEN n % 5 = 0 THEN ($5::text[])[1 + n % ${KEYS}] ELSE '' END, '',
    CASE WHEN metric LIKE 'ai.%' THEN CASE WHEN n % 3 = 0 THEN 'large' ELSE 'small' END ELSE '' END,
    quantity, CASE WHEN price > 0 THEN quantity * price END, CASE WHEN price > 0 THEN 'USD' ELSE '' END
  FROM (SELECT n, 1 + (n * 7919) % 400 AS quantity, (ARRAY['api.points', 'api.operations', 'ai.input-tokens', 'ai.output-tokens'])[1 + n % 4] AS metric,
    (ARRAY[0.000001, 0, 0.0000006, 0.0000024])[1 + n % 4] AS price FROM generate_series($6::bigint, $7::bigint) AS n) AS lines`;
const KEY = 'metric, user_id, key_id, collection_id, model';

export interface UsageWorld { days: Date[]; rows: { hour: number; day: number }; took: { copyMs: number; sumMs: number } }

export async function fillUsage(adminUrl: string, tenantId: TenantId, events: number, say: (text: string) => void): Promise<UsageWorld> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    const days = Array.from({ length: DAYS }, (_, n) => new Date(today - (n + 1) * DAY_MS));
    const [people, keys] = [Array.from({ length: PEOPLE }, () => newId('usr')), Array.from({ length: KEYS }, () => newId('key'))];
    const since = performance.now();
    for (let from = 0; from < events; from += PART) {
      await admin.query(LINES, [tenantId, today / 1_000, events, people, keys, from, Math.min(events, from + PART) - 1]);
      say(`${Math.min(events, from + PART).toLocaleString('en')} of ${events.toLocaleString('en')} events after ${Math.round((performance.now() - since) / 1_000)} s`);
    }
    const copied = performance.now();
    // What the meter has by increments, line by line, in one statement: it would take hours to tell them all.
    for (const grain of ['hour', 'day']) {
      await admin.query(`INSERT INTO billing.usage_${grain} (tenant_id, at, ${KEY}, currency, quantity, amount)
        SELECT tenant_id, date_trunc('${grain}', at, 'UTC'), ${KEY}, currency, sum(quantity), coalesce(sum(amount), 0) FROM billing.usage_event WHERE metric LIKE 'a%' GROUP BY 1, 2, 3, 4, 5, 6, 7, 8`); // who has joined is counted already
    }
    await admin.query(`INSERT INTO billing.usage_sum (tenant_id, grain, at, metric, currency, slot, quantity, amount)
      SELECT tenant_id, 'HOUR', at, metric, currency, 0, sum(quantity), sum(amount) FROM billing.usage_hour WHERE metric LIKE 'a%' GROUP BY 1, 3, 4, 5 UNION ALL
      SELECT tenant_id, 'DAY', at, metric, currency, 0, sum(quantity), sum(amount) FROM billing.usage_day WHERE metric LIKE 'a%' GROUP BY 1, 3, 4, 5`);
    await admin.query('VACUUM (ANALYZE) billing.usage_event, billing.usage_hour, billing.usage_day, billing.usage_sum');
    const count = async (table: string) => Number((await admin.query<{ n: string }>(`SELECT count(*) AS n FROM billing.${table}`)).rows[0]!.n);
    return { days, rows: { hour: await count('usage_hour'), day: await count('usage_day') }, took: { copyMs: copied - since, sumMs: performance.now() - copied } };
  } finally {
    await admin.end();
  }
}

/** The same question to the lines themselves, without any sums. */
export async function rawDayMs(adminUrl: string, tenantId: TenantId, day: Date): Promise<number> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const since = performance.now();
    await admin.query('SELECT metric, currency, sum(quantity), coalesce(sum(amount), 0) FROM billing.usage_event WHERE tenant_id = $1 AND at >= $2 AND at < $3 GROUP BY 1, 2', [tenantId, day, new Date(day.getTime() + DAY_MS)]);
    return performance.now() - since;
  } finally {
    await admin.end();
  }
}

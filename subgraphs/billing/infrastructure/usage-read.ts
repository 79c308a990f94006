/** What was used, read off the sums. A level is what it is now less what has changed since: however old a tenant is, only what is asked for is read. */
import { decimal, isZero, minus, sum, ZERO, type Decimal } from '../../../platform/decimal.ts';
import type { Rows } from '../../../platform/database/statement.ts';
import type { TenantId } from '../../../platform/ids.ts';
import { invalidArgument } from '../../../platform/text.ts';
import { added, type Latencies } from '../domain/latency.ts';
import { LEVELS } from '../domain/metric.ts';
import { LINES_MAX, periodsOf, type UsageDimension, type UsageFound, type UsageQuestion, type UsageSum } from '../domain/usage.ts';

const COLUMN: Readonly<Record<UsageDimension, string>> = { USER: 'user_id', API_KEY: 'key_id', COLLECTION: 'collection_id', MODEL: 'model' };

/** In the text, so that the index of levels alone is found to fit. */
const LEVEL_NAMES = LEVELS.map((level) => `'${level}'`).join(', ');

interface Row { period: string | null; metric: string; dimension: string; currency: string; quantity: string; amount: string }
interface LevelRow { period: string | null; metric: string; dimension: string; quantity: string }
interface LatencyRow { period: string; metric: string; dimension: string; size: number; times: string }

/** Null is all periods together. */
type Place = { period: string | null; metric: string; dimension: string };
const keyOf = ({ period, metric, dimension }: Place): string => JSON.stringify([period, metric, dimension]);

export async function usageFound(rows: Rows, tenantId: TenantId, question: UsageQuestion): Promise<UsageFound> {
  const parts = partsOf(tenantId, question);
  const [flows, levels, timed] = await Promise.all([rows<Row>(flowsOf(parts)), rows<LevelRow>(levelsOf(parts)), rows<LatencyRow>(latenciesOf(parts))]);
  const latencies = latenciesBy(timed);
  const sums: (Place & UsageSum)[] = [...merged(flows), ...levelsIn(question, levels)].map((found) => ({ ...found, dimension: question.by ? found.dimension : null as never, latencies: latencies.get(keyOf(found)) ?? added([]) }));
  if (sums.length > LINES_MAX) throw invalidArgument(`More than ${LINES_MAX} lines: ask for less time, or for longer periods.`, 'from');
  const of = (period: string | null): UsageSum[] => (byPeriod.get(period) ?? []).sort((a, b) => order(a.metric, b.metric) || order(a.dimension ?? '', b.dimension ?? ''));
  const byPeriod = grouped(sums, ({ period }) => period);
  return {
    total: of(null),
    series: periodsOf(question).map((from) => ({ from, lines: of(from.toISOString()) })).filter(({ lines }) => lines.length > 0),
  };
}
function grouped<Value, Key>(values: readonly Value[], keyFor: (value: Value) => Key): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const group = groups.get(keyFor(value));
    if (group) group.push(value);
    else groups.set(keyFor(value), [value]);
  }
  return groups;
}
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

interface Parts { tenantId: TenantId; question: UsageQuestion; period: string; dimension: string; table: string; ofGrain: string; grain: 'HOUR' | 'DAY'; whose: string; user: string[] }
function partsOf(tenantId: TenantId, question: UsageQuestion): Parts {
  const grain = question.granularity === 'HOUR' ? 'HOUR' : 'DAY';
  // Of everybody and everything together there are sums of their own.
  const isWhole = question.by === null && question.userId === null;
  const truncated = question.granularity === 'MONTH' ? `date_trunc('month', at, 'UTC')` : 'at';
  return {
    tenantId, question, grain, table: isWhole ? 'billing.usage_sum' : `billing.usage_${grain.toLowerCase()}`, ofGrain: isWhole ? ` AND grain = '${grain}'` : '',
    period: `to_char(${truncated} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"')`,
    dimension: question.by ? COLUMN[question.by] : `''::text`,
    whose: question.userId === null ? '' : ' AND user_id = ?', user: question.userId === null ? [] : [question.userId],
  };
}

const flowsOf = ({ tenantId, question: { from, to }, period, dimension, table, ofGrain, whose, user }: Parts) => ({
  text: `
    WITH found AS (
      SELECT ${period} AS period, metric, ${dimension} AS dimension, currency, sum(quantity) AS quantity, sum(amount) AS amount FROM ${table}
      WHERE tenant_id = ?${ofGrain} AND at >= ?::timestamptz AND at < ?::timestamptz AND metric NOT IN (${LEVEL_NAMES})${whose} GROUP BY 1, 2, 3, 4)
    SELECT period, metric, dimension, currency, trim_scale(sum(quantity))::text AS quantity, trim_scale(sum(amount))::text AS amount FROM found
    GROUP BY GROUPING SETS ((period, metric, dimension, currency), (metric, dimension, currency)) LIMIT ${LINES_MAX + 1}`,
  values: [tenantId, from.toISOString(), to.toISOString(), ...user],
});

/** What the levels are now, with a null for the period, and what has changed them in each period since. */
const levelsOf = ({ tenantId, question: { from }, period, dimension, table, ofGrain, whose, user }: Parts) => ({
  text: `
    SELECT NULL AS period, metric, ${dimension} AS dimension, trim_scale(sum(quantity))::text AS quantity FROM billing.usage_level WHERE tenant_id = ?${whose} GROUP BY 2, 3
    UNION ALL
    SELECT ${period}, metric, ${dimension}, trim_scale(sum(quantity))::text FROM ${table} WHERE tenant_id = ?${ofGrain} AND at >= ?::timestamptz AND metric IN (${LEVEL_NAMES})${whose} GROUP BY 1, 2, 3`,
  values: [tenantId, ...user, tenantId, from.toISOString(), ...user],
});

const latenciesOf = ({ tenantId, question: { from, to }, grain, period, dimension, whose, user }: Parts) => ({
  text: `
    SELECT ${period} AS period, metric, ${dimension} AS dimension, size, sum(times) AS times FROM billing.usage_latency
    WHERE tenant_id = ? AND grain = ? AND at >= ?::timestamptz AND at < ?::timestamptz${whose} GROUP BY 1, 2, 3, 4`,
  values: [tenantId, grain, from.toISOString(), to.toISOString(), ...user],
});

type Found = Place & Omit<UsageSum, 'latencies'>;

/** What had no price for a while stands beside what has one; only two currencies are two lines. */
function merged(rows: readonly Row[]): Found[] {
  return [...grouped(rows, keyOf).values()].flatMap((same) => {
    const [first, ...others] = [...same].sort((a, b) => order(b.currency, a.currency)).map(foundOf) as [Found, ...Found[]];
    const free = first.currency === null ? undefined : others.find(({ currency }) => currency === null);
    return [free ? { ...first, quantity: sum(first.quantity, free.quantity) } : first, ...others.filter((one) => one !== free)];
  });
}
const foundOf = ({ currency, quantity, amount, ...place }: Row): Found =>
  ({ ...place, currency: currency || null, quantity: decimal(quantity), amount: currency ? decimal(amount) : null });

/** As each is at the end of each period, from the last backwards. */
function levelsIn(question: UsageQuestion, rows: readonly LevelRow[]): Found[] {
  const periods = periodsOf(question).map((from) => from.toISOString());
  const isOver = question.to.toISOString();
  return [...grouped(rows, ({ metric, dimension }) => JSON.stringify([metric, dimension])).values()].flatMap((same) => {
    const { metric, dimension } = same[0]!;
    const changes = new Map(same.map(({ period, quantity }) => [period, decimal(quantity)]));
    const afterwards = same.filter(({ period }) => period !== null && period >= isOver).map(({ quantity }) => decimal(quantity));
    let level: Decimal = minus(changes.get(null) ?? ZERO, sum(...afterwards));
    const levels: Found[] = [{ period: null, metric, dimension, currency: null, quantity: level, amount: null }];
    for (const period of periods.toReversed()) {
      levels.push({ period, metric, dimension, currency: null, quantity: level, amount: null });
      level = minus(level, changes.get(period) ?? ZERO);
    }
    return levels.filter(({ quantity }) => !isZero(quantity));
  });
}

function latenciesBy(rows: readonly LatencyRow[]): Map<string, Latencies> {
  const places = rows.flatMap((row) => [row, { ...row, period: null }]);
  return new Map([...grouped(places, keyOf)].map(([key, same]) => [key, added(same.map(({ size, times }) => [size, Number(times)] as const))]));
}

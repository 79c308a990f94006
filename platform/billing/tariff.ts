/** What something is worth by what a tenant has bought: exact, and the same as the meter will find. */
import { sum, times, ZERO, type Decimal } from '../decimal.ts';
import type { SaidUsage } from '../said-usage.ts';
import type { Entitlements } from './ports.ts';

export const POINTS = 'api.points';
export const OPERATIONS = 'api.operations';

export interface Tariff {
  /** What was gone by, as the meter reads it: `TEAM@3`. */
  readonly plan: string;
  readonly currency: string;
  readonly requestsPerMinute: number | null;
  /** What one of a metric is worth; what is not named is worth nothing. */
  readonly prices: Entitlements['prices'];
  /** Of that many points. */
  points(count: number): Decimal;
  /** Of that many operations. */
  operations(count: number): Decimal;
  said(lines: readonly SaidUsage[]): Decimal;
}

/** Most operations are worth one of a few sums. */
const REMEMBERED_MAX = 2_000;

export function tariffOf({ plan, planVersion, currency, limits, prices }: Pick<Entitlements, 'plan' | 'planVersion' | 'currency' | 'limits' | 'prices'>): Tariff {
  const priced = (metric: string, quantity: Decimal | number): Decimal => (Object.hasOwn(prices, metric) ? times(prices[metric]!, quantity) : ZERO);
  const known = new Map<number, Decimal>();
  return {
    plan: `${plan}@${planVersion}`, currency, requestsPerMinute: limits.requestsPerMinute ?? null, prices,
    points(count) {
      let worth = known.get(count);
      if (worth === undefined) {
        worth = priced(POINTS, count);
        if (known.size < REMEMBERED_MAX) known.set(count, worth);
      }
      return worth;
    },
    operations: (count) => priced(OPERATIONS, count),
    // Whoever says it may have gone by a plan that was another's a moment ago, and bills by that.
    said: (lines) => sum(...lines.map(({ metric, quantity, amount, currency: by }) => (amount !== undefined && by === currency ? amount as Decimal : priced(metric, quantity as Decimal)))),
  };
}

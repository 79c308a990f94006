import type { Decimal } from '../../../platform/decimal.ts';
import { invalidArgument } from '../../../platform/text.ts';
import type { Latencies } from './latency.ts';
import { countIn, periodOf, periodsIn, type Granularity } from './counting-period.ts';
import type { Period } from './period.ts';

export type UsageDimension = 'USER' | 'API_KEY' | 'COLLECTION' | 'MODEL';

/** Whole periods: a part of an hour is in no sum. */
export interface UsageQuestion extends Period {
  granularity: Granularity;
  by: UsageDimension | null;
  /** Whose alone is looked at; null: everybody's. */
  userId: string | null;
}

export interface UsageSum { metric: string; dimension: string | null; currency: string | null; quantity: Decimal; amount: Decimal | null; latencies: Latencies }
/** Of each period that anything was counted in, and of all of them together. */
export interface UsageFound { total: UsageSum[]; series: { from: Date; lines: UsageSum[] }[] }

const PERIODS_MAX: Readonly<Record<Granularity, number>> = { HOUR: 24 * 31, DAY: 400, MONTH: 120 };
/** Of an answer, all periods together. */
export const LINES_MAX = 20_000;

export interface UsageArgs { from?: Date | null; to?: Date | null; granularity: Granularity; by?: readonly UsageDimension[] | null }

/** From the beginning of the period that `from` lies in to the end of the one that `to` does; the running month up to now when nothing is said. */
export function questionOf({ from, to, granularity, by }: UsageArgs, userId: string | null, now: Date): UsageQuestion {
  const until = to ?? now;
  const since = from ?? periodOf('MONTH', until).from;
  if (since > until) throw invalidArgument('`from` is before `to`.', 'from');
  if (countIn(granularity, { from: since, to: until }) > PERIODS_MAX[granularity] + 1) throw invalidArgument(`At most ${PERIODS_MAX[granularity]} periods at once: ask for less, or by longer ones.`, 'from');
  const dimensions = [...new Set(by ?? [])];
  if (dimensions.length > 1) throw invalidArgument('By one dimension at a time.', 'by');
  const begins = periodOf(granularity, since).from;
  const last = periodOf(granularity, until);
  const ends = last.from.getTime() === until.getTime() && until > begins ? until : last.to;
  return { granularity, from: begins, to: ends, by: dimensions[0] ?? null, userId };
}

export const periodsOf = ({ granularity, from, to }: UsageQuestion): Date[] => periodsIn(granularity, { from, to });

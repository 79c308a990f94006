/** Stretches of time that are counted in, all of them UTC: the same for everybody, and without an hour that comes twice. They are not the periods of a bill. */
import type { Period } from './period.ts';

export type Granularity = 'HOUR' | 'DAY' | 'MONTH';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The one period in which a moment lies. It begins in it and ends before the next. */
export function periodOf(granularity: Granularity, at: Date): Period {
  const from = beginningOf(granularity, at);
  return { from, to: nextOf(granularity, from) };
}

/** All periods that have a part of the stretch, in order. */
export function periodsIn(granularity: Granularity, { from, to }: Period): Date[] {
  const found: Date[] = [];
  for (let at = beginningOf(granularity, from); at < to; at = nextOf(granularity, at)) found.push(at);
  return found;
}

/** How many of them that are, at most, without going through them. */
export const countIn = (granularity: Granularity, { from, to }: Period): number =>
  Math.ceil(Math.max(0, to.getTime() - from.getTime()) / { HOUR: HOUR_MS, DAY: DAY_MS, MONTH: 28 * DAY_MS }[granularity]) + 1;

function beginningOf(granularity: Granularity, at: Date): Date {
  if (granularity === 'MONTH') return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth()));
  const length = granularity === 'DAY' ? DAY_MS : HOUR_MS;
  return new Date(Math.floor(at.getTime() / length) * length);
}

function nextOf(granularity: Granularity, from: Date): Date {
  if (granularity === 'MONTH') return new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1));
  return new Date(from.getTime() + (granularity === 'DAY' ? DAY_MS : HOUR_MS));
}

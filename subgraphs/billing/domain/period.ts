/** From when to when: a period begins with its first moment and ends before its last. */
export interface Period { from: Date; to: Date }

export const DAY_MS = 86_400_000;

export const isWithin = ({ from, to }: Period, at: Date): boolean => from <= at && at < to;

/**
 * The end of the period that begins at `from`: so many months after the day on which it all began, and on the last day of
 * a month that is too short. What began on the 31st ends on the 28th of February and on the 31st of March.
 */
export function monthAfter(anchor: Date, from: Date): Date {
  const passed = (from.getUTCFullYear() - anchor.getUTCFullYear()) * 12 + from.getUTCMonth() - anchor.getUTCMonth();
  const next = monthsOn(anchor, passed);
  return next > from ? next : monthsOn(anchor, passed + 1);
}

function monthsOn(anchor: Date, months: number): Date {
  const first = new Date(anchor);
  first.setUTCDate(1);
  first.setUTCMonth(first.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(anchor.getUTCDate(), lastDay));
  return first;
}

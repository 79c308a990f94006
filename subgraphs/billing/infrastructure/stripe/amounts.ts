/** Stripe counts in the smallest unit of a currency, in whole numbers; Atlas in exact decimals. */
import { compare, decimal, minus, rounded, sum, times, ZERO, type Decimal, type Money } from '../../../../platform/decimal.ts';

const PLACES: Record<string, number> = { USD: 2, EUR: 2 };
const placesOf = (currency: string): number => {
  const places = PLACES[currency];
  if (places === undefined) throw new Error(`Nobody has said how many places ${currency} has.`);
  return places;
};

/** Whole cents; an amount that is none is refused, for it would be another amount. */
export function centsOf({ amount, currency }: Money): number {
  const cents = Number(times(amount, 10 ** placesOf(currency)));
  if (!Number.isSafeInteger(cents)) throw new Error(`${amount} ${currency} cannot be paid: it is no whole number of its smallest unit.`);
  return cents;
}

export function amountOf(cents: number, currency: string): Decimal {
  const places = placesOf(currency);
  const digits = String(Math.abs(cents)).padStart(places + 1, '0');
  return decimal(`${cents < 0 ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`);
}

/**
 * What each line is in whole cents, so that together they are the total to the cent: each is as much as all up to it, rounded,
 * less all before it. None is off by more than one cent.
 */
export function linesInCents(lines: readonly Decimal[], total: Money): number[] {
  const places = placesOf(total.currency);
  let exact = ZERO;
  let said = ZERO;
  return lines.map((line, index) => {
    exact = sum(exact, line);
    const upTo = index === lines.length - 1 ? total.amount : rounded(exact, places);
    const mine = minus(upTo, said);
    said = upTo;
    return centsOf({ amount: mine, currency: total.currency });
  });
}

/** Whether the lines are what the total was rounded from. */
export const addsUp = (lines: readonly Decimal[], { amount, currency }: Money): boolean => compare(rounded(sum(...lines), placesOf(currency)), amount) === 0;

/**
 * Exact decimals: money and quantities are texts in events, the graph and rows, and are only ever reckoned with here. A
 * number of JavaScript cannot hold 0.1, and what is owed is owed to the last digit.
 */
import Big from 'big.js';

declare const canonical: unique symbol;
/** `-12.5`: no exponent, no needless zero, no `-0`. Equal numbers are equal texts. */
export type Decimal = string & { readonly [canonical]: true };
export interface Money { amount: Decimal; currency: string }

/** Room for any product of what may be typed, and never so long that reckoning with it takes time. */
const WRITTEN = /^[+-]?\d{1,60}(?:\.\d{1,60})?$/;

// A copy of the library's class of its own: nobody else's settings reach it.
const Exact = Big();
Exact.RM = Exact.roundHalfEven;

const said = (value: Big): Decimal => (value.eq(0) ? '0' : value.toFixed()) as Decimal;
const of = (value: Decimal | number): Big => new Exact(value);

export const ZERO = '0' as Decimal;

/** A text that somebody wrote, or a whole number; throws when it is none. */
export function decimal(value: string | number): Decimal {
  const found = parseDecimal(value);
  if (found === null) throw new RangeError('This is no decimal.');
  return found;
}
/** The same; null when it is none. */
export function parseDecimal(value: unknown): Decimal | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? said(of(value)) : null;
  return typeof value === 'string' && WRITTEN.test(value) ? said(new Exact(value.replace(/^\+/, ''))) : null;
}
export const isDecimal = (value: unknown): value is Decimal => typeof value === 'string' && parseDecimal(value) === value;

export const sum = (...terms: readonly Decimal[]): Decimal => said(terms.reduce((all, term) => all.plus(of(term)), new Exact(0)));
export const minus = (from: Decimal, what: Decimal): Decimal => said(of(from).minus(of(what)));
export const times = (one: Decimal, other: Decimal | number): Decimal => said(of(one).times(of(other)));
export const negated = (value: Decimal): Decimal => said(of(value).neg());
export const compare = (one: Decimal, other: Decimal): -1 | 0 | 1 => of(one).cmp(of(other));
export const isZero = (value: Decimal): boolean => value === '0';
export const isNegative = (value: Decimal): boolean => value.startsWith('-');
export const least = (one: Decimal, other: Decimal): Decimal => (compare(one, other) <= 0 ? one : other);

/** To so many places, a half to the even neighbour: over many sums it favours nobody. */
export const rounded = (value: Decimal, places: number): Decimal => said(of(value).round(places, Exact.roundHalfEven));
/** `value × part / whole`, rounded once, at the end. */
export function share(value: Decimal, { part, whole, places }: { part: Decimal | number; whole: Decimal | number; places: number }): Decimal {
  const reckoning = Big();
  reckoning.DP = places;
  reckoning.RM = reckoning.roundHalfEven;
  return said(new reckoning(value).times(part).div(whole));
}

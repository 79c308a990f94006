import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compare, decimal, isDecimal, minus, negated, parseDecimal, rounded, share, sum, times, ZERO, type Decimal } from './decimal.ts';

/** A decimal as a whole number of its smallest places, which the language itself reckons with exactly. */
const PLACES = 12;
const some = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
const text = (units: bigint): string => {
  const digits = (units < 0n ? -units : units).toString().padStart(PLACES + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`;
};
const of = (units: bigint): Decimal => decimal(text(units));

describe('a decimal', () => {
  it('has one text, whichever way it was typed', () => {
    expect(['1', '+1', '01', '1.0', '1.000', '-0', '0.00', '-0.50', '.5'].map(parseDecimal)).toEqual(['1', '1', '1', '1', '1', '0', '0', '-0.5', null]);
    expect([7, -3, 0].map(decimal)).toEqual(['7', '-3', '0']);
  });

  it('is not made of what is none', () => {
    for (const wrong of ['', ' 1', '1e3', '1,5', 'NaN', 'Infinity', '0x10', '1.', '9'.repeat(61), 0.5, Number.MAX_VALUE, NaN, null, undefined, 12n, {}]) expect(parseDecimal(wrong)).toBeNull();
    expect(() => decimal('1e3')).toThrow(RangeError);
    expect([isDecimal('1.5'), isDecimal('1.50'), isDecimal(1.5)]).toEqual([true, false, false]);
  });

  it('adds, takes away and compares as whole numbers do', () => fc.assert(fc.property(some, some, (a, b) => {
    expect(sum(of(a), of(b))).toBe(of(a + b));
    expect(minus(of(a), of(b))).toBe(of(a - b));
    expect(negated(of(a))).toBe(of(-a));
    expect(compare(of(a), of(b))).toBe(a === b ? 0 : a < b ? -1 : 1);
  })));

  it('multiplies without losing a digit', () => fc.assert(fc.property(some, fc.integer(), (a, n) => {
    expect(times(of(a), n)).toBe(of(a * BigInt(n)));
  })));

  it('is rounded to the even neighbour where both are as near', () => {
    expect(['0.125', '0.135', '-0.125', '0.1250001', '2.5', '3.5'].map((one) => rounded(decimal(one), 2))).toEqual(['0.12', '0.14', '-0.12', '0.13', '2.5', '3.5']);
    expect(['0.5', '1.5', '2.5'].map((one) => rounded(decimal(one), 0))).toEqual(['0', '2', '2']);
  });

  it('is shared so that the parts differ from the whole by no more than their rounding', () => fc.assert(fc.property(some, fc.integer({ min: 1, max: 10_000_000 }), fc.integer({ min: 0, max: 10_000_000 }), (a, whole, cut) => {
    const part = Math.min(cut, whole);
    const parts = [part, whole - part].map((each) => share(of(a), { part: each, whole, places: 18 }));
    const off = minus(of(a), sum(...parts));
    expect(compare(off, decimal('0.000000000000000001')) <= 0 && compare(off, decimal('-0.000000000000000001')) >= 0).toBe(true);
    expect(share(of(a), { part: whole, whole, places: 18 })).toBe(of(a));
    expect(share(of(a), { part: 0, whole, places: 18 })).toBe(ZERO);
  })));
});

import { describe, expect, it } from '@jest/globals';
import { estimatedTokens, spentOf } from './usage.ts';

const cost = (inputTokens: number, outputTokens: number, input: string, output: string): string => spentOf({ inputTokens, outputTokens }, { input, output, currency: 'USD' }).cost;

describe('what an answer costs', () => {
  it('is exact to the last digit', () => {
    expect(cost(1_000_000, 0, '0.15', '0.60')).toBe('0.15');
    expect(cost(1, 1, '0.15', '0.60')).toBe('0.00000075');
    expect(cost(3, 7, '0.1', '0.025')).toBe('0.000000475');
    expect(cost(1, 0, '0.00000001', '0')).toBe('0.00000000000001');
    expect(cost(123_456_789, 987_654_321, '2.50', '10')).toBe('10185.1851825');
    expect(cost(0, 0, '3', '15')).toBe('0');
    expect(cost(10, 10, '0', '0')).toBe('0');
    expect(cost(20_000_000, 0, '5', '1')).toBe('100');
  });

  it('is nothing without a price that is one', () => {
    expect(() => cost(1, 1, '1e3', '1')).toThrow(RangeError);
    expect(() => cost(1, 1, 'x', '1')).toThrow(RangeError);
  });

  it('is estimated by bytes where nobody counted', () => {
    expect([estimatedTokens(''), estimatedTokens('12345678'), estimatedTokens('漢字')]).toEqual([0, 2, 2]);
  });
});

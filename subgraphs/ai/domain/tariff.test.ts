import { describe, expect, it } from '@jest/globals';
import { decimal, sum } from '../../../platform/decimal.ts';
import { newId } from '../../../platform/ids.ts';
import { randomFrom } from '../../../test/kit/random.ts';
import { linesOf, partsOf, worthOf, type Tariff } from './tariff.ts';

const EUR: Tariff = { plan: 'TEAM@1', currency: 'EUR', input: decimal('0.00000055'), output: decimal('0.0000022'), cost: decimal('1.1') };

describe('what is used', () => {
  it('is worth what its lines are, and so are its parts by collection, whatever it is and however many they are', () => {
    const next = randomFrom(11);
    for (let n = 0; n < 300; n += 1) {
      const spent = { inputTokens: Math.floor(next() * 9_000), outputTokens: Math.floor(next() * 900), cost: decimal(`0.${String(Math.floor(next() * 1e9)).padStart(14, '0')}`) };
      const parts = partsOf(spent, Array.from({ length: Math.floor(next() * 12) }, () => newId('col')));
      expect(sum(...parts.map((part) => worthOf(part, EUR)))).toBe(worthOf(spent, EUR));
      expect(sum(...parts.flatMap((part) => linesOf(part, EUR).map(({ amount }) => amount!)))).toBe(worthOf(spent, EUR));
      for (const { inputTokens, outputTokens, cost } of parts) expect([inputTokens >= 0, outputTokens >= 0, cost.startsWith('-')]).toEqual([true, true, false]);
    }
  });

  it('is worth what the model’s maker takes where nobody says what is paid by, and no line says what it is worth', () => {
    const spent = { inputTokens: 3, outputTokens: 4, cost: decimal('0.5') };
    expect([worthOf(spent, null), linesOf(spent, null).map((line) => 'amount' in line)]).toEqual(['0.5', [false, false, false]]);
  });
});

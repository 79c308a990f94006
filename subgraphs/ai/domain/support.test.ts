import { describe, expect, it } from '@jest/globals';
import { openStems } from '../../../platform/stems.ts';
import { claimsIn, standsAt, supportOf } from './support.ts';
import { termsBy } from './terms.ts';

const terms = termsBy(openStems(), 'en');
const PASSAGE = 'Keys end after 90 days. A key that was revoked does not answer. Owners may rotate keys at any time.';

describe('the claims of an answer', () => {
  it('are its sentences, each with its marks, those behind its point included', () => {
    const answer = 'Keys end [1]. Owners rotate them. [2][3] Nothing else is said!';
    expect(claimsIn(answer).map(({ text, marks }) => [text, marks])).toEqual([['Keys end [1].', [1]], ['Owners rotate them. [2][3]', [2, 3]], ['Nothing else is said!', []]]);
    for (const { start, end, text } of claimsIn(answer)) expect(answer.slice(start, end)).toBe(text);
  });
});

describe('support', () => {
  it('is the share of what is said that stands there', () => {
    expect(supportOf('Owners may rotate their keys [1].', PASSAGE, terms)).toBe(1);
    expect(supportOf('Pandas eat bamboo [1].', PASSAGE, terms)).toBe(0);
  });

  it('is none where a number or a denial is said that does not stand there', () => {
    expect(supportOf('Keys end after 30 days.', PASSAGE, terms)).toBe(0);
    expect(supportOf('Owners may not rotate keys.', 'Owners may rotate keys.', terms)).toBe(0);
  });

  it('is found in one sentence of the passage, where it stands in the item', () => {
    const passage = { itemId: 'itm_1', version: 1, title: 'T', headings: [], text: PASSAGE, start: 100, end: 100 + PASSAGE.length };
    const { start, end, support } = standsAt('Revoked keys do not answer', passage, terms);
    expect([PASSAGE.slice(start - 100, end - 100), support]).toEqual(['A key that was revoked does not answer.', 1]);
    expect(standsAt('Pandas', passage, terms)).toEqual({ start: 100, end: 100 + PASSAGE.length, support: 0 });
  });
});

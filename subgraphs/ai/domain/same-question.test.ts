import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openStems } from '../../../platform/stems.ts';
import { likeness } from './same-question.ts';

interface Pair { set: 'first' | 'held out' | 'third'; a: string; b: string; same: boolean }
const PAIRS = JSON.parse(readFileSync(new URL('../../../test/fixtures/cache-pairs.json', import.meta.url), 'utf8')) as Pair[];
const stems = openStems();
const like = (a: string, b: string) => likeness(a, b, stems);
const share = (pairs: readonly Pair[], hit: (pair: Pair) => boolean): number => pairs.filter(hit).length / pairs.length;
const isHit = ({ a, b }: Pair): boolean => like(a, b).isSame;

describe('whether two questions are one', () => {
  it('is found of a hundred written pairs: most paraphrases are, and no near miss', () => {
    const first = PAIRS.filter(({ set }) => set === 'first');
    expect(first).toHaveLength(100);
    expect(share(first.filter(({ same }) => same), isHit)).toBeGreaterThanOrEqual(0.6);
    expect(first.filter((pair) => !pair.same && isHit(pair))).toEqual([]);
  });

  it('is found of eighty more, that were written when the words above stood', () => {
    const more = PAIRS.filter(({ set }) => set !== 'first');
    expect(more).toHaveLength(80);
    expect(share(more.filter(({ same }) => same), isHit)).toBeGreaterThanOrEqual(0.6);
    expect(more.filter((pair) => !pair.same && isHit(pair))).toEqual([]);
  });

  it('is not told by how much they have in common: that alone takes most near misses for the same', () => {
    const near = PAIRS.filter(({ same }) => !same);
    expect(share(near, ({ a, b }) => like(a, b).similarity >= 0.6)).toBeGreaterThan(0.3);
  });

  it.each([
    ['How do I enable it for SSO?', 'How do I disable it for SSO?', 'opposites'], ['Revenue of 2023?', 'Revenue of 2024?', 'numbers'], ['Does Ann report to Bob?', 'Does Bob report to Ann?', 'names'],
    ['Can guests delete items?', "Can't guests delete items?", 'negation'], ['Does the buyer pay the seller?', 'Does the seller pay the buyer?', 'order'], ['Who leads sales?', 'Who led sales?', 'words'], ['How many people work here?', 'How many people worked here?', 'tense'],
  ])('is not so: %s %s (%s)', (a, b, because) => {
    expect(like(a, b)).toMatchObject({ isSame: false, because });
  });

  it('does not depend on which of them came first, and every question is itself', () => {
    const words = fc.array(fc.constantFrom('how', 'do', 'I', 'not', 'Ann', 'Bob', '2023', '2024', 'enable', 'disable', 'keys', 'key', 'the', 'from', 'to', 'paid', 'unpaid', 'item'), { minLength: 1, maxLength: 9 }).map((all) => all.join(' '));
    fc.assert(fc.property(words, words, (a, b) => { expect(like(a, b).isSame).toBe(like(b, a).isSame); }), { numRuns: 2_000 });
    for (const { a } of PAIRS) expect(like(a, a)).toEqual({ isSame: true, because: null, similarity: 1 });
    expect(like('how do I?', 'how do I?').isSame).toBe(false);
  });
});

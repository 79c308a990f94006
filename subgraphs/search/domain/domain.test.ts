import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId } from '../../../platform/ids.ts';
import { dampingOf, factorOf, scoreOf } from './bm25.ts';
import { packed, packedAscending, packedPlaces, Places, placesBegin, unpacked } from './encoding.ts';
import { fuse } from './fusion.ts';
import { compareKeys, idAt, keyOf } from './item-key.ts';
import { queryOf } from './query.ts';
import { wordsOf } from './words.ts';

describe('a query', () => {
  it.each([
    ['how to cook "brown rice" -salt -"white pepper" fast', { words: ['how', 'to', 'cook', 'fast'], phrases: [['brown', 'rice']], excluded: { words: ['salt'], phrases: [['white', 'pepper']] }, lastIsPrefix: true }],
    ['foo-bar -a-b --help "unclosed rest', { words: ['foo', 'bar', 'help', 'unclosed', 'rest'], excluded: { words: [], phrases: [['a', 'b']] }, lastIsPrefix: true }],
    ['Ends here. ', { words: ['ends', 'here'], lastIsPrefix: false }],
    ['again and again', { words: ['and', 'again'], lastIsPrefix: true }],
    ['„so“ «oder» “so”', { words: [], phrases: [['so'], ['oder'], ['so']], lastIsPrefix: false }],
    ['- " "" --', { words: [], phrases: [] }],
  ])('reads %j', (typed, expected) => { expect(queryOf(typed)).toMatchObject(expected); });

  it('is bounded, whatever is typed', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', 'b', ' ', '"', '-', '“', '東', '\u0000', '\ud800', 'é'), maxLength: 2_000 }), (typed) => {
      const { words, phrases, excluded } = queryOf(typed);
      expect(Math.max(words.length, phrases.length, excluded.words.length, excluded.phrases.length)).toBeLessThanOrEqual(64);
    }));
  });
});

describe('words', () => {
  it('say where they stand in the text as it is', () => {
    const text = 'L’Été ＡＢＣ 🦊 iPhone15東京へ don’t';
    expect(wordsOf(text).map(({ word }) => word)).toEqual(['l', 'été', 'abc', 'iphone15', '東京', '京へ', 'don', 't']);
    for (const { word, start, end } of wordsOf(text)) expect(text.slice(start, end).normalize('NFKC').toLowerCase()).toBe(word);
  });
});

describe('a page without a blank', () => {
  it('is as many pairs as it has characters, however long it is, and no more than are asked for', () => {
    expect(wordsOf('中'.repeat(300_000))).toHaveLength(299_999);
    expect(wordsOf('中'.repeat(300_000), 10)).toHaveLength(10);
    expect(wordsOf('𠀀中𠀁x').map(({ word, start, end }) => [word, start, end])).toEqual([['𠀀中', 0, 3], ['中𠀁', 2, 5], ['x', 5, 6]]);
    expect(wordsOf('中').map(({ word }) => word)).toEqual(['中']);
  });
});

describe('numbers of a segment', () => {
  const numbers = fc.array(fc.nat(2 ** 32 - 1), { maxLength: 200 });
  it('are the same when they come back', () => {
    fc.assert(fc.property(numbers, (values) => {
      expect([...unpacked(packed(values), values.length)]).toEqual(values);
      const ascending = values.toSorted((a, b) => a - b);
      expect([...unpacked(packedAscending(ascending), values.length, true)]).toEqual(ascending);
    }));
  });
  it('find the places of each document', () => {
    fc.assert(fc.property(fc.array(fc.array(fc.nat(300_000), { maxLength: 6 }).map((places) => places.sort((a, b) => a - b)), { maxLength: 30 }), (each) => {
      const bytes = packedPlaces(each);
      const begin = placesBegin(bytes, each.length);
      const of = (reader: Places, which: number) => { reader.read(which); return [...reader.values.subarray(0, reader.count)]; };
      expect(each.map((_, at) => of(new Places(bytes.slice(begin[at], begin[at + 1])), 0))).toEqual(each);
      const [all, some] = [new Places(bytes), new Places(bytes)];
      expect(each.map((_, at) => of(all, at))).toEqual(each);
      expect(each.flatMap((_, at) => (at % 3 === 1 ? [of(some, at)] : []))).toEqual(each.filter((_, at) => at % 3 === 1));
    }));
  });
  it('that are cut short are noticed', () => {
    expect(() => unpacked(packed([1, 2, 300]).slice(0, 2), 3)).toThrow('cut short');
    expect(() => new Places(packedPlaces([[1, 2, 300]]).slice(0, 3)).read(0)).toThrow('cut short');
  });
  it('keep ids, and their order', () => {
    const ids = [...Array.from({ length: 300 }, () => newId('itm')), 'itm_7zzzzzzzzzzzzzzzzzzzzzzzzz', 'itm_00000000000000000000000000'] as ReturnType<typeof newId<'itm'>>[];
    expect(ids.map((id) => idAt(keyOf(id), 0))).toEqual(ids);
    expect(ids.toSorted((a, b) => compareKeys(keyOf(a), 0, keyOf(b), 0))).toEqual(ids.toSorted());
  });
});

describe('a score', () => {
  it('is BM25 with k1 1.8 and b 0.75', () => {
    // One word once in the body (2 halves), in a document of 20 weighted halves; 10 documents of 15 on average, 3 of which have it.
    const idf = Math.log(1 + (10 - 3 + 0.5) / (3 + 0.5));
    const expected = (idf * 1 * 2.8) / (1 + 1.8 * (0.25 + 0.75 * (20 / 15)));
    const { base, perLength } = dampingOf({ documents: 10, length: 150 });
    expect(scoreOf(factorOf(10, 3), 2, base + perLength * 20)).toBeCloseTo(expected, 12);
  });
});

describe('lists', () => {
  it('become one by ranks, each thing once', () => {
    const fused = fuse([['a', 'b', 'c'], ['c', 'a', 'a', 'd']]);
    expect(fused.map(({ id }) => id)).toEqual(['a', 'c', 'b', 'd']);
    expect(fused[0]!.score).toBeCloseTo(1 / 61 + 1 / 62, 12);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId } from '../../../platform/ids.ts';
import { docOf } from '../../../test/kit/search-documents.ts';
import { analysed } from '../domain/analysed.ts';
import { openAnalyzer } from './analyzer.ts';
import { STEM_LANGUAGES } from '../../../platform/stem-languages.ts';

const languages = Object.keys(STEM_LANGUAGES);
const analyzer = openAnalyzer();

describe('stems', () => {
  it.each(['ø̈ё\'dyъё', 'çdbışъb', 'yßi\'şъб'])('of what is no word of any language are that word or a part of it: %s', (word) => {
    for (const language of languages) expect(analyzer.stem(language, word).length).toBeGreaterThan(0);
  });

  it('are texts, in every language and of whatever people write', () => {
    const letters = fc.constantFrom(...'aeioubcdlmnrstxyzщяеёіїқъьыاكتبαβς́̈ßçñøåæğışİ’\'0123中あก🦊');
    fc.assert(fc.property(fc.constantFrom(...languages, 'xx', 'constructor', '__proto__'), fc.string({ unit: letters, minLength: 1, maxLength: 64 }), (language, word) => {
      const stem = analyzer.stem(language, word);
      return typeof stem === 'string' && stem.length > 0 && analyzer.stem(language, word) === stem && typeof analyzer.isStop(language, word) === 'boolean';
    }), { numRuns: 3_000 });
  });

  it('of English bring together what belongs together', () => {
    for (const [one, other] of [['connect', 'connection'], ['express', 'expressions'], ['transactions', 'transact']] as const) expect(analyzer.stem('en', one)).toBe(analyzer.stem('en', other));
  });

  it('that thousands of words share are looked up, each with its own places', () => {
    const marks = ['\u0300', '\u0301', '\u0302', '\u0303', '\u0304', '\u0306', '\u0307', '\u0308', '\u030a', '\u030b'];
    const words = Array.from({ length: 3_000 }, (_, at) => `b${[...String(at)].map((digit) => marks[Number(digit)]!).join('')}`);
    const { terms } = analysed(docOf({ tenantId: newId('tnt'), collectionId: newId('col'), body: [...words, ...words].join(' ') }), analyzer, []);
    const under = [...terms.values()].flat();
    expect(under.every(({ places, frequency }) => places.length > 1 && frequency === places.length * 2)).toBe(true);
    expect(under.reduce((sum, { places }) => sum + places.length, 0)).toBe(6_000);
  });
});

describe('words that say nothing', () => {
  it('are those of everybody, and none that says where, when or how much', () => {
    for (const word of ['a', 'the', 'of', 'don']) expect(analyzer.isStop('en', word)).toBe(true);
    for (const word of ['between', 'before', 'most', 'index']) expect(analyzer.isStop('en', word)).toBe(false);
  });

  it('make no document longer, and stand in it all the same', () => {
    const of = (body: string) => analysed(docOf({ tenantId: newId('tnt'), collectionId: newId('col'), body }), analyzer, []);
    expect(of('the state of the art').length).toBe(of('state art').length);
    expect(of('the state of the art').terms.has('en:the')).toBe(true);
  });
});

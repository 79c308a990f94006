import { describe, expect, it } from '@jest/globals';
import { slugFrom, slugOf } from './slug.ts';

const ID = 'tnt_01hzzzzzzzzzzzzzzzzzabcdef';

describe('a slug', () => {
  it.each([
    ['Acme', 'acme'], ['  Ünïted   Räts & Co. ', 'united-rats-co'], ['a--b__c', 'a-b-c'], ['x'.repeat(80), 'x'.repeat(40)],
    ['日本', 'tenant-abcdef'], ['ab', 'ab-abcdef'], ['API', 'api-abcdef'], ['!!!', 'tenant-abcdef'],
  ])('is made from %j', (name, slug) => {
    expect(slugFrom(name, ID)).toBe(slug);
    expect(slugOf(slug)).toBe(slug);
  });

  it('can be made unlike any other, and is never too long', () => {
    expect(slugFrom('Acme', ID, true)).toBe('acme-abcdef');
    expect(slugOf(slugFrom('y'.repeat(80), ID, true))).toHaveLength(40);
  });

  it('that somebody chose is refused rather than changed', () => {
    for (const slug of ['Acme', 'ab', '-abc', 'abc-', 'a b', 'ä-b', 'tnt_x']) expect(() => slugOf(slug)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', path: ['input', 'slug'] }));
    for (const slug of ['www', 'api', 'admin', 'graphql', 'health', 'ready', 'metrics', 'login', 'atlas', 'system']) expect(() => slugOf(slug)).toThrow(expect.objectContaining({ code: 'SLUG_TAKEN' }));
  });
});

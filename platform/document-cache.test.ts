import { expect, it } from '@jest/globals';
import { documentCache } from './document-cache.ts';

it('documents are forgotten by their size: long ones push out more than short ones', () => {
  const documents = documentCache<object>(1_000_000);
  for (let n = 0; n < 100; n += 1) documents.set(`{ short${n} }`, {});
  expect(documents.size).toBe(100);
  for (let n = 0; n < 100; n += 1) documents.set(`{ long${n} ${'x'.repeat(1_000)} }`, {});
  expect(documents.size).toBeLessThan(6);
  documents.set('x'.repeat(10_000), {});
  expect(documents.has('x'.repeat(10_000))).toBe(false);
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId, type CollectionId, type TenantId } from '../../../../platform/ids.ts';
import type { Filter, Reach, Scalar } from '../../domain/ports.ts';
import { FILTERED, filterOf, keyOf, ofItems, ofTenant } from './meili-filter.ts';

const tenantId = newId('tnt');
const [library, archive] = [newId('col'), newId('col')] as const;

/** The whole of the language that is used: an attribute of ours, a sign, and terms of harmless letters. */
const TERM = '"[A-Za-z0-9_-]{1,40}"';
const CLAUSE = new RegExp(`^(?:${FILTERED.join('|')}) (?:= ${TERM}|IN \\[(?:${TERM}(?:, ${TERM})*)?\\]|(?:>=|<) -?\\d{1,16})$`);

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('" OR tenant = "x', `' OR 1=1 --`, '\\', '\\"', '"]', ') OR (tenant EXISTS', '\u0000', '\n', 'a" IN [b', '_geoRadius(0,0,1)', '😀"', 'tenant', '__proto__'),
  fc.tuple(fc.string(), fc.constantFrom('"', `'`, '\\', ']', '\\"'), fc.string()).map((parts) => parts.join('')),
);
const scalar: fc.Arbitrary<Scalar> = fc.oneof(nasty, fc.double(), fc.boolean(), fc.constant(null));
const filters: fc.Arbitrary<Filter> = fc.record({
  collectionIds: fc.subarray([library, archive]), tags: fc.array(nasty, { maxLength: 5 }), createdBy: nasty,
  createdAfter: fc.date({ noInvalidDate: true }), createdBefore: fc.date({ noInvalidDate: true }), metadata: fc.dictionary(nasty, scalar, { maxKeys: 4 }),
}, { requiredKeys: [] });
const reaches: fc.Arbitrary<Reach> = fc.oneof(fc.constant<Reach>({ everything: true }), fc.subarray([library, archive]).map((collectionIds): Reach => ({ everything: false, collectionIds })));

describe('the filter that Meilisearch is asked with', () => {
  it('has no place for what people write: whatever they write, each demand is of the few forms there are', () => {
    fc.assert(fc.property(reaches, filters, (reach, filter) => {
      for (const clause of filterOf({ tenantId, reach, filter })) expect(clause).toMatch(CLAUSE);
    }), { numRuns: 3_000, seed: 11 });
  });

  it('always begins with the tenant and the reach, and other filters only add to them', () => {
    fc.assert(fc.property(reaches, filters, (reach, filter) => {
      const clauses = filterOf({ tenantId, reach, filter });
      const rights = filterOf({ tenantId, reach, filter: {} });
      expect(clauses.slice(0, rights.length)).toEqual(rights);
      expect(rights).toHaveLength(reach.everything ? 1 : 2);
      const demands = [filter.collectionIds?.length, filter.tags?.length, filter.createdBy, filter.createdAfter, filter.createdBefore].filter(Boolean).length + Object.keys(filter.metadata ?? {}).length;
      expect(clauses).toHaveLength(rights.length + demands);
    }), { numRuns: 1_000, seed: 12 });
  });

  it('tells apart what people write: two texts have one key only when they are one', () => {
    fc.assert(fc.property(nasty, nasty, scalar, scalar, (a, b, one, other) => {
      expect(keyOf(a) === keyOf(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      expect(keyOf(a, one) === keyOf(b, other)).toBe(JSON.stringify([a, one]) === JSON.stringify([b, other]));
    }), { numRuns: 2_000, seed: 13 });
    expect(keyOf('n', 1)).not.toBe(keyOf('n', '1'));
  });

  it('is not made of what only looks like an id, or a time that is none', () => {
    for (const odd of [`${tenantId}" OR tenant != "`, '', 'tnt_', `${tenantId}\n`, tenantId.toUpperCase(), newId('usr')]) expect(() => ofTenant(odd as TenantId)).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
    expect(() => filterOf({ tenantId, reach: { everything: false, collectionIds: ['col_x"' as CollectionId] }, filter: {} })).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
    expect(() => filterOf({ tenantId, reach: { everything: true }, filter: { createdAfter: new Date(NaN) } })).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
    expect(ofItems(tenantId, [])).toEqual([`tenant = "${tenantId}"`, 'id IN []']);
  });
});

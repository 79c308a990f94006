/** What every index of vectors promises, tried on each adapter. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId, type CollectionId, type ItemId, type TenantId } from '../../../platform/ids.ts';
import type { Filter, Reach, Scalar, VectorIndex } from '../domain/ports.ts';

export type VectorDoc = Parameters<VectorIndex['apply']>[1][number];

const everything: Reach = { everything: true };
const [library, archive] = [newId('col'), newId('col')] as const;
const [ada, bob] = [newId('usr'), newId('usr')] as const;
const EAST = Float32Array.of(1, 0, 0, 0);
const NORTH = Float32Array.of(0, 1, 0, 0);
const between = (east: number, north: number) => Float32Array.of(east, north, 0, 0);

export function vectorIndexContract(name: string, open: () => Promise<{ index: VectorIndex; stop(): Promise<void> }>): void {
  describe(`vectors: ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    let seq = 0n;
    beforeAll(async () => { opened = await open(); });
    afterAll(() => opened?.stop());

    const doc = (given: Partial<VectorDoc> = {}): VectorDoc => ({
      itemId: newId('itm'), seq: (seq += 1n), version: 1, collectionId: library, tags: [], metadata: {}, createdBy: ada, createdAt: new Date('2026-03-01T12:00:00Z'), deleted: false, vector: EAST, ...given,
    });
    const ask = (tenantId: TenantId, given: { reach?: Reach; filter?: Filter; vector?: Float32Array; first?: number } = {}) =>
      opened.index.nearest({ tenantId, reach: everything, filter: {}, vector: EAST, first: 100, ...given });
    const idsOf = async (...given: Parameters<typeof ask>): Promise<ItemId[]> => (await ask(...given)).map(({ itemId }) => itemId).sort();
    const told = async (...docs: VectorDoc[]): Promise<TenantId> => {
      const tenantId = newId('tnt');
      await opened.index.apply(tenantId, docs);
      return tenantId;
    };

    it('puts the most similar first, of equals the smaller id, and no more than were asked for', async () => {
      const twins = [doc({ vector: between(3, 1) }), doc({ vector: between(6, 2) })];
      const [exact, far] = [doc({ vector: between(5, 0) }), doc({ vector: between(1, 2) })];
      const tenantId = await told(far, ...twins, exact);
      const near = await ask(tenantId);
      expect(near.map(({ itemId }) => itemId)).toEqual([exact.itemId, ...twins.map(({ itemId }) => itemId).sort(), far.itemId]);
      expect(near[0]!.similarity).toBeCloseTo(1, 2);
      expect(near[3]!.similarity).toBeCloseTo(1 / Math.sqrt(5), 2);
      expect((await ask(tenantId, { first: 1 })).map(({ itemId }) => itemId)).toEqual([exact.itemId]);
    });

    it('finds nothing that is turned away, has no vector, or one of another length', async () => {
      const tenantId = await told(doc({ vector: between(-1, 0) }), doc({ vector: NORTH }), doc({ vector: null }), doc({ vector: new Float32Array(4) }), doc());
      expect(await ask(tenantId)).toHaveLength(1);
      expect(await ask(tenantId, { vector: new Float32Array(4) })).toEqual([]);
      expect(await ask(tenantId, { vector: Float32Array.of(1, 0) })).toEqual([]);
    });

    it('answers for a tenant of whom it has heard nothing', async () => {
      expect(await ask(newId('tnt'))).toEqual([]);
      await opened.index.forget(newId('tnt'));
      await opened.index.apply(newId('tnt'), []);
    });

    it('shows nobody what lies outside of their reach', async () => {
      const [inside, outside] = [doc(), doc({ collectionId: archive })];
      const tenantId = await told(inside, outside);
      expect(await idsOf(tenantId)).toEqual([inside.itemId, outside.itemId].sort());
      expect(await idsOf(tenantId, { reach: { everything: false, collectionIds: [library] } })).toEqual([inside.itemId]);
      expect(await idsOf(tenantId, { reach: { everything: false, collectionIds: [] } })).toEqual([]);
      expect(await idsOf(tenantId, { reach: { everything: false, collectionIds: [library] }, filter: { collectionIds: [archive] } })).toEqual([]);
    });

    it('keeps tenants apart', async () => {
      const [mine, theirs] = [doc(), doc()];
      const [tenant, other] = [await told(mine), await told(theirs)];
      expect(await idsOf(tenant)).toEqual([mine.itemId]);
      await opened.index.forget(tenant);
      expect(await idsOf(tenant)).toEqual([]);
      expect(await idsOf(other)).toEqual([theirs.itemId]);
    });

    it('filters by collection, tag, creator and time, all at once', async () => {
      const wanted = doc({ tags: ['Blue', 'tall'], createdBy: bob });
      const tenantId = await told(wanted, doc({ tags: ['blue'], createdBy: bob }), doc({ tags: ['tall'], collectionId: archive }));
      expect(await idsOf(tenantId, { filter: { tags: ['Blue', 'none'] } })).toEqual([wanted.itemId]);
      expect(await idsOf(tenantId, { filter: { tags: ['tall'], collectionIds: [library] } })).toEqual([wanted.itemId]);
      expect(await idsOf(tenantId, { filter: { tags: ['tall'], createdBy: bob } })).toEqual([wanted.itemId]);
      expect(await idsOf(tenantId, { filter: { tags: [], collectionIds: [], createdBy: '' } })).toHaveLength(3);
      const at = wanted.createdAt;
      expect(await idsOf(tenantId, { filter: { createdAfter: at, createdBefore: new Date(at.getTime() + 1) } })).toHaveLength(3);
      expect(await idsOf(tenantId, { filter: { createdBefore: at } })).toEqual([]);
      expect(await idsOf(tenantId, { filter: { createdAfter: new Date(at.getTime() + 1) } })).toEqual([]);
    });

    it('filters by metadata of every kind, and by names that mean something elsewhere', async () => {
      const odd = `a.b[0]"' OR 1=1 --`;
      const wanted = doc({ metadata: { text: 'x', count: 3, yes: true, none: null, [odd]: 'y', deep: { text: 'x' } } });
      const tenantId = await told(wanted, doc({ metadata: { text: 'X', count: '3', yes: 'true', deep: 'x' } }));
      const fields: Record<string, Scalar>[] = [{ text: 'x' }, { count: 3 }, { yes: true }, { none: null }, { [odd]: 'y' }, { text: 'x', count: 3 }];
      for (const metadata of fields) expect(await idsOf(tenantId, { filter: { metadata } })).toEqual([wanted.itemId]);
      const others: Record<string, Scalar>[] = [{ text: 'y' }, { text: 'x', count: 4 }, { missing: null }, { a: 'y' }, { 'deep.text': 'x' }];
      for (const metadata of others) expect(await idsOf(tenantId, { filter: { metadata } })).toEqual([]);
    });

    it('the same twice is once, the newer stands, and an older one changes nothing', async () => {
      const first = doc();
      const tenantId = await told(first, first);
      const second = doc({ itemId: first.itemId, version: 2, vector: NORTH, collectionId: archive });
      await opened.index.apply(tenantId, [second]);
      await opened.index.apply(tenantId, [first]);
      expect(await ask(tenantId)).toEqual([]);
      expect(await ask(tenantId, { vector: NORTH, reach: { everything: false, collectionIds: [library] } })).toEqual([]);
      expect(await ask(tenantId, { vector: NORTH })).toMatchObject([{ itemId: first.itemId, version: 2 }]);
    });

    it('a document that is embedded anew has its new vector, though nothing else has changed', async () => {
      const first = doc();
      const tenantId = await told(first);
      expect(await idsOf(tenantId)).toEqual([first.itemId]);
      await opened.index.apply(tenantId, [{ ...first, vector: NORTH }]);
      expect(await idsOf(tenantId)).toEqual([]);
      expect(await idsOf(tenantId, { vector: NORTH })).toEqual([first.itemId]);
    });

    it('what is deleted is gone, and may come back', async () => {
      const first = doc();
      const tenantId = await told(first, doc());
      await opened.index.apply(tenantId, [doc({ itemId: first.itemId, version: 2, deleted: true, vector: null })]);
      expect(await idsOf(tenantId)).toHaveLength(1);
      await opened.index.apply(tenantId, [doc({ itemId: first.itemId, version: 3 })]);
      expect(await idsOf(tenantId)).toHaveLength(2);
    });

    it('what was forgotten can be told again from the beginning', async () => {
      const docs = [doc(), doc()];
      const tenantId = await told(...docs);
      expect(await ask(tenantId)).toHaveLength(2);
      await opened.index.forget(tenantId);
      expect(await ask(tenantId)).toEqual([]);
      await opened.index.apply(tenantId, docs.slice(0, 1));
      expect(await idsOf(tenantId)).toEqual([docs[0]!.itemId]);
    });

    it('finds of many documents exactly those that may be seen and were asked for', async () => {
      const collections = [library, archive, newId('col')] as const;
      const tags = ['a', 'b', 'c'];
      const some = <T>(of: readonly T[]) => fc.option(fc.uniqueArray(fc.constantFrom(...of)), { nil: undefined });
      const docs = fc.sample(fc.record({ collectionId: fc.constantFrom<CollectionId>(...collections), tags: fc.uniqueArray(fc.constantFrom(...tags)), createdBy: fc.constantFrom(ada, bob), vector: fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 9 })).map(([east, north]) => between(east, north)) }), { numRuns: 300, seed: 6 }).map(doc);
      const tenantId = await told(...docs);
      const asked = fc.record({ reach: some(collections), collectionIds: some(collections), tags: some(tags), createdBy: fc.option(fc.constantFrom(ada, bob), { nil: undefined }) });
      await fc.assert(fc.asyncProperty(asked, async ({ reach, ...filter }) => {
        const may = (one: VectorDoc) => (!reach || reach.includes(one.collectionId)) && (!filter.collectionIds?.length || filter.collectionIds.includes(one.collectionId))
          && (!filter.tags?.length || one.tags.some((tag) => filter.tags!.includes(tag))) && (!filter.createdBy || filter.createdBy === one.createdBy);
        const found = await idsOf(tenantId, { vector: NORTH, first: 300, filter, reach: reach ? { everything: false, collectionIds: reach } : everything });
        expect(found).toEqual(docs.filter(may).map(({ itemId }) => itemId).sort());
      }), { numRuns: 40, seed: 6 });
    });
  });
}

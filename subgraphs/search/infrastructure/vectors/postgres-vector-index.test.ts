import { describe, expect, it } from '@jest/globals';
import { newId } from '../../../../platform/ids.ts';
import { vectorIndexContract } from '../vector-index.contract.ts';
import { openSearchTables } from '../../../../test/kit/search-tables.ts';
import { postgresVectorIndex } from './postgres-vector-index.ts';

vectorIndexContract('Postgres', async () => {
  const tables = await openSearchTables();
  return { index: postgresVectorIndex(tables), stop: tables.stop };
});

describe('vectors in Postgres', () => {
  const reach = { everything: true } as const;
  const vector = Float32Array.of(1, 0);
  const docOf = (seq: bigint) => ({ itemId: newId('itm'), seq, version: 1, collectionId: newId('col'), tags: [], metadata: {}, createdBy: newId('usr'), createdAt: new Date(), deleted: false, vector });

  it('a process sees at once what another has written, what it deleted and what it forgot', async () => {
    const tables = await openSearchTables();
    const [here, there] = [postgresVectorIndex(tables), postgresVectorIndex(tables)];
    const tenantId = newId('tnt');
    const found = async () => (await here.nearest({ tenantId, reach, filter: {}, vector, first: 10 })).length;
    const first = docOf(1n);
    await there.apply(tenantId, [first, docOf(2n)]);
    expect(await found()).toBe(2);
    await there.apply(tenantId, [{ ...first, seq: 3n, deleted: true, vector: null }]);
    expect(await found()).toBe(1);
    await there.forget(tenantId);
    expect(await found()).toBe(0);
    await there.apply(tenantId, [first]);
    expect(await found()).toBe(1);
    await tables.stop();
  });

  it('answers alike when there is room in memory for no tenant at all', async () => {
    const tables = await openSearchTables();
    const index = postgresVectorIndex({ ...tables, memoryBytes: 1 });
    const tenantId = newId('tnt');
    await index.apply(tenantId, [docOf(1n), docOf(2n)]);
    for (let time = 0; time < 2; time += 1) expect(await index.nearest({ tenantId, reach, filter: {}, vector, first: 10 })).toHaveLength(2);
    await tables.stop();
  });

  it('answers many at once while somebody writes, each with everything that was there when it was asked', async () => {
    const tables = await openSearchTables();
    const index = postgresVectorIndex(tables);
    const tenantId = newId('tnt');
    for (let at = 0; at < 20; at += 1) {
      await index.apply(tenantId, [docOf(BigInt(at))]);
      const writing = index.apply(tenantId, [docOf(BigInt(100 + at))]);
      const answers = await Promise.all(Array.from({ length: 5 }, () => index.nearest({ tenantId, reach, filter: {}, vector, first: 100 })));
      await writing;
      for (const near of answers) expect(near.length).toBeGreaterThanOrEqual(at * 2 + 1);
    }
    await tables.stop();
  });
});

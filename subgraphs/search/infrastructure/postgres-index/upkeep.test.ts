import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '../../../../platform/database/database.ts';
import { newId, type CollectionId, type TenantId } from '../../../../platform/ids.ts';
import { naiveFind } from '../../../../test/kit/naive-search.ts';
import { analyzerOfTests as analyzer, docOf, openSearchDatabase, processOver, writeDocuments } from '../../../../test/kit/search-documents.ts';
import { freshDatabase, type TestDatabase } from '../../../../test/kit/databases.ts';
import type { Asked, Doc } from '../../domain/ports.ts';
import { queryOf } from '../../domain/query.ts';
import { BlockCache } from './block-cache.ts';
import { fold } from './fold.ts';
import { merge } from './merge.ts';
import { rowsOf } from './statement.ts';
import { asSearch } from './tenant-view.ts';

let place: TestDatabase;
let database: Database;
beforeAll(async () => {
  place = await freshDatabase();
  database = await openSearchDatabase(place);
});
afterAll(async () => {
  await database?.close();
  await place?.drop();
});

const WORDS = ['heron', 'otter', 'river', 'valley', 'glacier', 'stone'];
const someDocs = (tenantId: TenantId, collectionId: CollectionId, count: number, from = 0): Doc[] => Array.from({ length: count }, (_, at) =>
  docOf({ tenantId, collectionId, title: `t${from + at}`, body: WORDS.filter((__, which) => (from + at + which) % (which + 2) === 0).join(' '), tags: [`g${(from + at) % 3}`] }));
const asking = (tenantId: TenantId): Asked => ({ tenantId, reach: { everything: true }, query: queryOf('"heron otter" glacier -stone'), filter: {}, first: 100, facets: true });
/** Of a process that has nothing in memory. */
const answer = async (tenantId: TenantId) => {
  const { upTo: _, ...found } = await processOver(database).index.find(asking(tenantId));
  return found;
};
const asService = <Row extends object>(tenantId: TenantId, text: string): Promise<Row[]> => database.transaction(asSearch(tenantId), 'write', (em) => rowsOf<Row>(em, { values: [tenantId], text }));

/** A process that dies: from its nth statement on, nothing that it says is heard any more. */
function dyingAt(nth: number): { dying: Database; statements: () => number } {
  let said = 0;
  const transaction: Database['transaction'] = (scope, mode, body) => database.transaction(scope, mode, (em) => body(new Proxy(em, {
    get: (target, name) => (name !== 'getTransactionContext' ? Reflect.get(target, name) as unknown : () => ({
      raw: (...given: unknown[]) => {
        said += 1;
        if (said >= nth) throw new Error('killed');
        return (target.getTransactionContext() as unknown as { raw: (...all: unknown[]) => unknown }).raw(...given);
      },
    })),
  })));
  return { dying: { ...database, transaction }, statements: () => said };
}

describe('whoever dies', () => {
  it.each([
    ['folding', async (on: Database, tenantId: TenantId) => processOver(on).upkeep.settle(tenantId)],
    ['merging', async (on: Database, tenantId: TenantId) => merge(on, tenantId)],
    ['making everything anew', async (on: Database, tenantId: TenantId) => processOver(on).upkeep.anew(tenantId, async () => undefined)],
  ])('while %s, at whatever statement, loses nothing and leaves nothing', async (kind, body) => {
    const [tenantId, collectionId] = [newId('tnt'), newId('col')];
    const docs = someDocs(tenantId, collectionId, 20);
    for (let from = 0; from < 20; from += 5) {
      await writeDocuments(database, tenantId, docs.slice(from, from + 5));
      if (kind !== 'folding') await asFolded(tenantId);
    }
    const right = naiveFind(docs, analyzer, asking(tenantId));
    expect(right.total).toBeGreaterThan(0);
    let survived = false;
    for (let nth = 1; !survived; nth += 1) {
      const { dying, statements } = dyingAt(nth);
      survived = await body(dying, tenantId).then(() => statements() < nth, (error: Error) => { expect(error.message).toBe('killed'); return false; });
      expect(await answer(tenantId)).toEqual(right);
      await asService(tenantId, 'UPDATE search.keyword_state SET merging_until = NULL WHERE tenant_id = ?');
    }
    await asService(tenantId, `UPDATE search.keyword_state SET tidy_at = now() - interval '1 second' WHERE tenant_id = ?`);
    await asService(tenantId, `UPDATE search.segment SET state_at = now() - interval '1 day' WHERE tenant_id = ?`);
    while (await processOver(database).upkeep.round());
    const left = await asService<{ state: string }>(tenantId, 'SELECT DISTINCT state FROM search.segment WHERE tenant_id = ?');
    expect(left).toEqual([{ state: 'LIVE' }]);
    for (const table of ['segment_term', 'segment_word', 'segment_column']) {
      expect(await asService(tenantId, `SELECT 1 FROM search.${table} t WHERE tenant_id = ? AND NOT EXISTS (SELECT 1 FROM search.segment s WHERE s.tenant_id = t.tenant_id AND s.id = t.segment)`)).toEqual([]);
    }
    expect(await answer(tenantId)).toEqual(right);
  });
});

/** One segment more, and not merged. */
async function asFolded(tenantId: TenantId): Promise<void> {
  await fold({ database, analyzer, cache: new BlockCache(1_000_000), limits: { pendingMax: 100, pendingBytesMax: 1_000_000 } }, tenantId);
}

describe('upkeep', () => {
  it('goes on with all others where it fails with one tenant', async () => {
    const [bad, ...good] = [newId('tnt'), newId('tnt'), newId('tnt')].toSorted() as [TenantId, TenantId, TenantId];
    for (const tenantId of [bad, ...good]) await writeDocuments(database, tenantId, someDocs(tenantId, newId('col'), 300));
    const transaction: Database['transaction'] = (scope, ...given) => (scope.tenantId === bad ? Promise.reject(new Error('unreadable')) : database.transaction(scope, ...given));
    await expect(processOver({ ...database, transaction }).upkeep.round()).rejects.toThrow('unreadable');
    const folded = (tenantId: TenantId) => asService<{ seq: bigint }>(tenantId, 'SELECT folded_seq AS seq FROM search.keyword_state WHERE tenant_id = ?');
    for (const tenantId of good) expect(await folded(tenantId)).toEqual([{ seq: 300n }]);
    expect(await folded(bad)).toEqual([]);
  });

  it('folds what is due in every tenant, and ends with few segments', async () => {
    const tenants: TenantId[] = [newId('tnt'), newId('tnt')];
    const { upkeep } = processOver(database, { pendingMax: 10, pendingBytesMax: 1_000_000 });
    const docs = new Map<TenantId, Doc[]>();
    for (const tenantId of tenants) {
      docs.set(tenantId, someDocs(tenantId, newId('col'), 300));
      await writeDocuments(database, tenantId, docs.get(tenantId)!);
    }
    while (await upkeep.round());
    await upkeep.round(); // whoever is quiet for a round is folded to the end
    while (await upkeep.round());
    for (const tenantId of tenants) {
      const [state] = await asService<{ seq: bigint; segments: number }>(tenantId, `SELECT folded_seq AS seq, (SELECT count(*)::int FROM search.segment s WHERE s.tenant_id = k.tenant_id AND state = 'LIVE') AS segments FROM search.keyword_state k WHERE tenant_id = ?`);
      expect(state!.seq).toBe(300n);
      expect(state!.segments).toBeLessThanOrEqual(8);
      expect(await answer(tenantId)).toEqual(naiveFind(docs.get(tenantId)!, analyzer, asking(tenantId)));
      expect(await processOver(database).holds(tenantId)).toMatchObject({ documents: 300, upTo: 300n });
    }
  });

  it('is done by one process when several try at once, and nothing is there twice', async () => {
    const tenantId = newId('tnt');
    const docs = someDocs(tenantId, newId('col'), 60);
    await writeDocuments(database, tenantId, docs);
    const processes = [1, 2, 3].map(() => processOver(database, { pendingMax: 7, pendingBytesMax: 1_000_000 }));
    for (let round = 0; round < 12; round += 1) await Promise.all(processes.map(({ upkeep }) => upkeep.settle(tenantId)));
    const [{ living }] = await asService<{ living: number }>(tenantId, `SELECT sum(size - dead_count)::int AS living FROM search.segment WHERE tenant_id = ? AND state = 'LIVE'`) as [{ living: number }];
    expect(living).toBe(60);
    expect(await answer(tenantId)).toEqual(naiveFind(docs, analyzer, asking(tenantId)));
  });

  it('answers truly while documents change, fold and merge beside it', async () => {
    const [tenantId, collectionId] = [newId('tnt'), newId('col')];
    const [one, other] = [processOver(database), processOver(database)];
    const doc = docOf({ tenantId, collectionId, title: 'always', body: 'heron' });
    await writeDocuments(database, tenantId, [doc, ...someDocs(tenantId, collectionId, 50)]);
    let writing = true;
    const writer = (async () => {
      for (let version = 2; version < 60; version += 1) await writeDocuments(database, tenantId, [{ ...doc, version }, ...someDocs(tenantId, collectionId, 1, version)]);
      writing = false;
    })();
    const folder = (async () => { while (writing) await other.upkeep.settle(tenantId); })();
    let asked = 0;
    let before = 0;
    while (writing) {
      // Whatever is going on, it is there once, and never as it was before the last answer.
      const { hits } = await one.index.find({ ...asking(tenantId), query: queryOf('always ') });
      expect(hits.map(({ itemId }) => itemId)).toEqual([doc.itemId]);
      expect(hits[0]!.version).toBeGreaterThanOrEqual(before);
      before = hits[0]!.version;
      asked += 1;
    }
    await Promise.all([writer, folder]);
    expect(asked).toBeGreaterThan(5);
  });

  it('makes everything anew beside what is asked, and forgets it when told to', async () => {
    const [tenantId, collectionId] = [newId('tnt'), newId('col')];
    const { index, upkeep } = processOver(database, { pendingMax: 10, pendingBytesMax: 1_000_000 });
    const docs = someDocs(tenantId, collectionId, 35);
    await writeDocuments(database, tenantId, docs);
    await upkeep.settle(tenantId);
    const shares: number[] = [];
    await upkeep.anew(tenantId, async (share) => {
      shares.push(share);
      expect((await index.find({ ...asking(tenantId), query: queryOf('heron ') })).total).toBe(naiveFind(docs, analyzer, { ...asking(tenantId), query: queryOf('heron ') }).total);
    });
    expect(shares.length).toBeGreaterThanOrEqual(4);
    expect(shares.at(-1)).toBe(1);
    expect(await answer(tenantId)).toEqual(naiveFind(docs, analyzer, asking(tenantId)));
    await index.forget(tenantId);
    expect(await asService(tenantId, 'SELECT 1 FROM search.segment_term WHERE tenant_id = ?')).toEqual([]);
    await upkeep.settle(tenantId);
    expect((await index.find(asking(tenantId))).total).toBe(naiveFind(docs, analyzer, asking(tenantId)).total);
  });
});

/** Nothing that a caller gets depends on documents that they do not reach: neither what these say, nor that they are there. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Database } from '../../../../platform/database/database.ts';
import { newId, type ItemId, type TenantId } from '../../../../platform/ids.ts';
import { docOf, openSearchDatabase, processOver, writeDocuments } from '../../../../test/kit/search-documents.ts';
import { askedOf, COLLECTIONS, content, docContent, question, type Content } from '../../../../test/kit/search-worlds.ts';
import { freshDatabase, type TestDatabase } from '../../../../test/kit/databases.ts';
import type { Asked, Doc } from '../../domain/ports.ts';

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

const OPEN = 2; // of the collections
const write = fc.record({ which: fc.nat(14), said: content, deleted: fc.nat(5).map((chance) => chance === 0), hidden: fc.boolean(), settle: fc.nat(6).map((chance) => chance === 0) });

it('a caller gets the same hits, scores, counts, facets and suggestions whether hidden documents are there, change or go', async () => {
  const collections = Array.from({ length: COLLECTIONS }, () => newId('col'));
  await fc.assert(fc.asyncProperty(fc.array(write, { minLength: 10, maxLength: 40 }), fc.array(question, { minLength: 6, maxLength: 12 }), async (writes, questions) => {
    const [bare, full]: [TenantId, TenantId] = [newId('tnt'), newId('tnt')];
    const process = processOver(database);
    const ids = new Map<string, ItemId>();
    for (const { which, said, deleted, hidden, settle } of writes) {
      const name = `${which} ${hidden}`;
      if (!ids.has(name)) ids.set(name, newId('itm'));
      const doc = { itemId: ids.get(name)!, deleted, ...docContent(placed(said, hidden), collections) };
      for (const tenantId of hidden ? [full] : [bare, full]) await writeDocuments(database, tenantId, [docOf({ tenantId, ...doc }) satisfies Doc]);
      if (settle) await process.upkeep.settle(full);
    }
    for (const one of questions) {
      const asked = { ...askedOf(one, bare, collections), reach: { everything: false as const, collectionIds: collections.slice(0, OPEN) } };
      const answer = async (tenantId: TenantId) => {
        const { upTo: _, ...found } = await process.index.find({ ...asked, tenantId } satisfies Asked);
        const suggested = one.prefix && await process.index.suggest({ tenantId, reach: asked.reach, prefix: one.prefix, first: 5 });
        return { found, suggested };
      };
      expect(await answer(full)).toEqual(await answer(bare));
    }
  }), { numRuns: Number(process.env.SEARCH_RUNS ?? 6), endOnFailure: true });
});

const placed = (said: Content, hidden: boolean): Content => ({ ...said, where: hidden ? OPEN + (said.where % (COLLECTIONS - OPEN)) : said.where % OPEN });

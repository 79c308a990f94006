/** Whatever happens to the documents and whoever is asked, the index answers what a plain reading of all of them answers. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Database } from '../../../../platform/database/database.ts';
import { newId, type CollectionId, type ItemId, type TenantId } from '../../../../platform/ids.ts';
import { naiveFind, naiveSuggest, plainDistance } from '../../../../test/kit/naive-search.ts';
import { analyzerOfTests as analyzer, docOf, openSearchDatabase, processOver, writeDocuments } from '../../../../test/kit/search-documents.ts';
import { askedOf, COLLECTIONS, content, docContent, question, type Content, type Question } from '../../../../test/kit/search-worlds.ts';
import { freshDatabase, type TestDatabase } from '../../../../test/kit/databases.ts';
import { distance } from '../../domain/edit-distance.ts';
import type { Asked, Doc, Found } from '../../domain/ports.ts';
import { BlockCache } from './block-cache.ts';
import { fold } from './fold.ts';
import { merge } from './merge.ts';

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

/** So few that folding, merging and stopping short happen all the time. */
const LIMITS = { pendingMax: 12, pendingBytesMax: 100_000 };
const RUNS = Number(process.env.SEARCH_RUNS ?? 6);

type Step = { kind: 'write'; items: { which: number; said: Content; deleted: boolean }[] } | { kind: 'ask'; of: number; question: Question } | { kind: 'fold' | 'merge' | 'restart' | 'anew'; of: number };
const of = fc.nat(1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('write' as const), items: fc.array(fc.record({ which: fc.nat(25), said: content, deleted: fc.nat(4).map((chance) => chance === 0) }), { minLength: 1, maxLength: 5 }) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('ask' as const), of, question }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('fold' as const), of }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('merge' as const, 'restart' as const, 'anew' as const), of }) });

class Trial {
  readonly tenantId: TenantId = newId('tnt');
  readonly collections = Array.from({ length: COLLECTIONS }, (): CollectionId => newId('col'));
  readonly processes = [processOver(database, LIMITS), processOver(database, LIMITS)];
  readonly docs = new Map<number, Doc>();
  private readonly ids = new Map<number, ItemId>();
  private seq = 0n;

  async take(one: Step): Promise<void> {
    if (one.kind === 'write') return this.write(one.items);
    if (one.kind === 'ask') return this.ask(one.of, one.question);
    const { upkeep } = this.processes[one.of]!;
    if (one.kind === 'fold') await fold({ database, analyzer, cache: new BlockCache(1_000_000), limits: LIMITS }, this.tenantId);
    else if (one.kind === 'merge') await merge(database, this.tenantId);
    else if (one.kind === 'anew') await upkeep.anew(this.tenantId, async () => undefined);
    else this.processes[one.of] = processOver(database, LIMITS);
  }

  private async write(items: (Step & { kind: 'write' })['items']): Promise<void> {
    const once = [...new Map(items.map((item) => [item.which, item])).values()];
    const docs = once.map(({ which, said, deleted }) => {
      if (!this.ids.has(which)) this.ids.set(which, newId('itm'));
      const doc = docOf({ tenantId: this.tenantId, itemId: this.ids.get(which)!, version: (this.docs.get(which)?.version ?? 0) + 1, ...docContent(said, this.collections), deleted });
      this.docs.set(which, doc);
      return doc;
    });
    await writeDocuments(database, this.tenantId, docs);
    this.seq += BigInt(docs.length);
  }

  private async ask(which: number, asked: Question): Promise<void> {
    const given = askedOf(asked, this.tenantId, this.collections);
    const last = (await this.compare(which, given)).hits.at(-1);
    if (last) await this.compare(1 - which, { ...given, after: last.place });
    if (asked.prefix) {
      const wish = { tenantId: this.tenantId, reach: given.reach, prefix: asked.prefix, first: 5 };
      expect(await this.processes[which]!.index.suggest(wish)).toEqual(naiveSuggest([...this.docs.values()], analyzer, wish));
    }
  }

  private async compare(which: number, given: Asked): Promise<Found> {
    let found = await this.processes[which]!.index.find(given);
    if (found.upTo < this.seq) { // more has changed than is read outside of segments: what it says is true of what came before
      await this.processes[which]!.upkeep.settle(this.tenantId);
      found = await this.processes[which]!.index.find(given);
    }
    const { upTo, ...answer } = found;
    expect(upTo).toBe(this.seq);
    expect(answer).toEqual(naiveFind([...this.docs.values()], analyzer, given));
    return found;
  }
}

describe('the index in Postgres', () => {
  it('answers what a plain reading of all documents answers, whatever is written, folded, merged, made anew or restarted in two processes', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 25, maxLength: 60 }), async (steps) => {
      const trial = new Trial();
      for (const one of steps) await trial.take(one);
    }), { numRuns: RUNS, endOnFailure: true });
  });

  it('counts mistakes as the whole table of them does', () => {
    const short = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), maxLength: 7 });
    fc.assert(fc.property(short, short, fc.integer({ min: 1, max: 2 }), (a, b, max) => distance(a, b, max) === Math.min(plainDistance(a, b), max + 1)), { numRuns: 3_000 });
  });
});

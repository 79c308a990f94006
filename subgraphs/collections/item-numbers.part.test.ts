/** What is kept beside the items, so that nobody has to count them: right after whatever was done to them. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { sqlSeconds } from '../../platform/telemetry/metrics.ts';
import { itemMutation, newCollection, newItem } from '../../test/kit/collections.ts';
import type { Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, done, newTenant, payloadOf, type Person } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

let kit: Kit;
let owner: Person;
beforeAll(async () => {
  kit = await startTogether(['tenants', 'collections']);
  owner = (await newTenant(kit)).owner;
});
afterAll(() => kit.stop());

const run = (name: string, input: object) => kit.ask('collections', itemMutation(name), { input }, owner.viewer);
const numbers = async (id: string) => dataOf(await kit.ask('collections', '($id: ID!) { collection(id: $id) { itemCount tags } }'.replace('(', 'query('), { id }, owner.viewer)).collection;

const TAGS = ['a', 'b', 'c', 'd'];
const tags = fc.uniqueArray(fc.constantFrom(...TAGS), { maxLength: 3 });
const operations = fc.array(fc.oneof(
  fc.record({ what: fc.constant('create' as const), tags }), fc.record({ what: fc.constant('update' as const), at: fc.nat(5), tags, stale: fc.boolean() }),
  fc.record({ what: fc.constantFrom('delete' as const, 'restore' as const), at: fc.nat(5) }), fc.record({ what: fc.constant('bring back' as const), at: fc.nat(5), version: fc.integer({ min: 1, max: 4 }) }),
), { minLength: 1, maxLength: 14 });

interface Model { id: string; states: string[][]; deleted: boolean }
type Operation = typeof operations extends fc.Arbitrary<(infer O)[]> ? O : never;

async function apply(collectionId: string, model: Model[], operation: Operation): Promise<void> {
  if (operation.what === 'create') {
    const id = await newItem(kit, owner, collectionId, { tags: operation.tags });
    model.push({ id, states: [[...operation.tags].sort()], deleted: false });
    return;
  }
  const item = model[operation.at];
  if (!item) return;
  const { id } = item;
  const now = item.states.at(-1)!;
  const become = (said: readonly string[]) => { if (JSON.stringify([...said].sort()) !== JSON.stringify(now)) item.states.push([...said].sort()); };
  if (operation.what === 'update') {
    const expectedVersion = item.states.length + (operation.stale ? 1 : 0);
    const code = codeOf(await run('updateItem', { id, expectedVersion, tags: operation.tags }));
    expect(code).toBe(operation.stale ? 'VERSION_CONFLICT' : item.deleted ? 'NOT_FOUND' : undefined);
    if (code === undefined) become(operation.tags);
  } else if (operation.what === 'bring back') {
    const code = codeOf(await run('restoreRevision', { itemId: id, version: operation.version, expectedVersion: item.states.length }));
    expect(code).toBe(item.deleted || operation.version > item.states.length ? 'NOT_FOUND' : undefined);
    if (code === undefined) become(item.states[operation.version - 1]!);
  } else {
    const deletes = operation.what === 'delete';
    const { userErrors } = payloadOf(await run(`${operation.what}Item`, { id }));
    expect(userErrors.length > 0).toBe(deletes && item.deleted);
    if (deletes !== item.deleted) item.states.push(now);
    item.deleted = deletes;
  }
}

describe('itemCount and tags', () => {
  it('are those of the items that are there, whatever was done', async () => {
    await fc.assert(fc.asyncProperty(operations, async (done) => {
      const collectionId = await newCollection(kit, owner);
      const model: Model[] = [];
      for (const operation of done) await apply(collectionId, model, operation);
      const live = model.filter(({ deleted }) => !deleted);
      expect(await numbers(collectionId)).toEqual({ itemCount: live.length, tags: [...new Set(live.flatMap(({ states }) => states.at(-1)!))].sort() });
      for (const { id, states } of model) {
        const { version, tags: carried, revisions } = dataOf(await kit.ask('collections', 'query($id: ID!) { item(id: $id) { version tags revisions(first: 100) { nodes { tags } } } }', { id }, owner.viewer)).item;
        expect({ version, carried, history: revisions.nodes.map((each: { tags: string[] }) => each.tags).reverse() }).toEqual({ version: states.length, carried: states.at(-1), history: states });
      }
    }), { numRuns: 20 });
  });

  it('make nobody who adds an item wait for another who does', async () => {
    const collectionId = await newCollection(kit, owner);
    // A few at a time: a service has as many connections as it has.
    for (let n = 0; n < 12; n += 4) await Promise.all(Array.from({ length: 4 }, () => newItem(kit, owner, collectionId)));
    const first = await newItem(kit, owner, collectionId);
    const tenant = owner.viewer.tenantId!;
    // Sixteen connections in a row have sixteen slots: the second adds its item while the first has not committed.
    const clients = Array.from({ length: 4 }, () => new pg.Client({ connectionString: kit.database.url }));
    await Promise.all(clients.map((client) => client.connect()));
    const pids = await Promise.all(clients.map(async (client) => (await client.query('SELECT pg_backend_pid() AS pid')).rows[0].pid as number));
    const apart = clients.filter((_, at) => pids.findIndex((pid) => pid % 16 === pids[at]! % 16) === at).slice(0, 2);
    expect(apart).toHaveLength(2);
    for (const [at, client] of apart.entries()) {
      await client.query(`BEGIN; SET LOCAL ROLE atlas_collections; SET LOCAL app.tenant_id = '${tenant}'; SET LOCAL app.access = 'all'; SET LOCAL lock_timeout = '20s'`);
      // The first of them holds its slot until the very end: whoever waited for it would be told so by the lock's timeout.
      await client.query(`INSERT INTO collections.item (id, tenant_id, collection_id, title, body, tags, metadata, created_at, updated_at, created_by, updated_by)
        SELECT id || '${at}', tenant_id, collection_id, title, body, tags, metadata, created_at, updated_at, created_by, updated_by FROM collections.item WHERE id = $1`, [first]);
    }
    for (const client of apart) await client.query('COMMIT');
    await Promise.all(clients.map((client) => client.end()));
    expect(await numbers(collectionId)).toMatchObject({ itemCount: 15 });
  });
});

const PAGE = `query($id: ID!, $first: Int!) { collection(id: $id) { items(first: $first) { nodes {
  id title tags collection { id name viewerRole itemCount tags createdBy { id } } createdBy { id } revisions(first: 3) { nodes { version changed body by { id } } } links(depth: 2) { nodes { kind depth item { id title collection { name } } } } } } } }`;

/** Of this service alone; what begins and ends a transaction is not counted. */
async function statementsOf(what: () => Promise<unknown>): Promise<number> {
  const count = async () => (await sqlSeconds.get()).values.filter(({ metricName, labels }) => metricName === 'atlas_sql_seconds_count' && labels.service === 'collections').reduce((sum, { value }) => sum + value, 0);
  const before = await count();
  await what();
  return await count() - before;
}

describe('a page of items', () => {
  it('with collection, author, tags, revisions and links costs as many statements for fifty as for five', async () => {
    const id = await newCollection(kit, owner);
    const ids: string[] = [];
    for (let n = 0; n < 50; n += 1) ids.push(await newItem(kit, owner, id, { title: `Item ${n}`, tags: [`t${n % 7}`] }));
    for (const [at, item] of ids.entries()) {
      done(await run('updateItem', { id: item, expectedVersion: 1, body: `Version 2 of ${at}` }));
      done(await run('linkItems', { fromId: item, toIds: [ids[(at + 1) % 50], ids[(at + 7) % 50]] }));
    }
    const asked = async (first: number) => statementsOf(async () => {
      const { nodes } = dataOf(await kit.ask('collections', PAGE, { id, first }, owner.viewer)).collection.items;
      expect(nodes).toHaveLength(first);
      for (const node of nodes) expect([node.revisions.nodes.length, node.links.nodes.length > 4]).toEqual([2, true]);
    });
    await asked(50);
    const [few, many] = [await asked(5), await asked(50)];
    expect(many).toBe(few);
    // Not none: the meter does count.
    expect(many).toBeGreaterThan(5);
    expect(many).toBeLessThan(20);
  });
});

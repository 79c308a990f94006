/** What is kept does not depend on when, how often or in which order events are heard. */
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pLimit from 'p-limit';
import pg from 'pg';
import { ATTACH, inCollections, REMOVE, uploadFor } from '../../test/kit/attachments.ts';
import { newCollection, newItem } from '../../test/kit/collections.ts';
import { consumersOf } from '../../test/kit/event-contracts.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { imported } from '../../test/kit/jobs.ts';
import { randomFrom, type Random } from '../../test/kit/random.ts';
import { dataOf, done, newTenant, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startServices, type Kit } from '../../test/kit/services.ts';
import type { Envelope } from '../../platform/event.ts';
import { handleOnce, type Consumer } from '../../platform/outbox/inbox.ts';
import { systemViewer } from '../../platform/viewer.ts';

const TRUTHS = 'query($ids: [ID!]!) { truths(ids: $ids) { items { id version collectionId title body tags attached language mark } left } }';
const LANGUAGES = ['en', 'de', 'fr'];

let kit: Kit;
let acme: TestTenant;
let consumer: Consumer;
beforeAll(async () => {
  kit = await startServices(['users', 'tenants', 'collections']);
  acme = await newTenant(kit);
  [consumer] = await consumersOf(kit.atlas, 'search') as [Consumer];
});
afterAll(() => kit.stop());

async function inSearch<T>(body: (sql: pg.Client) => Promise<T>): Promise<T> {
  const sql = new pg.Client({ connectionString: kit.database.url });
  await sql.connect();
  try {
    await sql.query(`BEGIN; SET LOCAL ROLE atlas_search; SET LOCAL app.tenant_id = '${acme.id}'`);
    const result = await body(sql);
    await sql.query('COMMIT');
    return result;
  } finally {
    await sql.end();
  }
}

/** Everything that is kept, by item. */
const kept = () => inSearch(async (sql) => {
  const { rows } = await sql.query('SELECT item_id AS id, version, collection_id AS "collectionId", title, body, tags, attached, language, mark FROM search.document WHERE NOT deleted ORDER BY 1');
  return rows;
});
/** What collections would say of all of them, live or not. */
async function truth(ids: readonly string[]): Promise<object[]> {
  const { truths } = dataOf(await kit.ask('collections', TRUTHS, { ids }, systemViewer('search', acme.id)));
  expect(truths.left).toEqual([]);
  return truths.items.map((item: { language: string | null }) => ({ ...item, language: item.language ?? 'en' })).sort((a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1));
}

const heardOf = () => kit.events.filter((event) => event.tenant === acme.id && consumer.types.includes(event.type));
const pick = <T>(random: Random, of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
const shuffled = <T>(random: Random, of: readonly T[]): T[] => of.map((each) => [random(), each] as const).sort(([a], [b]) => a - b).map(([, each]) => each);
/** Several at once, as lanes and processes would. */
async function hear(events: readonly Envelope[]): Promise<void> {
  const room = pLimit(6);
  await Promise.all(events.map((event) => room(() => handleOnce(consumer, event))));
}

/** The file lies where a client would have sent it. */
async function attached(owner: Person, itemId: string, content: string): Promise<string> {
  const { id } = await uploadFor(kit, owner, { content });
  await kit.atlas.host.resourcesFor('collections').objects.write(`${acme.id}/uploads/${id}`, Readable.from([Buffer.from(content)], { objectMode: false }), { type: 'text/plain' });
  return done(await kit.ask('collections', ATTACH, { input: { itemId, uploadId: id } }, owner.viewer)).attachment.id;
}

interface World { owner: Person; collections: string[]; items: { id: string; version: number; deleted: boolean }[]; files: string[] }

/** One thing that somebody does to some item or collection; what the graph refuses has not happened. */
async function something(random: Random, world: World): Promise<void> {
  const { owner, collections, items } = world;
  const item = pick(random, items);
  const run = (name: string, input: object) => kit.ask('collections', `mutation($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { userErrors { code } } }`, { input }, owner.viewer);
  const deeds: (() => Promise<unknown>)[] = [
    async () => items.push({ id: await newItem(kit, owner, pick(random, collections), { title: `T${random()}`, body: `B${random()}` }), version: 1, deleted: false }),
    () => (item.deleted ? Promise.resolve() : run('updateItem', { id: item.id, expectedVersion: item.version++, title: `T${random()}`, tags: [`t${random()}`] })),
    () => (item.deleted ? Promise.resolve() : run('updateItem', { id: item.id, expectedVersion: item.version++, body: `B${random()}` })),
    async () => { if (!item.deleted) { await run('deleteItem', { id: item.id }); Object.assign(item, { deleted: true, version: item.version + 1 }); } },
    async () => { if (item.deleted) { await run('restoreItem', { id: item.id }); Object.assign(item, { deleted: false, version: item.version + 1 }); } },
    () => run('updateCollection', { id: pick(random, collections), settings: { language: pick(random, LANGUAGES) } }),
    async () => { if (!item.deleted) world.files.push(await attached(owner, item.id, `File ${random()}`)); },
    async () => { const file = world.files.shift(); if (file) await kit.ask('collections', REMOVE, { input: { id: file } }, owner.viewer); },
  ];
  await pick(random, deeds)();
}

describe('what is kept', () => {
  it.each([11, 1_988])('is what the items say, whatever is heard twice, late, in disorder or while more happens (seed %d)', async (seed) => {
    const random = randomFrom(seed);
    const owner = acme.owner;
    const collections = [await newCollection(kit, owner), await newCollection(kit, owner)];
    const world: World = { owner, collections, items: [{ id: await newItem(kit, owner, collections[0]!), version: 1, deleted: false }], files: [] };
    const hearing: Promise<void>[] = [];
    for (let step = 0; step < 30; step += 1) {
      await something(random, world);
      if (random() < 0.3) hearing.push(hear(shuffled(random, heardOf()).slice(0, 3)));
    }
    await imported(kit, owner, { collectionId: collections[0], content: Array.from({ length: 20 }, (_, n) => JSON.stringify({ title: `Imported ${n}`, body: `row ${random()}` })).join('\n') });
    const doomed = await newCollection(kit, owner);
    await newItem(kit, owner, doomed, { title: 'Doomed' });
    dataOf(await kit.ask('collections', 'mutation($input: DeleteCollectionInput!) { deleteCollection(input: $input) { userErrors { code } } }', { input: { id: doomed } }, owner.viewer));
    await eventually('everything to be told', () => heardOf().some(({ type, subject }) => type === 'collections.collection-deleted' && subject === doomed));
    await eventually('every file to be read', async () => (await inCollections(kit, acme.id, (sql) => sql.query(`SELECT 1 FROM collections.attachment WHERE text_state = 'PENDING'`))).rowCount === 0);
    await Promise.all(hearing);

    // The log's own order is one of many: three times over, in disorder and several at once.
    await hear(shuffled(random, [...heardOf(), ...heardOf(), ...heardOf()]));
    const ids = [...new Set(heardOf().flatMap(({ body }) => { const { itemId, itemIds } = body as { itemId?: string; itemIds?: string[] }; return itemIds ?? (itemId ? [itemId] : []); }))];
    const said = await truth(ids);
    expect(said.length).toBeGreaterThan(20);
    expect(await kept()).toEqual(said);

    // From the beginning of the log, into what is there and into nothing.
    await inSearch((sql) => sql.query('DELETE FROM search.inbox'));
    await hear(shuffled(random, heardOf()));
    expect(await kept()).toEqual(said);
    await inSearch(async (sql) => { await sql.query('DELETE FROM search.inbox'); await sql.query('DELETE FROM search.document'); });
    await hear(shuffled(random, heardOf()));
    expect(await kept()).toEqual(said);
  }, 120_000);

  it('numbers every change once, and leaves no number out', async () => {
    const { seq, last, numbers } = await inSearch(async (sql) => (await sql.query('SELECT (SELECT seq FROM search.tenant) AS seq, max(seq) AS last, count(DISTINCT seq) = count(*) AS numbers FROM search.document')).rows[0]);
    expect([last, numbers]).toEqual([seq, true]);
  });
});

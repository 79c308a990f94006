/** What is deleted for good, when, and that nothing else is: times are set back straight in the database. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { attached, deleteItem, inCollections, sent, uploadFor } from '../../test/kit/attachments.ts';
import { itemMutation, newCollection, newItem } from '../../test/kit/collections.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { freePort } from '../../test/kit/free-port.ts';
import { nightOf, type Night } from '../../test/kit/night.ts';
import { startServices, WHOLE, type Kit } from '../../test/kit/services.ts';
import { dataOf, done, newTenant, type TestTenant } from '../../test/kit/tenants.ts';

let kit: Kit;
let [acme, other]: TestTenant[] = [];
let night: Night;
beforeAll(async () => {
  kit = await startServices(WHOLE, { env: { PORT: String(await freePort()) } });
  [acme, other] = [await newTenant(kit), await newTenant(kit)];
  night = await nightOf(kit);
});
afterAll(async () => {
  await night?.close();
  await kit?.stop();
});

const objects = () => kit.atlas.host.resourcesFor('collections').objects;
const keyOf = (uploadId: string, tenant = acme!) => `${tenant.id}/uploads/${uploadId}` as const;
const inTenant = <T>(sql: string, values: unknown[] = [], tenant = acme!): Promise<T[]> => inCollections(kit, tenant.id, async (client) => (await client.query(sql, values)).rows as T[]);
const setBack = (table: 'item' | 'collection', id: string, days: number) => inTenant(`UPDATE collections.${table} SET deleted_at = now() - make_interval(days => $2) WHERE id = $1`, [id, days]);
const rowsAbout = async (id: string) => {
  const [row] = await inTenant<Record<string, string>>(`SELECT (SELECT count(*) FROM collections.item WHERE $1 IN (id, collection_id)) AS items, (SELECT count(*) FROM collections.revision WHERE $1 IN (item_id, collection_id)) AS revisions,
    (SELECT count(*) FROM collections.link WHERE $1 IN (from_id, to_id, from_collection_id)) AS links, (SELECT count(*) FROM collections.item_tag WHERE $1 IN (item_id, collection_id)) AS tags,
    (SELECT count(*) FROM collections.attachment WHERE $1 IN (item_id, collection_id)) AS attachments, (SELECT count(*) FROM collections.attachment_text WHERE $1 = collection_id) AS texts,
    (SELECT count(*) FROM collections.member WHERE $1 = collection_id) AS members, (SELECT count(*) FROM collections.tally WHERE $1 = collection_id) AS tallies, (SELECT count(*) FROM collections.collection WHERE $1 = id) AS collections`, [id]);
  return Object.fromEntries(Object.entries(row!).map(([name, count]) => [name, Number(count)]));
};
const nothing = { items: 0, revisions: 0, links: 0, tags: 0, attachments: 0, texts: 0, members: 0, tallies: 0, collections: 0 };
const countIn = async (collectionId: string) => dataOf(await kit.ask('collections', 'query($id: ID!) { collection(id: $id) { itemCount } }', { id: collectionId }, acme!.owner.viewer)).collection.itemCount;

describe('the purge', () => {
  it('clears items away 30 days after they were deleted, with all that hangs on them, and no earlier', async () => {
    const notes = await newCollection(kit, acme!.owner);
    const [kept, young, old] = [await newItem(kit, acme!.owner, notes, { tags: ['a'] }), await newItem(kit, acme!.owner, notes), await newItem(kit, acme!.owner, notes, { tags: ['a', 'b'] })];
    done(await kit.ask('collections', itemMutation('updateItem'), { input: { id: old, expectedVersion: 1, body: `See ${kept}` } }, acme!.owner.viewer));
    const uploadId = await sent(kit, acme!.owner);
    const files = [await attachedTo(old, uploadId), await attached(kit, acme!.owner, kept)];
    for (const id of [young, old]) await deleteItem(kit, acme!.owner, id);
    await setBack('item', young, 29);
    await setBack('item', old, 31);
    expect(await rowsAbout(old)).toMatchObject({ items: 1, links: 1, attachments: 1 });
    expect(await night.clears(acme!)).toEqual([{ items: 1, collections: 0, uploads: 0, files: 1 }]);
    expect(await rowsAbout(old)).toEqual(nothing);
    expect([await objects().head(keyOf(uploadId)), (await inTenant('SELECT FROM collections.unwanted_object')).length]).toEqual([null, 0]);
    expect([await rowsAbout(kept), await rowsAbout(young), await countIn(notes)]).toMatchObject([{ items: 1, tags: 1, attachments: 1 }, { items: 1 }, 1]);
    expect(files).toHaveLength(2);
    done(await kit.ask('collections', itemMutation('restoreItem'), { input: { id: young } }, acme!.owner.viewer));
    expect(await countIn(notes)).toBe(2);
  });

  it('clears a collection away 30 days after it was deleted, with everything in it, batch by batch', async () => {
    const [gone, young] = [await newCollection(kit, acme!.owner), await newCollection(kit, acme!.owner)];
    const item = await newItem(kit, acme!.owner, gone, { tags: ['a'] });
    const uploadId = await sent(kit, acme!.owner);
    await attachedTo(item, uploadId);
    await inTenant(`INSERT INTO collections.item (id, tenant_id, collection_id, title, body, tags, metadata, created_at, updated_at, created_by, updated_by)
      SELECT 'itm_' || $2 || n, $1, $2, 'x', '', '{}', '{}', now(), now(), 'usr_x', 'usr_x' FROM generate_series(1, 250) n`, [acme!.id, gone]);
    for (const id of [gone, young]) done(await kit.ask('collections', 'mutation($input: DeleteCollectionInput!) { deleteCollection(input: $input) { collectionId userErrors { code } } }', { input: { id } }, acme!.owner.viewer));
    await setBack('collection', gone, 31);
    await setBack('collection', young, 29);
    expect(await night.clears(acme!)).toEqual([{ items: 251, collections: 1, uploads: 0, files: 1 }]);
    expect([await rowsAbout(gone), await objects().head(keyOf(uploadId))]).toEqual([nothing, null]);
    expect(await rowsAbout(young)).toMatchObject({ collections: 1 });
    // Metering takes off what went, whoever deleted what it was in: nobody had deleted these items by themselves.
    const bytes = (await kit.eventsOf('collections.attachment-added')).flatMap(({ usage }) => usage!).find(({ attributes }) => attributes!.collectionId === gone)!.quantity;
    const takenOff = await eventually('all batches', () => {
      const lines = kit.events.filter(({ type }) => type === 'collections.items-purged').flatMap(({ usage }) => usage ?? []).filter(({ attributes }) => attributes!.collectionId === gone);
      const sum = (metric: string) => lines.filter((line) => line.metric === metric).reduce((all, { quantity }) => all + Number(quantity), 0);
      return sum('items') === -251 && { items: sum('items'), bytes: sum('storage.bytes') };
    });
    expect(takenOff).toEqual({ items: -251, bytes: -Number(bytes) });
  });

  it('forgets uploads that nobody used, and their files; one that was attached keeps its file', async () => {
    const item = await newItem(kit, acme!.owner, await newCollection(kit, acme!.owner));
    const [unused, used, removed, young, imported] = [await sent(kit, acme!.owner), await sent(kit, acme!.owner), await sent(kit, acme!.owner), await sent(kit, acme!.owner), await sent(kit, acme!.owner, {}, 'IMPORT')];
    const unsent = (await uploadFor(kit, acme!.owner)).id;
    await attachedTo(item, used);
    const { id } = await attachedTo(item, removed);
    done(await kit.ask('collections', 'mutation($input: RemoveAttachmentInput!) { removeAttachment(input: $input) { attachmentId userErrors { code } } }', { input: { id } }, acme!.owner.viewer));
    await eventually('the end of the file', async () => (await objects().head(keyOf(removed))) === null);
    const { Readable } = await import('node:stream');
    await objects().write(keyOf(removed), Readable.from([Buffer.from('again')]), { type: 'text/plain' }); // its URL still took a file
    await inTenant(`UPDATE collections.upload SET kept_until = now() - interval '2 hours' WHERE id = ANY ($1)`, [[unused, used, removed, unsent, imported]]);
    await inTenant(`UPDATE collections.upload SET used_at = now() WHERE id = $1`, [imported]);
    expect(await night.clears(acme!)).toEqual([{ items: 0, collections: 0, uploads: 4, files: 3 }]);
    const there = await Promise.all([unused, used, removed, young, imported].map(async (one) => (await objects().head(keyOf(one))) !== null));
    expect(there).toEqual([false, true, false, true, true]);
    expect(await inTenant('SELECT id FROM collections.upload WHERE id = ANY ($1)', [[unused, used, removed, unsent]])).toEqual([]);
  });

  it('asks no tenant in which nothing is due, touches no other, and asks one that is at it only once', async () => {
    expect([await night.clears(acme!), await night.clears(other!)]).toEqual([[], []]);
    const [mine, theirs] = [await newItem(kit, acme!.owner, await newCollection(kit, acme!.owner)), await newItem(kit, other!.owner, await newCollection(kit, other!.owner))];
    await deleteItem(kit, acme!.owner, mine);
    await setBack('item', mine, 31);
    const before = (await night.purgesOf(acme!)).length;
    await Promise.all([night.comes(), night.comes(), night.comes()]);
    await eventually('the end of the night', async () => (await night.purgesOf(acme!)).slice(before).every(({ state }) => state === 'SUCCEEDED') && (await rowsAbout(mine)).items === 0);
    expect((await night.purgesOf(acme!)).slice(before).map(({ result }) => result).filter((result) => (result as { items: number }).items > 0)).toEqual([{ items: 1, collections: 0, uploads: 0, files: 0 }]);
    expect([await night.purgesOf(other!), await inTenant('SELECT id FROM collections.item WHERE id = $1', [theirs], other!)]).toEqual([[], [{ id: theirs }]]);
  });

  it('goes on after a crash between the store and the list: what is deleted twice is deleted', async () => {
    const key = `${acme!.id}/uploads/gone-already`;
    await inTenant('INSERT INTO collections.unwanted_object (object_key, tenant_id) VALUES ($1, $2)', [key, acme!.id]);
    expect(await night.clears(acme!)).toEqual([{ items: 0, collections: 0, uploads: 0, files: 1 }]);
    expect(await inTenant('SELECT FROM collections.unwanted_object')).toEqual([]);
  });

  it('shows the clock in which tenants something is due, and nothing of what it is', async () => {
    const sql = new pg.Client({ connectionString: kit.database.url });
    await sql.connect();
    const asClock = async (text: string) => { await sql.query('BEGIN; SET LOCAL ROLE atlas_clock'); try { return (await sql.query(text)).rows; } finally { await sql.query('ROLLBACK'); } };
    expect(await asClock('SELECT tenant_id FROM collections.item')).toEqual([]);
    for (const text of ['SELECT id FROM collections.item', 'SELECT title FROM collections.item', 'SELECT name FROM collections.collection', 'SELECT object_key FROM collections.unwanted_object', 'SELECT name FROM collections.upload', 'SELECT id FROM collections.attachment', 'DELETE FROM collections.unwanted_object'])
      await expect(asClock(text)).rejects.toThrow('permission denied');
    await sql.end();
  });
});

async function attachedTo(itemId: string, uploadId: string): Promise<{ id: string }> {
  return done(await kit.ask('collections', 'mutation($input: AttachFileInput!) { attachFile(input: $input) { attachment { id } userErrors { code message } } }', { input: { itemId, uploadId } }, acme!.owner.viewer)).attachment;
}

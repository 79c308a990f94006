/** What of collections is read from a replica, and what never is: against a real one that streams, and that is made to stand still. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readsTotal } from '../../platform/telemetry/metrics.ts';
import { attached, ATTACHMENTS } from '../../test/kit/attachments.ts';
import { itemMutation, newCollection, newItem, SHARE } from '../../test/kit/collections.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { followAs } from '../../test/kit/following.ts';
import { freePort } from '../../test/kit/free-port.ts';
import { exported } from '../../test/kit/jobs.ts';
import { startPair, type Pair } from '../../test/kit/replica.ts';
import { withoutLimits } from '../../test/kit/billing.ts';
import { startServices, WHOLE, type Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, done, newMember, newTenant, type Person, type TestTenant } from '../../test/kit/tenants.ts';

let pair: Pair;
let kit: Kit;
let acme: TestTenant;
let isPaused = false;
beforeAll(async () => {
  pair = await startPair();
  const database = await pair.database();
  // Without what search and ai hear, for they read what has changed as well.
  kit = await startServices(WHOLE, { database, parts: new Map([['search', 'api'], ['ai', 'api']]), env: { PORT: String(await freePort()), DATABASE_REPLICA_URL: database.replicaUrl, DATABASE_REPLICA_LAG_MS: '60000' } });
  acme = await newTenant(kit);
  await withoutLimits(kit, acme); // more people than the smallest plan has seats
}, 180_000);
afterEach(() => goOn());
afterAll(async () => {
  await kit?.stop();
  await pair?.stop();
});

const standStill = async () => { await pair.caughtUp(); await pair.pause(); isPaused = true; };
const goOn = async () => { if (isPaused) await pair.resume(); isPaused = false; };
const ask = (by: Person, document: string, variables: Record<string, unknown> = {}) => kit.ask('collections', document, variables, by.viewer);
const read = async (by: Person, document: string, variables: Record<string, unknown> = {}) => dataOf(await ask(by, document, variables));
const share = async (collectionId: string, input: object, by = acme.owner) => void done(await ask(by, SHARE, { input: { collectionId, role: 'VIEWER', ...input } }));
const unshare = async (collectionId: string, input: object) => void done(await ask(acme.owner, 'mutation($input: UnshareCollectionInput!) { unshareCollection(input: $input) { collection { id } userErrors { code } } }', { input: { collectionId, ...input } }));

/** Where the reads of this service have gone so far, and why. */
async function places(): Promise<Record<string, number>> {
  const { values } = await readsTotal.get();
  return Object.fromEntries(values.filter(({ labels }) => labels.service === 'collections').map(({ labels: { place, why }, value }) => [`${place}: ${why}`, value]));
}
async function went(body: () => Promise<unknown>): Promise<string[]> {
  const before = await places();
  await body();
  const after = await places();
  return Object.keys(after).filter((place) => after[place] !== before[place]);
}
const LAGS = ['replica: may lag'];
const LIST = 'query($id: ID!) { collection(id: $id) { name itemCount items { nodes { title } } } }';
const titlesIn = async (by: Person, id: string): Promise<string[]> => (await read(by, LIST, { id })).collection.items.nodes.map(({ title }: { title: string }) => title).sort();

/** What one person has made and another, who has changed nothing, may read. */
async function world(): Promise<{ author: Person; reader: Person; id: string; item: string }> {
  const [author, reader] = [await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'MEMBER')];
  const id = await newCollection(kit, author);
  await share(id, { userId: reader.userId }, author);
  return { author, reader, id, item: await newItem(kit, author, id, { title: 'Old', tags: ['a'] }) };
}

describe('reading collections where there is a replica', () => {
  it('goes there with everything that is only shown', async () => {
    const { author, reader, id, item } = await world();
    done(await ask(author, 'mutation($input: LinkItemsInput!) { linkItems(input: $input) { item { id } userErrors { code } } }', { input: { fromId: item, toIds: [await newItem(kit, author, id)] } }));
    done(await ask(author, itemMutation('updateItem'), { input: { id: item, expectedVersion: 1, body: 'Changed' } }));
    const { id: file } = await attached(kit, author, item);
    await eventually('the text of the file', async () => (await read(author, ATTACHMENTS, { id: item })).item.attachments.nodes[0].text.state === 'READY');
    await exported(kit, reader, { collectionId: id });
    await standStill();
    const documents: [string, Record<string, unknown>?][] = [
      ['{ collections { nodes { id name } } }'], ['query($id: ID!) { collection(id: $id) { tags itemCount members { nodes { role } } items { nodes { id } } } }', { id }],
      ['query($id: ID!) { item(id: $id) { title revisions { nodes { version body } } links { nodes { kind item { title } } } } }', { id: item }], [ATTACHMENTS, { id: item }],
      ['query($file: ID!) { _entities(representations: [{ __typename: "Attachment", id: $file }]) { ... on Attachment { name } } }', { file }], ['{ jobs { nodes { id state } } }'],
    ];
    for (const [document, variables] of documents) expect([document, await went(() => read(reader, document, variables))]).toEqual([document, LAGS]);
  });

  it('lags behind what others change, and never behind what the caller has changed', async () => {
    const { author, reader, id } = await world();
    await standStill();
    await newItem(kit, author, id, { title: 'New' });
    expect(await went(async () => expect(await titlesIn(reader, id)).toEqual(['Old']))).toEqual(LAGS);
    expect(await went(async () => expect(await titlesIn(author, id)).toEqual(['New', 'Old']))).toEqual(['primary: own change']);
    await goOn();
    await eventually('the reader to see it too', async () => (await titlesIn(reader, id)).length === 2);
  });

  it('misses nothing whose id somebody was told', async () => {
    const { author, reader, id } = await world();
    await standStill();
    const item = await newItem(kit, author, id, { title: 'New' });
    expect((await read(reader, 'query($id: ID!) { item(id: $id) { title } }', { id: item })).item).toEqual({ title: 'New' });
    const open = await newCollection(kit, author, { name: 'Open' });
    await share(open, { everyone: true }, author);
    expect((await read(reader, 'query($id: ID!) { collection(id: $id) { name } }', { id: open })).collection).toEqual({ name: 'Open' });
  });

  it('shows who came second what the first has made of it', async () => {
    const { author, reader, id, item } = await world();
    await share(id, { userId: reader.userId, role: 'EDITOR' }, author);
    await standStill();
    done(await ask(author, itemMutation('updateItem'), { input: { id: item, expectedVersion: 1, title: 'By the first' } }));
    const { updateItem } = await read(reader, itemMutation('updateItem'), { input: { id: item, expectedVersion: 1, title: 'By the second' } });
    expect(updateItem).toMatchObject({ item: { title: 'By the first', version: 2 }, userErrors: [{ code: 'VERSION_CONFLICT' }] });
  });

  it('shows a person at once what they were given, and no longer what was taken from them', async () => {
    const { reader, id } = await world();
    const other = await newMember(kit, acme, 'MEMBER');
    expect(await titlesIn(reader, id)).toEqual(['Old']);
    await standStill();
    await share(id, { userId: other.userId });
    await unshare(id, { userId: reader.userId });
    const lists = async (by: Person) => (await read(by, '{ collections(first: 100) { nodes { id } } }')).collections.nodes.some((node: { id: string }) => node.id === id);
    expect([await lists(other), await lists(reader), (await read(reader, LIST, { id })).collection]).toEqual([true, false, null]);
  });

  it('decides by the primary who may see what was deleted', async () => {
    const { author, reader, id, item } = await world();
    await share(id, { userId: reader.userId, role: 'EDITOR' }, author);
    await standStill();
    await share(id, { userId: reader.userId, role: 'VIEWER' }, author);
    done(await ask(author, itemMutation('deleteItem'), { input: { id: item } }));
    expect(codeOf(await ask(reader, 'query($id: ID!) { collection(id: $id) { items(filter: { deleted: true }) { nodes { id } } } }', { id }))).toBe('FORBIDDEN');
  });

  it('delivers a change to those alone who may see it at that moment, wherever it is read', async () => {
    const { author, id } = await world();
    const outsider = await newMember(kit, acme, 'MEMBER');
    await share(id, { everyone: true }, author);
    const FOLLOW = 'subscription { itemChanged { itemId item { title } } }';
    const [theirs, watch] = [outsider, acme.owner].map(({ viewer }) => followAs<{ itemId: string; item: { title: string } | null }>(kit, 'collections', viewer, FOLLOW));
    const first = await newItem(kit, author, id, { title: 'For everyone' });
    await theirs!.atLeast(1);
    await standStill();
    await unshare(id, { everyone: true });
    const second = await newItem(kit, author, id, { title: 'For few' });
    await watch!.atLeast(2);
    await goOn();
    await share(id, { everyone: true }, author);
    const third = await newItem(kit, author, id, { title: 'For everyone again' });
    const got = await theirs!.atLeast(2);
    expect(got).toEqual([{ itemId: first, item: { title: 'For everyone' } }, { itemId: third, item: { title: 'For everyone again' } }]);
    expect(watch!.got.map(({ itemId }) => itemId)).toContain(second);
    await Promise.all([theirs!.leave(), watch!.leave()]);
  });
});

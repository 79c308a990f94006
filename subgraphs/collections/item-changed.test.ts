import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, type CollectionId, type ItemId } from '../../platform/ids.ts';
import { anonymous, keyViewer } from '../../platform/viewer.ts';
import { newCollection, newItem, SHARE } from '../../test/kit/collections.ts';
import { eventually } from '../../test/kit/eventually.ts';
import type { Following } from '../../test/kit/following.ts';
import { followers, ids, type Change } from '../../test/kit/item-changes.ts';
import { startServices, type Kit } from '../../test/kit/services.ts';
import { tellOutside } from '../../test/kit/telling.ts';
import { dataOf, done, newMember, newTenant, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { itemsImported } from './events.ts';

const UPDATE = 'mutation($input: UpdateItemInput!) { updateItem(input: $input) { item { version } userErrors { code } } }';
const DELETE = 'mutation($input: DeleteItemInput!) { deleteItem(input: $input) { itemId userErrors { code } } }';
const RESTORE = 'mutation($input: RestoreItemInput!) { restoreItem(input: $input) { item { id } userErrors { code } } }';
const UNSHARE = 'mutation($input: UnshareCollectionInput!) { unshareCollection(input: $input) { collection { id } userErrors { code } } }';
const DELETE_COLLECTION = 'mutation($input: DeleteCollectionInput!) { deleteCollection(input: $input) { collectionId userErrors { code } } }';

let kit: Kit;
let [acme, other]: TestTenant[] = [];
let member: Person;
let guest: Person;
const { follow, leave } = followers(() => kit);
beforeAll(async () => {
  kit = await startServices(['tenants', 'collections']);
  [acme, other] = [await newTenant(kit), await newTenant(kit)];
  [member, guest] = [await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'GUEST')];
});
afterAll(async () => {
  await leave();
  await kit.stop();
});

const ask = (person: Person, document: string, input: object) => kit.ask('collections', document, { input }, person.viewer);
const share = async (collectionId: string, input: object, by = member) => void done(await ask(by, SHARE, { collectionId, role: 'VIEWER', ...input }));
/** Everything told so far has gone by: whoever administers the tenant sees this one, which comes last. */
async function everythingToldIn(collectionId: string, by: Person, watch: Following<Change>): Promise<void> {
  const last = await newItem(kit, by, collectionId, { title: 'The last' });
  await eventually('the last to be told', () => ids(watch).includes(last));
}

describe('itemChanged', () => {
  it('answers: what becomes of items, in order, and each as it is now', async () => {
    const collectionId = await newCollection(kit, member);
    const stream = follow(member, { collectionId });
    const id = await newItem(kit, member, collectionId, { title: 'A heron' });
    done(await ask(member, UPDATE, { id, expectedVersion: 1, title: 'A grey heron' }));
    done(await ask(member, DELETE, { id }));
    done(await ask(member, RESTORE, { id }));
    const got = await stream.atLeast(4);
    expect(got.map(({ kind, itemId }) => `${kind} ${itemId}`)).toEqual(['CREATED', 'UPDATED', 'DELETED', 'RESTORED'].map((kind) => `${kind} ${id}`));
    expect(got[3]!.item).toEqual({ id, title: 'A grey heron' });
    expect(new Set(got.map(({ cursor }) => cursor)).size).toBe(4);
  });

  it('tells of one collection, or of all that the caller sees', async () => {
    const [one, two] = [await newCollection(kit, member), await newCollection(kit, member)];
    const [ofOne, ofAll] = [follow(member, { collectionId: one }), follow(member)];
    const [first, second, third] = [await newItem(kit, member, one), await newItem(kit, member, two), await newItem(kit, member, one)];
    expect((await ofAll.atLeast(3)).map(({ itemId }) => itemId)).toEqual([first, second, third]);
    expect((await ofOne.atLeast(2)).map(({ itemId }) => itemId)).toEqual([first, third]);
  });

  it('tells of each item of an import, and goes on in the middle of one', async () => {
    const collectionId = await newCollection(kit, member) as CollectionId;
    const stream = follow(member, { collectionId });
    const first = await newItem(kit, member, collectionId);
    const itemIds = Array.from({ length: 500 }, () => newId('itm') as ItemId);
    await tellOutside(kit, 'collections', { fact: itemsImported({ collectionId, jobId: newId('job'), itemIds }), subject: collectionId, tenant: acme!.id });
    const got = await stream.atLeast(501);
    expect(got.map(({ kind, itemId }) => [kind, itemId])).toEqual([first, ...itemIds].map((id) => ['CREATED', id]));
    for (const at of [0, 1, 250, 499]) {
      const resumed = follow(member, { collectionId, after: got[at]!.cursor });
      expect((await resumed.atLeast(500 - at)).map(({ itemId }) => itemId)).toEqual(itemIds.slice(at));
      await resumed.leave();
    }
  });
});

describe('itemChanged refuses', () => {
  it.each([['another tenant’s', () => other!.owner], ['a guest with whom it is not shared', () => guest]])('a collection of others, in the words of one that is not there: %s', async (_what, who) => {
    const collectionId = await newCollection(kit, member);
    expect(await follow(who(), { collectionId }).ended).toBe('NOT_FOUND');
    expect(await follow(who(), { collectionId: newId('col') }).ended).toBe('NOT_FOUND');
    expect(await follow(who(), { collectionId: 'col_x' }).ended).toBe('NOT_FOUND');
  });
  it('strangers, and keys without the scope', async () => {
    expect(await follow({ viewer: anonymous }).ended).toBe('UNAUTHENTICATED');
    const key = keyViewer({ keyId: newId('key'), tenantId: acme!.id, createdBy: member.userId, role: 'MEMBER', scopes: ['items:write'], collectionIds: null, sandbox: false });
    expect(await follow({ viewer: key }).ended).toBe('FORBIDDEN');
  });
  it('cursors that it did not make: changed, of another tenant, of another collection, of another list', async () => {
    const collectionId = await newCollection(kit, member);
    const stream = follow(member, { collectionId });
    await newItem(kit, member, collectionId);
    const [{ cursor }] = await stream.atLeast(1) as [Change];
    const changed = `${cursor.slice(0, 5)}${cursor[5] === 'A' ? 'B' : 'A'}${cursor.slice(6)}`;
    expect(await follow(member, { collectionId, after: changed }).ended).toBe('CURSOR_INVALID');
    expect(await follow(other!.owner, { after: cursor }).ended).toBe('CURSOR_INVALID');
    expect(await follow(member, { after: cursor }).ended).toBe('CURSOR_INVALID');
    expect(await follow(member, { collectionId: await newCollection(kit, member), after: cursor }).ended).toBe('CURSOR_INVALID');
    const { collections } = dataOf(await kit.ask('collections', '{ collections { pageInfo { endCursor } } }', {}, member.viewer));
    expect(await follow(member, { collectionId, after: collections.pageInfo.endCursor }).ended).toBe('CURSOR_INVALID');
  });
});

describe('rights, at every delivery', () => {
  it('tell nothing of another tenant, nor of what is shared with others', async () => {
    const [mine, theirs] = [await newCollection(kit, member), await newCollection(kit, other!.owner)];
    const [admin, stranger, outside] = [follow(acme!.owner), follow(guest), follow(other!.owner)];
    await newItem(kit, member, mine);
    await newItem(kit, other!.owner, theirs);
    await everythingToldIn(mine, member, admin);
    await everythingToldIn(theirs, other!.owner, outside);
    expect(admin.got).toHaveLength(2);
    expect(outside.got).toHaveLength(2);
    expect(stranger.got).toEqual([]);
  });

  it('count from when a part is given, and until it is taken away, while the stream is open', async () => {
    const collectionId = await newCollection(kit, member);
    const [watch, all] = [follow(member, { collectionId }), follow(guest)];
    const before = await newItem(kit, member, collectionId);
    await share(collectionId, { userId: guest.userId });
    const shared = [await newItem(kit, member, collectionId), await newItem(kit, member, collectionId)];
    await eventually('what was shared to be told', () => ids(all).length >= 2);
    done(await ask(member, UNSHARE, { collectionId, userId: guest.userId }));
    const after = await newItem(kit, member, collectionId);
    await everythingToldIn(collectionId, member, watch);
    await share(collectionId, { userId: guest.userId });
    const again = await newItem(kit, member, collectionId);
    await eventually('what is shared again to be told', () => ids(all).includes(again));
    // Before it was shared may be told late, and is then theirs to see; after it was taken away, never.
    expect(ids(all).filter((id) => id !== before)).toEqual([...shared, again]);
    expect(ids(all)).not.toContain(after);
  });

  it('of everyone reach members and no guests, and end with the collection', async () => {
    const collectionId = await newCollection(kit, acme!.owner);
    const [ofMember, ofGuest, ofAdmin] = [follow(member), follow(guest), follow(acme!.owner)];
    await share(collectionId, { everyone: true }, acme!.owner);
    const id = await newItem(kit, acme!.owner, collectionId);
    await eventually('the item to be told', () => ids(ofMember).includes(id) && ids(ofAdmin).includes(id));
    done(await ask(acme!.owner, DELETE_COLLECTION, { id: collectionId }));
    const elsewhere = await newCollection(kit, acme!.owner);
    await everythingToldIn(elsewhere, acme!.owner, ofAdmin);
    expect(ofGuest.got).toEqual([]);
    const late = follow(acme!.owner, { after: ofAdmin.got.at(-1)!.cursor });
    await everythingToldIn(elsewhere, acme!.owner, late);
    expect(late.got).toHaveLength(1);
  });

  it('of a key reach what its creator has a part in, and of that what it is held to', async () => {
    const [held, free] = [await newCollection(kit, member) as CollectionId, await newCollection(kit, member)];
    const key = (more: { collectionIds: string[] | null; createdBy?: Person['userId'] }) =>
      follow({ viewer: keyViewer({ keyId: newId('key'), tenantId: acme!.id, createdBy: member.userId, role: 'MEMBER', scopes: ['collections:read'], sandbox: false, ...more }) });
    const [ofHeld, ofFree, ofGuest] = [key({ collectionIds: [held] }), key({ collectionIds: null }), key({ collectionIds: null, createdBy: guest.userId })];
    const made = [await newItem(kit, member, free), await newItem(kit, member, held)];
    await eventually('both to be told', () => made.every((id) => ids(ofFree).includes(id)));
    await eventually('the held one to be told', () => ids(ofHeld).length > 0);
    expect(ids(ofHeld)).toEqual([made[1]]);
    expect(ofGuest.got).toEqual([]);
  });

  it('tell of a deletion to whoever may see the collection, and show the item to whoever could restore it', async () => {
    const collectionId = await newCollection(kit, member);
    await share(collectionId, { userId: guest.userId });
    const [reader, editor] = [follow(guest, { collectionId }), follow(member, { collectionId })];
    const id = await newItem(kit, member, collectionId);
    done(await ask(member, DELETE, { id }));
    expect((await reader.atLeast(2))[1]).toMatchObject({ kind: 'DELETED', itemId: id, item: null });
    expect((await editor.atLeast(2))[1]).toMatchObject({ kind: 'DELETED', itemId: id, item: { id } });
  });
});

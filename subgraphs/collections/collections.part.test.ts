import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../platform/ids.ts';
import { anonymous } from '../../platform/viewer.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { newCollection, newItem, SHARE } from '../../test/kit/collections.ts';
import type { Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, done, newMember, newTenant, payloadOf, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

const CREATE = 'mutation($input: CreateCollectionInput!) { createCollection(input: $input) { collection { id name description settings viewerRole itemCount tags createdBy { id } members { nodes { user { id } everyone role } } } userErrors { code path message } } }';
const UPDATE = 'mutation($input: UpdateCollectionInput!) { updateCollection(input: $input) { collection { name description settings } userErrors { code path } } }';
const DELETE = 'mutation($input: DeleteCollectionInput!) { deleteCollection(input: $input) { collectionId userErrors { code } } }';
const UNSHARE = 'mutation($input: UnshareCollectionInput!) { unshareCollection(input: $input) { collection { id viewerRole } userErrors { code path } } }';
const SEE = 'query($id: ID!) { collection(id: $id) { id viewerRole members { nodes { user { id } everyone role } } } }';
const LIST = 'query($filter: CollectionFilter, $first: Int, $after: String) { collections(filter: $filter, first: $first, after: $after) { nodes { id name } pageInfo { hasNextPage endCursor } } }';

let kit: Kit;
let [acme, other]: TestTenant[] = [];
let member: Person;
let guest: Person;
beforeAll(async () => {
  kit = await startTogether(['tenants', 'collections']);
  [acme, other] = [await newTenant(kit), await newTenant(kit)];
  [member, guest] = [await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'GUEST')];
});
afterAll(() => kit.stop());

const ask = (person: Person, document: string, variables: object) => kit.ask('collections', document, variables as Record<string, unknown>, person.viewer);
const see = async (person: Person, id: string) => dataOf(await ask(person, SEE, { id })).collection;

describe('createCollection', () => {
  it('answers: it is its maker’s, and nobody else’s but who administers the tenant', async () => {
    const { collection } = done(await ask(member, CREATE, { input: { name: 'Field notes', description: 'What we saw', settings: { color: 'green' } } }));
    expect(collection).toEqual({
      id: expect.stringMatching(/^col_/), name: 'Field notes', description: 'What we saw', settings: { color: 'green' }, viewerRole: 'OWNER', itemCount: 0, tags: [],
      createdBy: { id: member.userId }, members: { nodes: [{ user: { id: member.userId }, everyone: false, role: 'OWNER' }] },
    });
    expect(await see(acme!.owner, collection.id)).toMatchObject({ viewerRole: 'OWNER' });
    expect(await see(guest, collection.id)).toBeNull();
    expect(await see(await newMember(kit, acme!, 'MEMBER'), collection.id)).toBeNull();
  });
  it.each([
    ['no name', { name: ' ' }, 'name'], ['a name of 201 characters', { name: 'x'.repeat(201) }, 'name'], ['a list as settings', { name: 'x', settings: [1] }, 'settings'],
    ['settings of 17 kB', { name: 'x', settings: { a: 'x'.repeat(17_000) } }, 'settings'], ['a description of 5001 characters', { name: 'x', description: 'x'.repeat(5_001) }, 'description'],
  ])('refuses bad input: %s', async (_what, input, field) => {
    expect(payloadOf(await ask(member, CREATE, { input }))).toMatchObject({ collection: null, userErrors: [{ code: 'INVALID_INPUT', path: ['input', field] }] });
  });
  it('refuses a stranger, and a guest', async () => {
    expect(codeOf(await kit.ask('collections', CREATE, { input: { name: 'x' } }, anonymous))).toBe('UNAUTHENTICATED');
    expect((await ask(guest, CREATE, { input: { name: 'x' } })).errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', missing: 'role MEMBER' });
  });
  it('tells its neighbours', async () => {
    const id = await newCollection(kit, member, { name: 'Told' });
    const event = await eventually('the event', () => kit.events.find(({ type, subject }) => type === 'collections.collection-created' && subject === id));
    expect(event).toMatchObject({ tenant: acme!.id, actor: { kind: 'user', id: member.userId }, body: { collectionId: id, name: 'Told' }, audit: { entityType: 'Collection', after: { name: 'Told' } } });
  });
});

describe('updateCollection', () => {
  it('answers, changes what is given, and leaves the rest', async () => {
    const id = await newCollection(kit, member, { name: 'Old', description: 'kept' });
    expect(done(await ask(member, UPDATE, { input: { id, name: 'New' } })).collection).toEqual({ name: 'New', description: 'kept', settings: {} });
    expect(done(await ask(member, UPDATE, { input: { id, description: null } })).collection).toMatchObject({ description: null });
  });
  it('refuses who may only edit, and says what is missing', async () => {
    const id = await newCollection(kit, member);
    done(await ask(member, SHARE, { input: { collectionId: id, userId: guest.userId, role: 'EDITOR' } }));
    expect((await ask(guest, UPDATE, { input: { id, name: 'Mine' } })).errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', missing: 'collection role OWNER' });
  });
  it('refuses another tenant, in the words of an id that is not there', async () => {
    const id = await newCollection(kit, member);
    const [foreign, unknown] = [await ask(other!.owner, UPDATE, { input: { id, name: 'Mine' } }), await ask(other!.owner, UPDATE, { input: { id: newId('col'), name: 'Mine' } })];
    expect(foreign).toEqual(unknown);
    expect(codeOf(foreign)).toBe('NOT_FOUND');
  });
});

describe('shareCollection', () => {
  it('gives a guest what they could not see, and takes it back', async () => {
    const id = await newCollection(kit, member);
    expect(done(await ask(member, SHARE, { input: { collectionId: id, userId: guest.userId, role: 'VIEWER' } })).member).toEqual({ user: { id: guest.userId }, everyone: false, role: 'VIEWER' });
    expect(await see(guest, id)).toMatchObject({ viewerRole: 'VIEWER', members: { nodes: [{ role: 'OWNER' }, { role: 'VIEWER' }] } });
    done(await ask(member, UNSHARE, { input: { collectionId: id, userId: guest.userId } }));
    expect(await see(guest, id)).toBeNull();
  });
  it('with everyone reaches all members, and no guest', async () => {
    const id = await newCollection(kit, acme!.owner);
    done(await ask(acme!.owner, SHARE, { input: { collectionId: id, everyone: true, role: 'EDITOR' } }));
    expect(await see(member, id)).toMatchObject({ viewerRole: 'EDITOR' });
    expect(await see(guest, id)).toBeNull();
    expect(codeOf(await ask(member, SHARE, { input: { collectionId: id, userId: guest.userId, role: 'VIEWER' } }))).toBe('FORBIDDEN');
  });
  it('refuses bad input: nobody, both, somebody of another tenant, a misspelt id', async () => {
    const collectionId = await newCollection(kit, member);
    const refused = async (input: object) => payloadOf(await ask(member, SHARE, { input: { collectionId, role: 'VIEWER', ...input } })).userErrors[0];
    expect(await refused({})).toMatchObject({ code: 'INVALID_INPUT', path: ['input', 'userId'] });
    expect(await refused({ everyone: true, userId: guest.userId })).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await refused({ userId: other!.owner.userId })).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'userId'] });
    expect(await refused({ userId: 'usr_x' })).toMatchObject({ code: 'NOT_FOUND' });
  });
  it('lets whoever has a part give it up, and nobody take another’s', async () => {
    const collectionId = await newCollection(kit, acme!.owner);
    for (const { userId } of [guest, member]) done(await ask(acme!.owner, SHARE, { input: { collectionId, userId, role: 'EDITOR' } }));
    expect(codeOf(await ask(guest, UNSHARE, { input: { collectionId, userId: member.userId } }))).toBe('FORBIDDEN');
    expect(done(await ask(guest, UNSHARE, { input: { collectionId, userId: guest.userId } })).collection).toBeNull();
    expect(await see(guest, collectionId)).toBeNull();
  });
  it('is over for whoever is removed from the tenant, also when they come back', async () => {
    const leaver = await newMember(kit, acme!, 'MEMBER');
    const collectionId = await newCollection(kit, member);
    done(await ask(member, SHARE, { input: { collectionId, userId: leaver.userId, role: 'EDITOR' } }));
    done(await kit.ask('tenants', 'mutation($input: RemoveMemberInput!) { removeMember(input: $input) { userErrors { code } } }', { input: { userId: leaver.userId } }, acme!.owner.viewer));
    await kit.eventsOf('tenants.member-removed');
    const back = await newMember(kit, acme!, 'MEMBER', leaver);
    await eventually('the share to be gone', async () => await see(back, collectionId) === null);
  });
});

describe('deleteCollection', () => {
  it('takes it out of sight with everything in it', async () => {
    const id = await newCollection(kit, member);
    const itemId = await newItem(kit, member, id);
    expect(codeOf(await ask(guest, DELETE, { input: { id } }))).toBe('NOT_FOUND');
    expect(done(await ask(member, DELETE, { input: { id } })).collectionId).toBe(id);
    expect(await see(member, id)).toBeNull();
    expect(dataOf(await ask(acme!.owner, 'query($id: ID!) { item(id: $id) { id } }', { id: itemId })).item).toBeNull();
    expect(codeOf(await ask(member, DELETE, { input: { id } }))).toBe('NOT_FOUND');
  });
});

describe('collections', () => {
  it('lists what is shared with the caller, page by page, the newest first', async () => {
    const tenant = await newTenant(kit);
    const somebody = await newMember(kit, tenant, 'MEMBER');
    const mine: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      mine.unshift(await newCollection(kit, somebody, { name: `Mine ${n}` }));
      await newCollection(kit, tenant.owner, { name: `Theirs ${n}` });
    }
    const first = dataOf(await ask(somebody, LIST, { first: 3 })).collections;
    const rest = dataOf(await ask(somebody, LIST, { first: 3, after: first.pageInfo.endCursor })).collections;
    expect([...first.nodes, ...rest.nodes].map(({ id }: { id: string }) => id)).toEqual(mine);
    expect(rest.pageInfo.hasNextPage).toBe(false);
    expect(dataOf(await ask(tenant.owner, LIST, { filter: { namePrefix: 'theirs' } })).collections.nodes).toHaveLength(5);
    expect(codeOf(await ask(acme!.owner, LIST, { after: first.pageInfo.endCursor }))).toBe('CURSOR_INVALID');
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../platform/ids.ts';
import { anonymous } from '../../platform/viewer.ts';
import { itemMutation, keyOf, newCollection, newItem, shareWith } from '../../test/kit/collections.ts';
import { misfitsOf } from '../../test/kit/event-contracts.ts';
import { eventually } from '../../test/kit/eventually.ts';
import type { Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, done, newMember, newTenant, payloadOf, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

const SEE = 'query($id: ID!) { item(id: $id) { id title body version deletedAt collection { id } createdBy { id } updatedBy { id } } }';

let kit: Kit;
let [acme, other]: TestTenant[] = [];
let [owner, editor, viewer, guest, bystander]: Person[] = [];
let notes: string;
let itemId: string;
beforeAll(async () => {
  kit = await startTogether(['tenants', 'collections']);
  [acme, other] = [await newTenant(kit), await newTenant(kit)];
  [owner, editor, viewer, bystander] = await Promise.all(['MEMBER', 'MEMBER', 'MEMBER', 'MEMBER'].map((role) => newMember(kit, acme!, role as 'MEMBER'))) as [Person, Person, Person, Person];
  guest = await newMember(kit, acme!, 'GUEST');
  notes = await newCollection(kit, owner);
  await shareWith(kit, owner, notes, editor!, 'EDITOR');
  await shareWith(kit, owner, notes, viewer!, 'VIEWER');
  await shareWith(kit, owner, notes, guest, 'EDITOR');
  itemId = await newItem(kit, editor!, notes);
});
afterAll(() => kit.stop());

const ask = (person: Person, document: string, variables: object, idempotencyKey: string | null = null) => kit.ask('collections', document, variables as Record<string, unknown>, person.viewer, { idempotencyKey });
const run = (person: Person, name: string, input: object, idempotencyKey: string | null = null) => ask(person, itemMutation(name), { input }, idempotencyKey);
const see = async (person: Person, id: string) => dataOf(await ask(person, SEE, { id })).item;
const create = async (input: object = {}) => done(await run(editor!, 'createItem', { collectionId: notes, title: 'A note', body: '', ...input })).item;

/** What each mutation is given so that it works for whoever may. */
const GIVEN: Record<string, () => Promise<object>> = {
  createItem: async () => ({ collectionId: notes, title: 'New', body: 'text' }),
  updateItem: async () => ({ id: await newItem(kit, editor!, notes), expectedVersion: 1, title: 'Changed' }),
  deleteItem: async () => ({ id: await newItem(kit, editor!, notes) }),
  restoreItem: async () => {
    const id = await newItem(kit, editor!, notes);
    done(await run(editor!, 'deleteItem', { id }));
    return { id };
  },
  restoreRevision: async () => {
    const id = await newItem(kit, editor!, notes);
    done(await run(editor!, 'updateItem', { id, expectedVersion: 1, title: 'Changed' }));
    return { itemId: id, version: 1, expectedVersion: 2 };
  },
  linkItems: async () => ({ fromId: await newItem(kit, editor!, notes), toIds: [itemId] }),
  unlinkItems: async () => {
    const fromId = await newItem(kit, editor!, notes);
    done(await run(editor!, 'linkItems', { fromId, toIds: [itemId] }));
    return { fromId, toIds: [itemId] };
  },
};
const NAMES = Object.keys(GIVEN);
/** To whoever may not change them deleted items are not there. */
const hides = (name: string): boolean => name === 'restoreItem';

describe.each(NAMES)('%s', (name) => {
  it('answers editors, owners, guests who edit, who administers the tenant, and keys with the scope', async () => {
    const mayDo = [
      editor!, owner!, guest!, acme!.owner, keyOf(acme!, editor!, 'MEMBER', ['collections:read', 'items:write']), keyOf(acme!, guest!, 'GUEST', ['collections:read', 'items:write']),
      keyOf(acme!, acme!.owner, 'OWNER', ['items:write']), keyOf(acme!, acme!.owner, 'OWNER', ['items:write'], [notes]),
    ];
    for (const person of mayDo) expect(done(await run(person, name, await GIVEN[name]!()))).toBeDefined();
  });
  it('refuses whoever may only read, and says what is missing', async () => {
    const answer = await run(viewer!, name, await GIVEN[name]!());
    if (hides(name)) expect(codeOf(answer)).toBe('NOT_FOUND');
    else expect(answer.errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', missing: 'collection role EDITOR' });
    expect((await run(keyOf(acme!, owner!, 'MEMBER', ['collections:read']), name, await GIVEN[name]!())).errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', missing: 'scope items:write' });
  });
  it('refuses a stranger', async () => {
    expect(codeOf(await kit.ask('collections', itemMutation(name), { input: await GIVEN[name]!() }, anonymous))).toBe('UNAUTHENTICATED');
  });
  it('refuses another tenant, whom nothing is shared with, and a key held to other collections, in the words of an id that is not there', async () => {
    const input = await GIVEN[name]!() as Record<string, unknown>;
    const entry = Object.keys(input)[0]!;
    const unknown = await run(editor!, name, { ...input, [entry]: newId(entry === 'collectionId' ? 'col' : 'itm') });
    expect(codeOf(unknown)).toBe('NOT_FOUND');
    const elsewhere = keyOf(acme!, acme!.owner, 'OWNER', ['items:write'], [newId('col')]);
    const foreign = keyOf(acme!, bystander!, 'MEMBER', ['items:write']);
    for (const person of [other!.owner, bystander!, elsewhere, foreign]) expect(await run(person, name, input)).toEqual(unknown);
    expect(await run(editor!, name, { ...input, [entry]: "x'; --" })).toEqual(unknown);
  });
});

describe('item', () => {
  it('is shown to whoever has a part, and is not there for anybody else', async () => {
    for (const person of [owner!, editor!, viewer!, guest!, acme!.owner, keyOf(acme!, viewer!, 'MEMBER', ['collections:read'], [notes])]) {
      expect(await see(person, itemId)).toMatchObject({ id: itemId, collection: { id: notes }, createdBy: { id: editor!.userId }, updatedBy: { id: editor!.userId } });
    }
    for (const person of [bystander!, other!.owner, keyOf(acme!, viewer!, 'MEMBER', ['collections:read'], [newId('col')]), keyOf(acme!, bystander!, 'MEMBER', ['collections:read'])]) expect(await see(person, itemId)).toBeNull();
    expect(codeOf(await ask(keyOf(acme!, viewer!, 'MEMBER', ['tenants:read']), SEE, { id: itemId }))).toBe('FORBIDDEN');
    expect(codeOf(await kit.ask('collections', SEE, { id: itemId }, anonymous))).toBe('UNAUTHENTICATED');
  });
  it('is shown deleted to those alone who could restore it', async () => {
    const { id } = await create();
    done(await run(editor!, 'deleteItem', { id }));
    expect(await see(editor!, id)).toMatchObject({ deletedAt: expect.any(Date), version: 2 });
    expect(await see(keyOf(acme!, editor!, 'MEMBER', ['collections:read']), id)).toBeNull();
    expect(await see(viewer!, id)).toBeNull();
    expect(done(await run(editor!, 'restoreItem', { id })).item).toMatchObject({ deletedAt: null, version: 3 });
    expect(done(await run(editor!, 'restoreItem', { id })).item.version).toBe(3);
  });
});

describe('updateItem', () => {
  it('answers, changes what is given, and leaves the rest', async () => {
    const { id } = await create({ url: 'https://example.com/', tags: ['a'], metadata: { n: 1 } });
    expect(done(await run(owner!, 'updateItem', { id, expectedVersion: 1, title: 'Other' })).item).toMatchObject({ title: 'Other', url: 'https://example.com/', tags: ['a'], metadata: { n: 1 }, version: 2 });
    expect(done(await run(owner!, 'updateItem', { id, expectedVersion: 2, url: null, tags: null, metadata: null })).item).toMatchObject({ url: null, tags: [], metadata: {}, version: 3 });
    expect(done(await run(owner!, 'updateItem', { id, expectedVersion: 3, title: 'Other' })).item.version).toBe(3);
    expect(await see(viewer!, id)).toMatchObject({ createdBy: { id: editor!.userId }, updatedBy: { id: owner!.userId } });
    for (const nothing of [{ title: null }, { body: null }]) expect(codeOf(await run(owner!, 'updateItem', { id, expectedVersion: 3, ...nothing }))).toBe('INVALID_INPUT');
  });
  it('shows whoever comes second what the first has made of it, also with a key, and writes nothing over', async () => {
    const { id } = await create();
    done(await run(owner!, 'updateItem', { id, expectedVersion: 1, title: 'First' }));
    for (const key of [null, 'twice', 'twice']) {
      expect(payloadOf(await run(editor!, 'updateItem', { id, expectedVersion: 1, title: 'Second' }, key))).toMatchObject({ item: { title: 'First', version: 2 }, userErrors: [{ code: 'VERSION_CONFLICT', path: ['input', 'expectedVersion'] }] });
    }
    // A refusal changed nothing, so the key may be used again for what is mended.
    expect(done(await run(editor!, 'updateItem', { id, expectedVersion: 2, title: 'Second' }, 'twice')).item).toMatchObject({ title: 'Second', version: 3 });
  });
  it('lets one of many at once through', async () => {
    const { id } = await create();
    const answers = await Promise.all(Array.from({ length: 6 }, (_, n) => run(editor!, 'updateItem', { id, expectedVersion: 1, title: `By ${n}` })));
    const payloads = answers.map(payloadOf);
    expect(payloads.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
    const now = await see(editor!, id);
    expect(now.version).toBe(2);
    for (const { item } of payloads) expect(item).toMatchObject({ title: now.title, version: 2 });
  });
  it('is done once for twins with one key', async () => {
    const { id } = await create();
    const answers = await Promise.all([1, 2, 3].map(() => run(editor!, 'updateItem', { id, expectedVersion: 1, title: 'Twins' }, `twins-${id}`)));
    for (const answer of answers) expect(done(answer).item).toMatchObject({ title: 'Twins', version: 2 });
  });
});

describe('createItem', () => {
  it('makes one item of fifty at once with one key', async () => {
    const collectionId = await newCollection(kit, owner!);
    // A server that has too much to do, or is still at the first of them, says so; the same key asks again, as a client would.
    const twin = async (): ReturnType<typeof run> => {
      const answer = await run(owner!, 'createItem', { collectionId, title: 'Once', body: '' }, `once-${collectionId}`);
      return answer.errors?.[0]?.extensions.retryable ? twin() : answer;
    };
    const answers = await Promise.all(Array.from({ length: 50 }, twin));
    expect(new Set(answers.map((answer) => done(answer).item.id)).size).toBe(1);
    expect(dataOf(await ask(owner!, 'query($id: ID!) { collection(id: $id) { itemCount items { nodes { title } } } }', { id: collectionId })).collection).toEqual({ itemCount: 1, items: { nodes: [{ title: 'Once' }] } });
    expect(codeOf(await run(owner!, 'createItem', { collectionId, title: 'Another', body: '' }, `once-${collectionId}`))).toBe('IDEMPOTENCY_MISMATCH');
  });
});

describe('every change', () => {
  it('tells its neighbours, once and in order', async () => {
    const { id } = await create({ title: 'Told' });
    done(await run(editor!, 'updateItem', { id, expectedVersion: 1, body: 'more', tags: ['x'] }));
    done(await run(editor!, 'restoreRevision', { itemId: id, version: 1, expectedVersion: 2 }));
    done(await run(editor!, 'linkItems', { fromId: id, toIds: [itemId] }));
    done(await run(editor!, 'unlinkItems', { fromId: id, toIds: [itemId] }));
    done(await run(editor!, 'deleteItem', { id }));
    done(await run(editor!, 'restoreItem', { id }));
    await eventually('the last of it to be told', () => kit.events.some(({ type, subject }) => type === 'collections.item-restored' && subject === id));
    const told = kit.events.filter(({ subject }) => subject === id);
    expect(told.map(({ type, subjectVersion }) => [type.slice('collections.'.length), subjectVersion])).toEqual([
      ['item-created', 1], ['item-updated', 2], ['item-updated', 3], ['items-linked', 3], ['items-unlinked', 3], ['item-deleted', 4], ['item-restored', 5],
    ]);
    expect(told.flatMap(misfitsOf)).toEqual([]);
    expect(told[1]).toMatchObject({ tenant: acme!.id, actor: { kind: 'user', id: editor!.userId }, body: { changed: ['body', 'tags'], version: 2 }, audit: { entityType: 'Item', entityId: id } });
    expect(told[3]).toMatchObject({ body: { collectionId: notes, itemId: id, kind: 'related', toIds: [itemId] } });
  });
  it('is told by nobody who was refused', async () => {
    const before = kit.events.length;
    await run(viewer!, 'updateItem', { id: itemId, expectedVersion: 1, title: 'No' });
    await run(editor!, 'updateItem', { id: itemId, expectedVersion: 9, title: 'No' });
    const { id } = await create({ title: 'After' });
    await eventually('what came after to be told', () => kit.events.some(({ subject }) => subject === id));
    expect(kit.events.slice(before).filter(({ subject }) => subject === itemId)).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itemMutation, keyOf, newCollection, newItem, shareWith } from '../../test/kit/collections.ts';
import type { Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, done, newMember, newTenant, payloadOf, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

const HISTORY = `query($id: ID!, $first: Int, $after: String) { item(id: $id) { revisions(first: $first, after: $after) {
  nodes { version title body url tags metadata at by { id } deletedAt restoredFrom changed } pageInfo { hasNextPage endCursor } } } }`;

let kit: Kit;
let acme: TestTenant;
let [owner, viewer]: Person[] = [];
let notes: string;
beforeAll(async () => {
  kit = await startTogether(['tenants', 'collections']);
  acme = await newTenant(kit);
  [owner, viewer] = [await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'MEMBER')];
  notes = await newCollection(kit, owner);
  await shareWith(kit, owner, notes, viewer, 'VIEWER');
});
afterAll(() => kit.stop());

const run = (person: Person, name: string, input: object) => kit.ask('collections', itemMutation(name), { input }, person.viewer);
const change = async (name: string, input: object) => done(await run(owner!, name, input)).item;
const history = async (id: string, person = viewer!, more: object = {}) => dataOf(await kit.ask('collections', HISTORY, { id, ...more }, person.viewer)).item.revisions;

/** Made, changed twice, the first version brought back. */
async function storied(): Promise<string> {
  const id = await newItem(kit, owner!, notes, { title: 'First', body: 'one', tags: ['a'], metadata: { n: 1 } });
  const robot = keyOf(acme, owner!, 'MEMBER', ['collections:read', 'items:write']);
  done(await run(robot, 'updateItem', { id, expectedVersion: 1, title: 'Second', metadata: { n: 2 } }));
  await change('updateItem', { id, expectedVersion: 2, body: 'three', url: 'https://example.com/', tags: ['b'] });
  await change('restoreRevision', { itemId: id, version: 1, expectedVersion: 3 });
  return id;
}

describe('Item.revisions', () => {
  it('says who changed what and when, the newest first', async () => {
    const id = await storied();
    const { nodes, pageInfo } = await history(id);
    expect(nodes).toMatchObject([
      { version: 4, title: 'First', body: 'one', url: null, tags: ['a'], metadata: { n: 1 }, by: { id: owner!.userId }, restoredFrom: 1, changed: ['title', 'body', 'url', 'tags', 'metadata'] },
      { version: 3, title: 'Second', body: 'three', url: 'https://example.com/', tags: ['b'], by: { id: owner!.userId }, restoredFrom: null, changed: ['body', 'url', 'tags'] },
      { version: 2, title: 'Second', body: 'one', metadata: { n: 2 }, by: null, changed: ['title', 'metadata'] },
      { version: 1, title: 'First', body: 'one', metadata: { n: 1 }, by: { id: owner!.userId }, changed: ['title', 'body', 'tags', 'metadata'] },
    ]);
    expect(pageInfo.hasNextPage).toBe(false);
    const times = nodes.map(({ at }: { at: Date }) => at.getTime());
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });
  it('goes on from page to page, each change told against the one before it', async () => {
    const id = await storied();
    const whole = (await history(id)).nodes;
    const first = await history(id, viewer, { first: 3 });
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest = await history(id, viewer, { first: 3, after: first.pageInfo.endCursor });
    expect([...first.nodes, ...rest.nodes]).toEqual(whole);
    const another = await storied();
    expect(codeOf(await kit.ask('collections', HISTORY, { id: another, after: first.pageInfo.endCursor }, viewer!.viewer))).toBe('CURSOR_INVALID');
  });
  it('holds deleting and restoring, which change nothing of what it says', async () => {
    const id = await newItem(kit, owner!, notes);
    await change('deleteItem', { id });
    expect((await history(id, owner)).nodes).toMatchObject([{ version: 2, deletedAt: expect.any(Date), changed: [] }, { version: 1, deletedAt: null }]);
    expect(dataOf(await kit.ask('collections', HISTORY, { id }, viewer!.viewer)).item).toBeNull();
    await change('restoreItem', { id });
    expect((await history(id)).nodes).toMatchObject([{ version: 3, deletedAt: null, changed: [] }, { version: 2, deletedAt: expect.any(Date) }, { version: 1 }]);
  });
});

describe('restoreRevision', () => {
  it('answers with a new version, and keeps what came between', async () => {
    const id = await storied();
    expect(await change('restoreRevision', { itemId: id, version: 3, expectedVersion: 4 })).toMatchObject({ title: 'Second', body: 'three', url: 'https://example.com/', tags: ['b'], metadata: { n: 2 }, version: 5 });
    expect((await history(id)).nodes).toHaveLength(5);
    // It says so already.
    expect(await change('restoreRevision', { itemId: id, version: 5, expectedVersion: 5 })).toMatchObject({ version: 5 });
    expect(await change('restoreRevision', { itemId: id, version: 3, expectedVersion: 5 })).toMatchObject({ version: 5 });
  });
  it('shows whoever comes second what the first has made of it', async () => {
    const id = await storied();
    expect(payloadOf(await run(owner!, 'restoreRevision', { itemId: id, version: 2, expectedVersion: 3 }))).toMatchObject({ item: { title: 'First', version: 4 }, userErrors: [{ code: 'VERSION_CONFLICT', path: ['input', 'expectedVersion'] }] });
  });
  it.each([0, -1, 5, 2_147_483_647])('refuses version %d, which there is none of', async (version) => {
    expect(payloadOf(await run(owner!, 'restoreRevision', { itemId: await storied(), version, expectedVersion: 4 })).userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'version'] }]);
  });
  it('refuses a deleted item, which restoreItem brings back first', async () => {
    const id = await storied();
    await change('deleteItem', { id });
    expect(payloadOf(await run(owner!, 'restoreRevision', { itemId: id, version: 2, expectedVersion: 5 })).userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'itemId'], message: expect.stringContaining('restoreItem') }]);
  });
});

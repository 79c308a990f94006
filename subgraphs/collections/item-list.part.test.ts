import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newId } from '../../platform/ids.ts';
import { anonymous } from '../../platform/viewer.ts';
import { itemMutation, keyOf, newCollection, newItem, shareWith } from '../../test/kit/collections.ts';
import type { Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, done, newMember, newTenant, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

const LIST = `query($id: ID!, $first: Int, $after: String, $filter: ItemFilter, $orderBy: ItemOrder) { collection(id: $id) {
  items(first: $first, after: $after, filter: $filter, orderBy: $orderBy) { edges { cursor node { id } } nodes { id title } pageInfo { hasNextPage hasPreviousPage endCursor } } } }`;

let kit: Kit;
let acme: TestTenant;
let [owner, editor, viewer]: Person[] = [];
let [books, others]: string[] = [];
/** What was put into it, in this order. */
const BOOKS = [
  { title: 'Émile', tags: ['school', 'french'], metadata: { year: 1762, author: { name: 'Rousseau' }, shelf: 'B' } },
  { title: 'emma', tags: ['novel', 'english'], metadata: { year: 1815, author: { name: 'Austen' }, shelf: 'a' } },
  { title: 'EMMA and others', tags: ['english'], metadata: { year: '1815', lent: null } },
  { title: 'Zadig', tags: ['novel', 'french'], metadata: { year: 1747.5, author: { name: 'Voltaire' }, parts: [1, 2] } },
  { title: '100% a_b\\c', tags: [], metadata: {} },
];
const TITLES = BOOKS.map(({ title }) => title);
let [, second]: { id: string; createdAt: Date }[] = [];
beforeAll(async () => {
  kit = await startTogether(['tenants', 'collections']);
  acme = await newTenant(kit);
  [owner, editor, viewer] = [await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'GUEST')];
  [books, others] = [await newCollection(kit, owner), await newCollection(kit, owner)];
  await shareWith(kit, owner, books, editor, 'EDITOR');
  await shareWith(kit, owner, books, viewer, 'VIEWER');
  const made = [];
  for (const [at, book] of BOOKS.entries()) made.push(done(await kit.ask('collections', itemMutation('createItem'), { input: { collectionId: books, body: '', ...book } }, [owner, editor][at % 2]!.viewer)).item);
  [, second] = made;
  await newItem(kit, owner, others, { title: 'Emma elsewhere', tags: ['novel'] });
  const gone = await newItem(kit, owner, books, { title: 'Gone', tags: ['novel'] });
  done(await kit.ask('collections', itemMutation('deleteItem'), { input: { id: gone } }, owner.viewer));
});
afterAll(() => kit.stop());

const ask = (person: Person, variables: object) => kit.ask('collections', LIST, { id: books, ...variables }, person.viewer);
const list = async (variables: object = {}, person = viewer!) => dataOf(await ask(person, variables)).collection.items;
const titles = async (filter: object, more: object = {}) => (await list({ filter, ...more })).nodes.map(({ title }: { title: string }) => title);

describe('the order', () => {
  it('is the newest first, and any other that is asked for', async () => {
    expect(await titles({})).toEqual([...TITLES].reverse());
    expect(await titles({}, { orderBy: { field: 'CREATED_AT', direction: 'ASC' } })).toEqual(TITLES);
    const byTitle = ['100% a_b\\c', 'emma', 'EMMA and others', 'Zadig', 'Émile'];
    expect(await titles({}, { orderBy: { field: 'TITLE', direction: 'ASC' } })).toEqual(byTitle);
    expect(await titles({}, { orderBy: { field: 'TITLE', direction: 'DESC' } })).toEqual([...byTitle].reverse());
    done(await kit.ask('collections', itemMutation('updateItem'), { input: { id: second!.id, expectedVersion: 1, body: 'changed' } }, owner!.viewer));
    expect((await titles({}, { orderBy: { field: 'UPDATED_AT', direction: 'DESC' } }))[0]).toBe('emma');
    expect((await titles({}, { orderBy: { field: 'UPDATED_AT', direction: 'ASC' } })).at(-1)).toBe('emma');
  });
  it.each(['CREATED_AT', 'UPDATED_AT', 'TITLE'].flatMap((field) => ['ASC', 'DESC'].map((direction) => ({ field, direction }))))('%j holds from page to page', async (orderBy) => {
    const whole = (await list({ orderBy })).nodes;
    const paged = [];
    let after: string | null = null;
    do {
      const { nodes, pageInfo } = await list({ orderBy, first: 2, after });
      expect(pageInfo.hasPreviousPage).toBe(after !== null);
      paged.push(...nodes);
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after);
    expect(paged).toEqual(whole);
    expect(paged).toHaveLength(BOOKS.length);
  });
});

describe('the filter', () => {
  it.each<[object, string[]]>([
    [{ tagsAny: ['french', 'english'] }, ['Zadig', 'EMMA and others', 'emma', 'Émile']], [{ tagsAll: ['french', 'novel'] }, ['Zadig']], [{ tagsAny: ['school', 'novel'], tagsAll: ['english'] }, ['emma']],
    [{ tagsAny: [] }, []], [{ tagsAll: [] }, [...TITLES].reverse()], [{ tagsAny: ['Novel', "' OR true --", '{a,b}', '"', ''] }, []],
    [{ titlePrefix: 'Emma' }, ['EMMA and others', 'emma']], [{ titlePrefix: 'émi' }, ['Émile']], [{ titlePrefix: '100%' }, ['100% a_b\\c']], [{ titlePrefix: '1%' }, []], [{ titlePrefix: '100% a_b\\C' }, ['100% a_b\\c']], [{ titlePrefix: 'e\u0301' }, ['Émile']],
    [{ metadata: [{ path: ['year'], eq: 1815 }] }, ['emma']], [{ metadata: [{ path: ['year'], eq: '1815' }] }, ['EMMA and others']], [{ metadata: [{ path: ['author', 'name'], eq: 'Voltaire' }] }, ['Zadig']],
    [{ metadata: [{ path: ['author'], eq: { name: 'Austen' } }] }, ['emma']], [{ metadata: [{ path: ['parts', '1'], eq: 2 }] }, ['Zadig']], [{ metadata: [{ path: ['lent'], eq: null }] }, ['EMMA and others']],
    [{ metadata: [{ path: ['year'], gt: 1747.5 }] }, ['emma', 'Émile']], [{ metadata: [{ path: ['year'], gte: 1747.5, lt: 1800 }] }, ['Zadig', 'Émile']], [{ metadata: [{ path: ['year'], lte: '1815' }] }, ['EMMA and others']],
    [{ metadata: [{ path: ['shelf'], gte: 'B' }] }, ['emma', 'Émile']], [{ metadata: [{ path: ['shelf'], lt: 'a' }, { path: ['year'], gt: 1 }] }, ['Émile']], [{ metadata: [{ path: ["'; DROP TABLE x; --"], eq: 1 }] }, []], [{ metadata: [{ path: ['?', '$1'], eq: '?' }] }, []],
    [{ createdBy: "usr_'" }, []], [{ metadata: [{ path: ['lent'], eq: '\\u0000' }] }, []],
  ])('%j shows exactly what it says', async (filter, expected) => {
    expect(await titles(filter)).toEqual(expected);
  });
  it('finds the same by a tag that a thousand carry as by one that few do', async () => {
    const collectionId = await newCollection(kit, owner!);
    const { viewer: { tenantId } } = owner!;
    const client = new pg.Client({ connectionString: kit.database.url });
    await client.connect();
    await client.query(`BEGIN; SET LOCAL ROLE atlas_collections; SET LOCAL app.tenant_id = '${tenantId}'; SET LOCAL app.access = 'all'`);
    await client.query(`INSERT INTO collections.item (id, tenant_id, collection_id, title, body, tags, metadata, created_at, updated_at, created_by, updated_by)
      SELECT id, $1, $2, n::text, '', ARRAY['common', 'n' || n % 500], '{}', now() - n * interval '1 second', now(), 'x', 'x' FROM unnest($3::text[]) WITH ORDINALITY AS made (id, n)`, [tenantId, collectionId, Array.from({ length: 1_500 }, () => newId('itm'))]);
    await client.query('COMMIT').finally(() => client.end());
    const found = async (filter: object, more: object = {}) => dataOf(await ask(owner!, { id: collectionId, filter, ...more })).collection.items.nodes.map(({ title }: { title: string }) => title);
    expect(await found({ tagsAny: ['common'] }, { first: 3 })).toEqual(['1', '2', '3']);
    expect(await found({ tagsAll: ['common', 'n7'] })).toEqual(['7', '507', '1007']);
    expect(await found({ tagsAny: ['n7', 'n8'] })).toEqual(['7', '8', '507', '508', '1007', '1008']);
    expect(await found({ tagsAny: ['n7', 'common'], tagsAll: ['n9'] })).toEqual(['9', '509', '1009']);
  });
  it('goes by who made it, and by when', async () => {
    expect(await titles({ createdBy: editor!.userId })).toEqual(['Zadig', 'emma']);
    const { createdAt: at } = second!;
    expect(await titles({ createdAfter: at })).toEqual(TITLES.slice(1).reverse());
    expect(await titles({ createdBefore: at })).toEqual(['Émile']);
    expect(await titles({ updatedAfter: at, updatedBefore: '2999-01-01T00:00:00Z', createdBy: owner!.userId })).toEqual(['100% a_b\\c', 'EMMA and others']);
    expect(await titles({ createdAfter: '9999-12-31T23:59:59Z' })).toEqual([]);
  });
  it.each<[string, object]>([
    ['51 tags', { tagsAny: Array.from({ length: 51 }, String) }], ['a tag without end', { tagsAll: ['x'.repeat(501)] }], ['no path', { metadata: [{ path: [], eq: 1 }] }], ['a path of 21 names', { metadata: [{ path: Array(21).fill('a'), eq: 1 }] }],
    ['a term that says nothing', { metadata: [{ path: ['a'] }] }], ['a range of no order', { metadata: [{ path: ['a'], gt: [1] }] }], ['a value over 2000 bytes', { metadata: [{ path: ['a'], eq: 'x'.repeat(2_000) }] }],
    ['a number beyond all numbers', { metadata: [{ path: ['year'], lt: Infinity }] }], ['one within a value', { metadata: [{ path: ['year'], eq: [{ a: -Infinity }] }] }],
    ['eleven terms', { metadata: Array(11).fill({ path: ['a'], eq: 1 }) }], ['the year 0', { createdAfter: '0000-01-01T00:00:00Z' }], ['a title over 500', { titlePrefix: 'x'.repeat(501) }],
  ])('refuses %s', async (_what, filter) => {
    expect(codeOf(await ask(viewer!, { filter }))).toBe('INVALID_INPUT');
  });
  it.each<[string, object]>([
    ['a tag', { tagsAny: ['\0'] }], ['a title', { titlePrefix: '\ud800' }], ['a creator', { createdBy: '\0' }], ['a name', { metadata: [{ path: ['\0'], eq: 1 }] }], ['a value', { metadata: [{ path: ['a'], eq: { b: ['\0'] } }] }], ['a bound', { metadata: [{ path: ['a'], gt: '\udfff' }] }],
  ])('refuses what no text may hold as %s', async (_what, filter) => {
    expect(codeOf(await ask(viewer!, { filter }))).toBe('TEXT_NOT_ALLOWED');
  });
  it('shows what is deleted to those alone who could restore it, and says what is missing', async () => {
    const deleted = { filter: { deleted: true } };
    expect((await list(deleted, editor)).nodes).toMatchObject([{ title: 'Gone' }]);
    expect((await list(deleted, acme.owner)).nodes).toHaveLength(1);
    expect((await list({ filter: { deleted: true, titlePrefix: 'gone' } }, keyOf(acme, editor!, 'MEMBER', ['collections:read', 'items:write']))).nodes).toHaveLength(1);
    expect((await list({ filter: { deleted: true, tagsAny: ['novel', 'x'], tagsAll: ['novel'] } }, editor)).nodes).toHaveLength(1);
    expect((await ask(viewer!, deleted)).errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', missing: 'collection role EDITOR' });
    expect((await ask(keyOf(acme, editor!, 'MEMBER', ['collections:read']), deleted)).errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', missing: 'scope items:write' });
  });
});

describe('a cursor', () => {
  it('is one of its own list, in its own order, under its own filter', async () => {
    const { pageInfo: { endCursor: after } } = await list({ first: 2 });
    expect((await list({ first: 2, after, filter: { tagsAny: null } })).nodes).toHaveLength(2);
    for (const another of [{ filter: { tagsAny: ['novel'] } }, { orderBy: { field: 'CREATED_AT', direction: 'ASC' } }, { orderBy: { field: 'TITLE', direction: 'DESC' } }]) expect(codeOf(await ask(owner!, { after, ...another }))).toBe('CURSOR_INVALID');
    expect(codeOf(await ask(owner!, { id: others, after }))).toBe('CURSOR_INVALID');
    for (const forged of [`${after}x`, `${after}.more`, '', 'x', '\0', `${(after as string).split('.')[0]}.`]) expect(codeOf(await ask(owner!, { after: forged }))).toBe('CURSOR_INVALID');
    for (const first of [0, -1, 101]) expect(codeOf(await ask(owner!, { first }))).toBe('PAGE_SIZE');
  });
  it('still stands where the item that it came from is no more', async () => {
    const collectionId = await newCollection(kit, owner!);
    const ids: string[] = [];
    for (const title of ['c', 'b', 'a']) ids.unshift(await newItem(kit, owner!, collectionId, { title }));
    const page = dataOf(await ask(owner!, { id: collectionId, first: 1, orderBy: { field: 'TITLE', direction: 'ASC' } })).collection.items;
    done(await kit.ask('collections', itemMutation('deleteItem'), { input: { id: ids[0] } }, owner!.viewer));
    const rest = dataOf(await ask(owner!, { id: collectionId, after: page.pageInfo.endCursor, orderBy: { field: 'TITLE', direction: 'ASC' } })).collection.items;
    expect(rest.nodes.map(({ title }: { title: string }) => title)).toEqual(['b', 'c']);
  });
});

describe('the list', () => {
  it('is shown to nobody whom the collection is not shared with', async () => {
    const stranger = await newMember(kit, acme, 'GUEST');
    for (const person of [stranger, (await newTenant(kit)).owner, keyOf(acme, editor!, 'MEMBER', ['collections:read'], [others!])]) expect(dataOf(await ask(person, {})).collection).toBeNull();
    expect(codeOf(await kit.ask('collections', LIST, { id: books }, anonymous))).toBe('UNAUTHENTICATED');
  });
});

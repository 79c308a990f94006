import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { keyOf, newCollection, shareWith } from '../../test/kit/collections.ts';
import { heardOf, newFindable, search, searchAnswer, searchOnce, tokensOf, written } from '../../test/kit/search.ts';
import { codeOf, dataOf, newMember, newTenant, stranger, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import type { Kit } from '../../test/kit/services.ts';
import { startTogether } from '../../test/kit/together.ts';

const UNSHARE = 'mutation($input: UnshareCollectionInput!) { unshareCollection(input: $input) { userErrors { code } } }';
const UPDATE = 'mutation($input: UpdateItemInput!) { updateItem(input: $input) { item { id version } userErrors { code } } }';
const DELETE = 'mutation($input: DeleteItemInput!) { deleteItem(input: $input) { itemId userErrors { code } } }';
const RESTORE = 'mutation($input: RestoreItemInput!) { restoreItem(input: $input) { item { id } userErrors { code } } }';

let kit: Kit;
let acme: TestTenant, other: TestTenant;
let owner: Person, viewer: Person, guest: Person, bystander: Person;
let notes: string;
beforeAll(async () => {
  kit = await startTogether(['users', 'tenants', 'collections', 'search']);
  [acme, other] = [await newTenant(kit), await newTenant(kit)];
  [owner, viewer, bystander] = await Promise.all(['MEMBER', 'MEMBER', 'MEMBER'].map((role) => newMember(kit, acme, role as 'MEMBER'))) as [Person, Person, Person];
  guest = await newMember(kit, acme, 'GUEST');
  notes = await newCollection(kit, owner);
  await shareWith(kit, owner, notes, viewer, 'VIEWER');
});
afterAll(() => kit.stop());

describe('search', () => {
  it('finds by word what was just made, and says where it stands', async () => {
    const { id, token } = await newFindable(kit, owner, notes, { title: 'The heron by the lake', body: 'It stands on one leg and waits for frogs.', tags: ['bird'], metadata: { seen: 3 } });
    const found = await search(kit, owner, 'herons', { atLeast: token });
    expect(found).toMatchObject({ ids: [id], totalCount: 1, degraded: false, lagMs: expect.any(Number) });
    expect(found.nodes[0]!.highlights).toEqual([{ field: 'title', text: 'The heron by the lake', ranges: [{ start: 4, end: 9 }] }]);
    expect(found.facets).toContainEqual({ field: 'tag', values: [{ value: 'bird', count: 1 }] });
    expect((await search(kit, owner, 'frog leg')).nodes[0]!.highlights).toEqual([{ field: 'body', text: 'It stands on one leg and waits for frogs.', ranges: [{ start: 17, end: 20 }, { start: 35, end: 40 }] }]);
  });

  it('finds an item as it is now: changed, deleted, restored', async () => {
    const { id, token } = await newFindable(kit, owner, notes, { title: 'A kestrel' });
    expect((await search(kit, owner, 'kestrel', { atLeast: token })).ids).toEqual([id]);
    const changed = await written(kit, owner, UPDATE, { id, expectedVersion: 1, title: 'A buzzard' });
    expect((await search(kit, owner, 'kestrel', { atLeast: changed.token })).ids).toEqual([]);
    expect((await search(kit, owner, 'buzzard')).ids).toEqual([id]);
    const deleted = await written(kit, owner, DELETE, { id });
    expect((await search(kit, owner, 'buzzard', { atLeast: deleted.token }))).toMatchObject({ ids: [], totalCount: 0 });
    const restored = await written(kit, owner, RESTORE, { id });
    expect((await search(kit, owner, 'buzzard', { atLeast: restored.token })).ids).toEqual([id]);
  });

  it('goes through all pages, each hit once', async () => {
    const made: { id: string; token: string }[] = [];
    for (let n = 0; n < 7; n += 1) made.push(await newFindable(kit, owner, notes, { title: `Wagtail number ${n}`, body: 'wagtail '.repeat(n) }));
    await heardOf(kit, owner, made);
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const page = await search(kit, owner, 'wagtail', { first: 3, after });
      expect(page.totalCount).toBe(7);
      ids.push(...page.ids);
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    expect([...ids].sort()).toEqual(made.map(({ id }) => id).sort());
  });

  it('shows the right people only: by shares, held keys, guests', async () => {
    const { id, token } = await newFindable(kit, owner, notes, { title: 'An ouzel', tags: ['rare'] });
    const elsewhere = await newCollection(kit, owner);
    const finds = async (person: Person) => (await search(kit, person, 'ouzel', { atLeast: token }));
    for (const person of [owner, viewer, acme.owner, keyOf(acme, owner, 'MEMBER', ['search:read']), keyOf(acme, owner, 'MEMBER', ['search:read'], [notes])]) expect((await finds(person)).ids).toEqual([id]);
    for (const person of [bystander, guest, keyOf(acme, owner, 'MEMBER', ['search:read'], [elsewhere]), keyOf(acme, bystander, 'MEMBER', ['search:read'])]) {
      expect(await finds(person)).toMatchObject({ ids: [], totalCount: 0, facets: [] });
      expect(dataOf(await kit.ask('search', '{ suggest(prefix: "ouz") }', {}, person.viewer))).toEqual({ suggest: [] });
    }
    await shareWith(kit, owner, notes, guest, 'VIEWER');
    expect((await finds(guest)).ids).toEqual([id]);
    expect(dataOf(await kit.ask('search', '{ suggest(prefix: "ouz") }', {}, guest.viewer))).toEqual({ suggest: ['ouzel'] });
    await written(kit, owner, UNSHARE, { collectionId: notes, userId: guest.userId });
    expect(await finds(guest)).toMatchObject({ ids: [], totalCount: 0 });
  });

  it('shows nothing that was lost or deleted since, however old what is kept is, and says that it is old', async () => {
    const made = [await newFindable(kit, owner, notes, { title: 'A dipper' }), await newFindable(kit, owner, notes, { title: 'A dipper too' })];
    const [id, other] = made.map((item) => item.id);
    await heardOf(kit, viewer, made);
    expect((await search(kit, viewer, 'dipper')).totalCount).toBe(2);
    const held = new pg.Client({ connectionString: kit.database.url });
    await held.connect();
    // While somebody holds them, documents stay as they are.
    await held.query(`BEGIN; SET LOCAL ROLE atlas_search; SET LOCAL app.tenant_id = '${acme.id}'`);
    await held.query('SELECT 1 FROM search.tenant FOR UPDATE');
    const deleted = await written(kit, owner, DELETE, { id });
    expect(await search(kit, viewer, 'dipper')).toMatchObject({ ids: [other], totalCount: 1 });
    expect(await searchOnce(kit, viewer, 'dipper', { atLeast: deleted.token })).toMatchObject({ ids: [other], degraded: true });
    await written(kit, owner, UNSHARE, { collectionId: notes, userId: viewer.userId });
    expect(await search(kit, viewer, 'dipper')).toMatchObject({ ids: [], totalCount: 0 });
    await held.query('ROLLBACK');
    await held.end();
    await shareWith(kit, owner, notes, viewer, 'VIEWER');
    expect(await search(kit, viewer, 'dipper', { atLeast: deleted.token })).toMatchObject({ ids: [other], degraded: false });
  });

  it('says how far an item is, and what is like it, of what the caller sees', async () => {
    const secret = await newCollection(kit, owner);
    const { id, token } = await newFindable(kit, owner, notes, { title: 'Reed warbler', body: 'The reed warbler nests in reed beds.' });
    const alike = await newFindable(kit, owner, notes, { title: 'Marsh warbler', body: 'A warbler of reed and marsh.' });
    const hidden = await newFindable(kit, owner, secret, { title: 'Secret warbler', body: 'The reed warbler of the reed beds.' });
    await heardOf(kit, owner, [{ token }, alike, hidden]);
    const ENTITY = 'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Item { indexState similar { id } } } }';
    const see = async (person: Person, version: number, deletedAt: string | null = null) => dataOf(await kit.ask('search', ENTITY, { representations: [{ __typename: 'Item', id, version, deletedAt }] }, person.viewer))._entities[0];
    expect(await see(viewer, 1)).toEqual({ indexState: 'INDEXED', similar: [{ id: alike.id }] });
    const byOwner = await see(owner, 2);
    expect(byOwner.indexState).toBe('INDEXING');
    expect(byOwner.similar).toHaveLength(2);
    expect(byOwner.similar).toEqual(expect.arrayContaining([{ id: alike.id }, { id: hidden.id }]));
    expect((await see(owner, 1, '2026-01-01T00:00:00.000Z')).indexState).toBeNull();
  });

  it('refuses a stranger, a key without the scope, and another tenant', async () => {
    expect(codeOf(await searchAnswer(kit, stranger(), 'heron'))).toBe('TENANT_REQUIRED');
    expect(codeOf(await searchAnswer(kit, keyOf(acme, owner, 'MEMBER', ['collections:read']), 'heron'))).toBe('FORBIDDEN');
    expect(await search(kit, other.owner, 'heron')).toMatchObject({ ids: [], totalCount: 0 });
  });

  it.each([
    ['nothing', '', 'INVALID_INPUT'], ['blanks', ' \t\n ', 'INVALID_INPUT'], ['operators alone', '- "" -- "', 'INVALID_INPUT'], ['only what to leave out', '-heron', 'INVALID_INPUT'],
    ['10 kB', 'heron '.repeat(1_700), 'INVALID_INPUT'], ['NUL', 'her\0on', 'TEXT_NOT_ALLOWED'], ['half a character', 'heron \ud83d', 'TEXT_NOT_ALLOWED'],
  ])('refuses a question of %s with a clear answer', async (_, query, code) => {
    expect(codeOf(await searchAnswer(kit, owner, query))).toBe(code);
  });

  it.each([['an open quote', '"heron'], ['control characters', 'heron\u0001\u200b\u0007'], ['a query language', "heron') OR 1=1 -- & | ! <-> :*"], ['a pattern', '%heron% .* [a-z] \\']])('answers %s as words', async (_, query) => {
    expect((await search(kit, owner, query)).ids.length).toBeGreaterThan(0);
  });

  it.each([
    [{ first: 0 }, 'PAGE_SIZE'], [{ first: 101 }, 'PAGE_SIZE'], [{ after: 'WzEsMl0.x' }, 'CURSOR_INVALID'], [{ atLeast: 'x' }, 'WRITE_TOKEN_INVALID'],
    [{ filter: { tags: Array(51).fill('x') } }, 'INVALID_INPUT'], [{ filter: { tags: ['\0'] } }, 'TEXT_NOT_ALLOWED'], [{ filter: { metadata: { a: { b: 1 } } } }, 'INVALID_INPUT'], [{ filter: { metadata: [] } }, 'INVALID_INPUT'],
  ])('refuses %j with %s', async (more, code) => {
    expect(codeOf(await searchAnswer(kit, owner, 'heron', more))).toBe(code);
  });

  it.each([
    { tags: ["x') OR true --"] }, { tags: [] }, { collectionIds: [] }, { collectionIds: ['col_none', "'"] }, { createdBy: "usr_' OR ''='" }, { metadata: { "seen' OR 1=1": 3 } }, { metadata: { seen: '3' } }, { createdAfter: '2999-01-01T00:00:00Z' },
  ])('finds nothing by %j, however it is written', async (filter) => {
    expect(await search(kit, owner, 'heron', { filter })).toMatchObject({ ids: [], totalCount: 0 });
  });

  it.each([{ tags: ['bird', 'x'] }, { metadata: { seen: 3 } }, { createdBefore: '2999-01-01T00:00:00Z' }])('finds by %j', async (filter) => {
    expect((await search(kit, owner, 'heron', { filter })).ids).toHaveLength(1);
  });

  it('takes no cursor of another question, and no token of another tenant', async () => {
    const page = await search(kit, owner, 'wagtail', { first: 1 });
    expect(codeOf(await searchAnswer(kit, owner, 'heron', { after: page.pageInfo.endCursor }))).toBe('CURSOR_INVALID');
    expect(codeOf(await searchAnswer(kit, owner, 'heron', { atLeast: tokensOf(kit).seal(other.id, []) }))).toBe('WRITE_TOKEN_INVALID');
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newCollection, newItem } from '../../test/kit/collections.ts';
import { ended } from '../../test/kit/jobs.ts';
import { heardOf, newFindable, search, written } from '../../test/kit/search.ts';
import { codeOf, done, newMember, newTenant, stranger, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import type { Kit } from '../../test/kit/services.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { startTogether } from '../../test/kit/together.ts';

const REINDEX = 'mutation($input: ReindexInput!) { reindex(input: $input) { job { id } userErrors { code path } } }';
const ATTRIBUTES = 'mutation($input: UpdateCollectionInput!) { updateCollection(input: $input) { collection { id } userErrors { code } } }';
const REMOVE = 'mutation($input: DeleteCollectionInput!) { deleteCollection(input: $input) { collectionId userErrors { code } } }';

let kit: Kit;
let acme: TestTenant, other: TestTenant;
let notes: string;
beforeAll(async () => {
  kit = await startTogether(['users', 'tenants', 'collections', 'search']);
  [acme, other] = [await newTenant(kit), await newTenant(kit)];
  notes = await newCollection(kit, acme.owner);
});
afterAll(() => kit.stop());

/** What is kept, as the service itself could change it. */
async function inSearch<T>(tenant: TestTenant, body: (sql: pg.Client) => Promise<T>): Promise<T> {
  const sql = new pg.Client({ connectionString: kit.database.url });
  await sql.connect();
  try {
    await sql.query(`BEGIN; SET LOCAL ROLE atlas_search; SET LOCAL app.tenant_id = '${tenant.id}'`);
    const result = await body(sql);
    await sql.query('COMMIT');
    return result;
  } finally {
    await sql.end();
  }
}
const documents = (tenant: TestTenant) => inSearch(tenant, async (sql) => (await sql.query<{ item_id: string; title: string; language: string; deleted: boolean; seq: string }>('SELECT * FROM search.document ORDER BY item_id')).rows);
const reindexed = async (person: Person, input: object = {}) => {
  const { job } = done(await kit.ask('search', REINDEX, { input }, person.viewer));
  return ended(kit, person, job.id);
};

describe('reindex', () => {
  it('puts right whatever has become wrong, and says that all is equal at the end', async () => {
    const made: { id: string; token: string }[] = [];
    for (let n = 0; n < 4; n += 1) made.push(await newFindable(kit, acme.owner, notes, { title: `Plover ${n}` }));
    await heardOf(kit, acme.owner, made);
    expect((await search(kit, acme.owner, 'plover')).totalCount).toBe(4);
    await inSearch(acme, async (sql) => {
      await sql.query('DELETE FROM search.document WHERE item_id = $1', [made[0]!.id]);
      await sql.query(`UPDATE search.document SET title = 'Wrong', mark = 'x' WHERE item_id = $1`, [made[1]!.id]);
      await sql.query('UPDATE search.document SET deleted = true WHERE item_id = $1', [made[2]!.id]);
      await sql.query(`INSERT INTO search.document SELECT tenant_id, 'itm_01m7za9mdve8hskrrxmbzkfqex', seq + 1000, version, collection_id, 'Plover of nobody', tags, body, attached, language, metadata, created_by, created_at, updated_at, false, mark, ticket FROM search.document WHERE item_id = $1`, [made[3]!.id]);
    });
    const job = await reindexed(acme.owner);
    expect(job).toMatchObject({ state: 'SUCCEEDED', progress: 1, result: { documents: 4, removed: 1, mended: 0, verified: true } });
    expect((await documents(acme)).filter(({ deleted }) => !deleted).map(({ title }) => title)).toEqual(['Plover 0', 'Plover 1', 'Plover 2', 'Plover 3']);
    expect((await search(kit, acme.owner, 'plover')).ids.sort()).toEqual(made.map(({ id }) => id).sort());
  });

  it('makes the index itself anew, whatever has become of it, and no other tenant’s', async () => {
    const elsewhere = await newFindable(kit, other.owner, await newCollection(kit, other.owner), { title: 'A plover of theirs' });
    const segments = (tenant: TestTenant) => inSearch(tenant, async (sql) => (await sql.query<{ id: number }>(`SELECT id FROM search.segment WHERE state = 'LIVE' ORDER BY 1`)).rows.map(({ id }) => id));
    await eventually('both to be folded', async () => (await segments(acme)).length > 0 && (await segments(other)).length > 0);
    const [mine, theirs] = [await segments(acme), await segments(other)];
    await inSearch(acme, (sql) => sql.query('DELETE FROM search.segment_term'));
    expect(await reindexed(acme.owner)).toMatchObject({ state: 'SUCCEEDED', result: { documents: 4, mended: 0, verified: true } });
    expect((await segments(acme)).filter((id) => mine.includes(id))).toEqual([]);
    expect((await search(kit, acme.owner, 'plover')).totalCount).toBe(4);
    expect(await segments(other)).toEqual(theirs);
    expect((await search(kit, other.owner, 'plover')).ids).toEqual([elsewhere.id]);
  });

  it('says that all is equal of a tenant that never rests, too', async () => {
    const restless = await newCollection(kit, acme.owner);
    let isOver = false;
    const writing = (async () => {
      for (let n = 0; !isOver; n += 1) {
        const id = await newItem(kit, acme.owner, restless, { title: `Swift ${n}` });
        for (let version = 1; version < 4 && !isOver; version += 1) await kit.ask('collections', 'mutation($input: UpdateItemInput!) { updateItem(input: $input) { userErrors { code } } }', { input: { id, expectedVersion: version, title: `Swift ${n}.${version}` } }, acme.owner.viewer);
        if (n % 2) await kit.ask('collections', 'mutation($input: DeleteItemInput!) { deleteItem(input: $input) { userErrors { code } } }', { input: { id } }, acme.owner.viewer);
      }
    })();
    try {
      expect(await reindexed(acme.owner)).toMatchObject({ state: 'SUCCEEDED', result: { verified: true } });
    } finally {
      isOver = true;
      await writing;
    }
  }, 90_000);

  it('is for who administers the tenant, and for a collection that they see', async () => {
    const run = (person: Person, input: object) => kit.ask('search', REINDEX, { input }, person.viewer);
    expect(codeOf(await run(await newMember(kit, acme, 'MEMBER'), {}))).toBe('FORBIDDEN');
    expect(codeOf(await run(stranger(), {}))).toBe('TENANT_REQUIRED');
    expect(codeOf(await run(other.owner, { collectionId: notes }))).toBe('NOT_FOUND');
    expect((await reindexed(acme.owner, { collectionId: notes })).result).toMatchObject({ documents: 4, verified: true });
    await eventually('it to be told', () => kit.events.some(({ type, body }) => type === 'search.reindex-asked' && (body as { collectionId: string }).collectionId === notes));
    expect(kit.events.findLast(({ type }) => type === 'search.reindex-asked')).toMatchObject({ body: { collectionId: notes }, actor: { id: acme.owner.userId } });
  });
});

describe('a collection that changes', () => {
  it('changes the language of what is in it', async () => {
    const german = await newCollection(kit, acme.owner);
    const id = await newItem(kit, acme.owner, german, { title: 'Die Häuser' });
    const language = async () => (await documents(acme)).find(({ item_id: itemId }) => itemId === id)?.language;
    await eventually('it to be heard', async () => await language() === 'en');
    const { token } = await written(kit, acme.owner, ATTRIBUTES, { id: german, settings: { language: 'de' } });
    expect((await search(kit, acme.owner, 'Haus', { atLeast: token })).ids).toEqual([id]);
    expect(await language()).toBe('de');
  });

  it('takes what is in it away when it is deleted', async () => {
    const doomed = await newCollection(kit, acme.owner);
    const { token } = await newFindable(kit, acme.owner, doomed, { title: 'A dodo' });
    expect((await search(kit, acme.owner, 'dodo', { atLeast: token })).totalCount).toBe(1);
    const removed = await written(kit, acme.owner, REMOVE, { id: doomed });
    expect(await search(kit, acme.owner, 'dodo', { atLeast: removed.token })).toMatchObject({ ids: [], totalCount: 0 });
  });
});

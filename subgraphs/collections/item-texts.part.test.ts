/** Texts of items may be long: they are read for those who ask for them, and no more at once than an answer holds. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newId, type CollectionId } from '../../platform/ids.ts';
import { newCollection, newItem } from '../../test/kit/collections.ts';
import type { Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, newTenant, type Person } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';
import { NEWEST_FIRST } from './domain/item-query.ts';
import { itemPage } from './infrastructure/item-page.ts';

const MEGABYTE = 1_048_576;
const LONG = 17;

let kit: Kit;
let owner: Person;
let [notes, itemId]: string[] = [];
let client: pg.Client;
/** As the service would, in its own name. */
async function within<T>(body: () => Promise<T>): Promise<T> {
  await client.query(`BEGIN; SET LOCAL ROLE atlas_collections; SET LOCAL app.tenant_id = '${owner.viewer.tenantId}'; SET LOCAL app.access = 'all'`);
  return body().finally(() => client.query('COMMIT'));
}
beforeAll(async () => {
  kit = await startTogether(['tenants', 'collections']);
  owner = (await newTenant(kit)).owner;
  notes = await newCollection(kit, owner);
  itemId = await newItem(kit, owner, notes, { body: 'short' });
  client = new pg.Client({ connectionString: kit.database.url });
  await client.connect();
  await within(() => client.query(`INSERT INTO collections.item (id, tenant_id, collection_id, title, body, tags, metadata, created_at, updated_at, created_by, updated_by)
    SELECT id, $1, $2, n::text, repeat('x', ${MEGABYTE}), '{}', '{}', now() - interval '1 day', now(), 'x', 'x' FROM unnest($3::text[]) WITH ORDINALITY AS made (id, n)`,
  [owner.viewer.tenantId, notes, Array.from({ length: LONG }, () => newId('itm'))]));
});
afterAll(async () => {
  await client.end();
  await kit.stop();
});

const list = (fields: string, first: number) => kit.ask('collections', `query($id: ID!, $first: Int) { collection(id: $id) { items(first: $first) { nodes { ${fields} } } } }`, { id: notes, first }, owner.viewer);
const shown = async (fields: string, first: number): Promise<any[]> => dataOf(await list(fields, first)).collection.items.nodes;

describe('a list of items', () => {
  it('reads no long texts, whatever is asked for', async () => {
    const { text, values } = itemPage(notes as CollectionId, { first: 100, after: null }, { filter: {}, order: NEWEST_FIRST });
    let n = 0;
    const { rows } = await within(() => client.query(text.replace(/\?/g, () => `$${n += 1}`), values as unknown[]));
    expect(rows.map(({ body }) => body)).toEqual(['short', ...Array<null>(LONG).fill(null)]);
    expect(await shown('id', 100)).toHaveLength(LONG + 1);
  });
  it('shows texts of any length to those who ask, of each item its own', async () => {
    const nodes = await shown('title body', 4);
    expect(nodes.map(({ body }) => body.length)).toEqual([5, MEGABYTE, MEGABYTE, MEGABYTE]);
    await kit.ask('collections', 'mutation($input: UpdateItemInput!) { updateItem(input: $input) { item { version } } }', { input: { id: itemId, expectedVersion: 1, body: `${'é'.repeat(5_000)}.` } }, owner.viewer);
    const changed = `query($id: ID!) { item(id: $id) { body revisions { nodes { body } } } }`;
    expect(dataOf(await kit.ask('collections', changed, { id: itemId }, owner.viewer)).item).toEqual({ body: `${'é'.repeat(5_000)}.`, revisions: { nodes: [{ body: `${'é'.repeat(5_000)}.` }, { body: 'short' }] } });
  });
  it('refuses more text at once than an answer holds, and says what to do', async () => {
    expect(codeOf(await list('body', 100))).toBe('TOO_MANY_NODES');
    expect((await shown('body', 16)).map(({ body }) => body.length)).toHaveLength(16);
  });
});

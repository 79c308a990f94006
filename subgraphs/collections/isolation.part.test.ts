/** The same rights twice: what the use cases answer, the database shows and lets change by itself, for every kind of caller. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newId } from '../../platform/ids.ts';
import { anonymous, type Viewer } from '../../platform/viewer.ts';
import { itemMutation, keyOf, newCollection, newItem, shareWith, SHARE } from '../../test/kit/collections.ts';
import type { Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, done, newMember, newTenant, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

let kit: Kit;
let [acme, other]: TestTenant[] = [];
const collections: Record<string, string> = {};
/** One live and one deleted in each collection. */
const items: Record<string, string> = {};
let principals: Record<string, Person> = {};
const SCOPES = ['collections:read', 'collections:write', 'items:write'];

beforeAll(async () => {
  kit = await startTogether(['tenants', 'collections']);
  [acme, other] = [await newTenant(kit), await newTenant(kit)];
  const [owner, editor, viewer] = [await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'MEMBER')];
  const [guest, admin, stranger] = [await newMember(kit, acme, 'GUEST'), await newMember(kit, acme, 'ADMIN'), await newMember(kit, acme, 'GUEST')];
  for (const name of ['shared', 'everyones', 'private']) collections[name] = await newCollection(kit, owner, { name });
  collections.theirs = await newCollection(kit, other.owner);
  for (const [person, role] of [[editor, 'EDITOR'], [viewer, 'VIEWER'], [guest, 'EDITOR']] as const) await shareWith(kit, owner, collections.shared!, person, role);
  done(await kit.ask('collections', SHARE, { input: { collectionId: collections.everyones, everyone: true, role: 'VIEWER' } }, owner.viewer));
  for (const [name, id] of Object.entries(collections)) {
    const by = name === 'theirs' ? other.owner : owner;
    items[name] = await newItem(kit, by, id, { tags: ['t'] });
    items[`${name} deleted`] = await newItem(kit, by, id);
    done(await kit.ask('collections', itemMutation('updateItem'), { input: { id: items[name], expectedVersion: 1, title: 'Changed' } }, by.viewer));
    done(await kit.ask('collections', itemMutation('deleteItem'), { input: { id: items[`${name} deleted`] } }, by.viewer));
  }
  done(await kit.ask('collections', itemMutation('linkItems'), { input: { fromId: items.shared, toIds: [items.everyones, items.private] } }, owner.viewer));
  principals = {
    owner, editor, viewer, guest, admin, 'a guest with nothing': stranger, 'the owner of the tenant': acme.owner, 'another tenant': other.owner,
    'a key to read': keyOf(acme, editor, 'MEMBER', ['collections:read']), 'a key to write': keyOf(acme, editor, 'MEMBER', SCOPES), 'a key of a guest': keyOf(acme, guest, 'GUEST', SCOPES),
    'a key of an admin': keyOf(acme, admin, 'ADMIN', SCOPES), 'a key of an admin to read': keyOf(acme, admin, 'ADMIN', ['collections:read']), 'a key of an admin for one': keyOf(acme, admin, 'ADMIN', SCOPES, [collections.private!]),
    'a key of an owner for one': keyOf(acme, owner, 'MEMBER', SCOPES, [collections.shared!]), 'a key for none that there is': keyOf(acme, owner, 'MEMBER', SCOPES, [newId('col')]), 'a key to search': keyOf(acme, viewer, 'MEMBER', ['search:read']),
  };
});
afterAll(() => kit.stop());

/** One transaction as the database sees a request of this viewer; nothing of it stays. */
async function asDatabase<T>(viewer: Viewer, body: (sql: (text: string, values?: unknown[]) => Promise<any[]>) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: kit.database.url });
  await client.connect();
  const access = viewer.role === 'OWNER' || viewer.role === 'ADMIN' ? 'all' : (viewer.role ?? '').toLowerCase();
  const settings = {
    tenant_id: viewer.tenantId ?? '', user_id: viewer.userId ?? '', access, person: viewer.standsFor ?? '',
    scopes: viewer.kind === 'key' ? `key ${viewer.scopes.join(' ')}` : '', held_to: viewer.collectionIds ? `held ${viewer.collectionIds.join(' ')}` : '',
  };
  try {
    await client.query(`BEGIN; SET LOCAL ROLE atlas_collections; ${Object.entries(settings).map(([name, value]) => `SET LOCAL app.${name} = '${value}'`).join('; ')}`);
    return await body(async (text, values) => (await client.query(text, values)).rows);
  } finally {
    await client.end();
  }
}
const ask = (person: Person, document: string, variables: object) => kit.ask('collections', document, variables as Record<string, unknown>, person.viewer);
const NAMES = ['owner', 'editor', 'viewer', 'guest', 'admin', 'a guest with nothing', 'the owner of the tenant', 'another tenant', 'a key to read', 'a key to write', 'a key of a guest', 'a key of an admin', 'a key of an admin to read', 'a key of an admin for one', 'a key of an owner for one', 'a key for none that there is'];

describe('what the database shows', () => {
  it.each(NAMES)('%s is what the use cases show: collections, items, deleted ones, tags, history and links', async (name) => {
    const person = principals[name]!;
    const ids = Object.values(items);
    const shown = [];
    for (const id of ids) shown.push(dataOf(await ask(person, 'query($id: ID!) { item(id: $id) { id tags deletedAt revisions { nodes { version } } links { nodes { item { id } } } } }', { id })).item);
    const found = shown.filter((item) => item !== null);
    const own = dataOf(await ask(person, '{ collections(first: 100) { nodes { id viewerRole } } }', {})).collections.nodes;
    await asDatabase(person.viewer, async (sql) => {
      expect((await sql('SELECT id FROM collections.item ORDER BY id')).map(({ id }) => id)).toEqual(found.map(({ id }) => id).sort());
      expect((await sql('SELECT id FROM collections.collection ORDER BY id')).map(({ id }) => id)).toEqual(own.map(({ id }: { id: string }) => id).sort());
      expect((await sql('SELECT item_id FROM collections.item_tag ORDER BY 1')).map(({ item_id }) => item_id)).toEqual(found.filter(({ tags }) => tags.length > 0).map(({ id }) => id).sort());
      expect((await sql('SELECT item_id FROM collections.revision ORDER BY 1')).map(({ item_id }) => item_id)).toEqual(found.filter(({ revisions }) => revisions.nodes.length > 1).map(({ id }) => id).sort());
      expect((await sql('SELECT to_id FROM collections.link ORDER BY 1')).map(({ to_id }) => to_id)).toEqual((found.find(({ id }) => id === items.shared)?.links.nodes ?? []).map((each: { item: { id: string } }) => each.item.id).sort());
    });
  });
});

/** After the others: it adds items. */
describe.each(NAMES)('what the database lets %s change', (name) => {
  it.each(['shared', 'everyones', 'private', 'theirs'])('is what the use cases do: %s', async (which) => {
    const person = principals[name]!;
    const seen = dataOf(await ask(person, 'query($id: ID!) { item(id: $id) { version } }', { id: items[which] })).item;
    const code = codeOf(await ask(person, itemMutation('updateItem'), { input: { id: items[which], expectedVersion: seen?.version ?? 1, title: `By ${name}` } }));
    const may = code === undefined;
    expect([undefined, 'FORBIDDEN', 'NOT_FOUND']).toContain(code);
    await asDatabase(person.viewer, async (sql) => {
      expect(await sql('UPDATE collections.item SET body = $2 WHERE id = $1 RETURNING id', [items[which], 'by SQL'])).toHaveLength(may ? 1 : 0);
      expect(await sql('DELETE FROM collections.item_tag WHERE item_id = $1 RETURNING item_id', [items[which]])).toHaveLength(may ? 1 : 0);
      const tenant = which === 'theirs' ? other!.id : acme!.id;
      const added = sql(`INSERT INTO collections.item (id, tenant_id, collection_id, title, body, tags, metadata, created_at, updated_at, created_by, updated_by)
        VALUES ($1, $2, $3, 'x', '', '{}', '{}', now(), now(), 'x', 'x')`, [newId('itm'), tenant, collections[which]]);
      if (may) await added;
      else await expect(added).rejects.toThrow('row-level security');
    });
    const created = codeOf(await ask(person, itemMutation('createItem'), { input: { collectionId: collections[which], title: 'x', body: '' } }));
    expect(created === undefined).toBe(may);
    await asDatabase(person.viewer, async (sql) => {
      const linked = sql(`INSERT INTO collections.link (tenant_id, from_id, to_id, kind, from_collection_id, to_collection_id, created_at, created_by) VALUES ($1, $2, $2, 'own', $3, $3, now(), 'x')`,
        [which === 'theirs' ? other!.id : acme!.id, items[which], collections[which]]);
      if (may) await linked;
      else await expect(linked).rejects.toThrow('row-level security');
    });
  });
});

describe('the database', () => {
  it('shows nobody anything', async () => {
    await asDatabase(anonymous, async (sql) => {
      for (const table of ['collection', 'member', 'item', 'revision', 'item_tag', 'tally', 'link']) expect(await sql(`SELECT * FROM collections.${table}`)).toEqual([]);
    });
  });
  it('refuses a key without a scope for collections in the use case, however little it would see', async () => {
    expect(codeOf(await ask(principals['a key to search']!, 'query($id: ID!) { item(id: $id) { id } }', { id: items.shared }))).toBe('FORBIDDEN');
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../platform/ids.ts';
import { inCollections } from '../../test/kit/attachments.ts';
import { itemMutation, keyOf, newCollection, newItem, shareWith } from '../../test/kit/collections.ts';
import { eventually } from '../../test/kit/eventually.ts';
import type { Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, done, newMember, newTenant, payloadOf, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

const LINKS = `query($id: ID!, $kind: String, $depth: Int, $first: Int, $after: String) { item(id: $id) { links(kind: $kind, depth: $depth, first: $first, after: $after) {
  nodes { kind depth direction item { id } } pageInfo { hasNextPage endCursor } } } }`;

let kit: Kit;
let [acme, other]: TestTenant[] = [];
let [owner, viewer]: Person[] = [];
let [open, hidden]: string[] = [];
beforeAll(async () => {
  kit = await startTogether(['tenants', 'collections']);
  [acme, other] = [await newTenant(kit), await newTenant(kit)];
  [owner, viewer] = [await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'MEMBER')];
  [open, hidden] = [await newCollection(kit, owner), await newCollection(kit, owner)];
  await shareWith(kit, owner, open, viewer, 'VIEWER');
});
afterAll(() => kit.stop());

const run = (person: Person, name: string, input: object) => kit.ask('collections', itemMutation(name), { input }, person.viewer);
const link = async (fromId: string, toIds: string[], kind?: string) => done(await run(owner!, 'linkItems', { fromId, toIds, ...(kind && { kind }) }));
/** A few at a time: a service has as many connections as it has. */
async function items(count: number, collectionId = open!): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) ids.push(...await Promise.all(Array.from({ length: Math.min(5, count - ids.length) }, (_, n) => newItem(kit, owner!, collectionId, { title: `Item ${ids.length + n}` }))));
  return ids;
}
const asked = (id: string, given: object = {}, person = viewer!) => kit.ask('collections', LINKS, { id, ...given }, person.viewer);
const page = async (id: string, given: object = {}, person = viewer!) => dataOf(await asked(id, given, person)).item.links;
const around = async (id: string, given: object = {}, person = viewer!): Promise<[string, string, number, string][]> =>
  (await page(id, given, person)).nodes.map((each: any) => [each.item.id, each.kind, each.depth, each.direction]);

describe('Item.links', () => {
  it('shows both ends of a link, of each kind or of one', async () => {
    const [a, b] = await items(2) as [string, string];
    await link(a, [b]);
    await link(a, [b], 'cites');
    expect(await around(a)).toEqual([[b, 'cites', 1, 'OUTGOING'], [b, 'related', 1, 'OUTGOING']]);
    expect(await around(b, { kind: 'cites' })).toEqual([[a, 'cites', 1, 'INCOMING']]);
    expect(await around(b, { kind: 'mentions' })).toEqual([]);
  });
  it('walks as deep as is asked, the nearest first, and ends where a ring began', async () => {
    const [a, b, c, d] = await items(4) as [string, string, string, string];
    await link(a, [b]);
    await link(b, [c]);
    await link(c, [d, a]);
    await link(d, [b]);
    expect(await around(a)).toEqual([[b, 'related', 1, 'OUTGOING'], [c, 'related', 1, 'INCOMING']]);
    const far = await around(a, { depth: 5 });
    expect(far.slice(0, 2)).toEqual(await around(a));
    expect(far.slice(2)).toEqual([[d, 'related', 2, 'OUTGOING'], [d, 'related', 2, 'INCOMING']]);
  });
  it('goes over nothing that the caller does not see', async () => {
    const [a, b, c] = await items(3) as [string, string, string];
    const [secret] = await items(1, hidden) as [string];
    await link(a, [secret]);
    await link(secret, [b]);
    await link(b, [c]);
    expect(await around(a, { depth: 5 })).toEqual([]);
    expect((await around(a, { depth: 5 }, owner)).map(([id]) => id)).toEqual([secret, b, c]);
    expect(await around(a, { depth: 5 }, keyOf(acme!, owner!, 'MEMBER', ['collections:read'], [open!]))).toEqual([]);
    done(await run(owner!, 'deleteItem', { id: b }));
    expect((await around(a, { depth: 5 }, owner)).map(([id]) => id)).toEqual([secret]);
    done(await run(owner!, 'restoreItem', { id: b }));
    expect((await around(a, { depth: 5 }, owner)).map(([id]) => id)).toEqual([secret, b, c]);
  });
  it('goes on from page to page', async () => {
    const [a, ...rest] = await items(8) as [string, ...string[]];
    await link(a, rest.slice(0, 5));
    await link(rest[0]!, rest.slice(5));
    const whole = await around(a, { depth: 2 });
    expect(whole).toHaveLength(7);
    const first = await page(a, { depth: 2, first: 4 });
    const next = await page(a, { depth: 2, first: 4, after: first.pageInfo.endCursor });
    expect([...first.nodes, ...next.nodes].map(({ item }) => item.id)).toEqual(whole.map(([id]) => id));
    expect([first.pageInfo.hasNextPage, next.pageInfo.hasNextPage]).toEqual([true, false]);
    for (const another of [{ depth: 3 }, { depth: 2, kind: 'related' }]) expect(codeOf(await asked(a, { ...another, after: first.pageInfo.endCursor }))).toBe('CURSOR_INVALID');
    expect(codeOf(await asked(rest[0]!, { depth: 2, after: first.pageInfo.endCursor }))).toBe('CURSOR_INVALID');
  });
  it.each([{ depth: 0 }, { depth: 6 }, { depth: -1 }, { kind: 'Related' }, { kind: '' }, { kind: 'a b' }, { kind: 'x'.repeat(41) }, { kind: '\0' }])('refuses %j', async (given) => {
    const [a] = await items(1) as [string];
    const [refusal] = (await asked(a, given)).errors!;
    expect([refusal!.extensions.code, refusal!.message]).toEqual(['INVALID_INPUT', expect.stringMatching(new RegExp(Object.keys(given)[0]!))]);
  });
  it('ends with five hundred, however many there are', async () => {
    const [hub] = await items(1) as [string];
    const rest = Array.from({ length: 510 }, () => newId('itm'));
    // Of every ten one leads to the hub and to the nine behind it; those lead to the hub.
    const links = rest.flatMap((from, at) => (at % 10 === 0 ? [hub, ...rest.slice(at + 1, at + 10)] : [hub]).map((to) => [from, to] as const));
    await inCollections(kit, acme!.id, async (client) => {
      await client.query(`INSERT INTO collections.item (id, tenant_id, collection_id, title, body, tags, metadata, created_at, updated_at, created_by, updated_by)
        SELECT id, $1, $2, 'x', '', '{}', '{}', now(), now(), $4, $4 FROM unnest($3::text[]) AS id`, [acme!.id, open, rest, owner!.userId]);
      await client.query(`INSERT INTO collections.link (tenant_id, from_id, to_id, kind, from_collection_id, to_collection_id, created_at, created_by)
        SELECT $1, from_id, to_id, 'related', $2, $2, now(), $5 FROM unnest($3::text[], $4::text[]) AS t (from_id, to_id)`, [acme!.id, open, links.map(([from]) => from), links.map(([, to]) => to), owner!.userId]);
    });
    let [count, after]: [number, string | null] = [0, null];
    do {
      const { nodes, pageInfo } = await page(hub, { depth: 2, first: 100, after }) as { nodes: unknown[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      count += nodes.length;
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after);
    expect(count).toBe(500);
  });
});

describe('linkItems', () => {
  it('leaves the version as it is, and what is linked already', async () => {
    const [a, b, c] = await items(3) as [string, string, string];
    expect((await link(a, [b, b])).item.version).toBe(1);
    await link(a, [b, c]);
    const told = (await kit.eventsOf('collections.items-linked', 1)).length;
    await link(a, [b]);
    await link(b, [a], 'last');
    const events = await eventually('the last to be told', () => {
      const found = kit.events.filter(({ type, body }) => type === 'collections.items-linked' && [a, b].includes((body as { itemId: string }).itemId));
      return found.some(({ subject }) => subject === b) && found;
    });
    expect(told).toBeGreaterThan(0);
    expect(events.map(({ body }) => (body as { toIds: string[] }).toIds)).toEqual([[b], [c], [a]]);
  });
  it.each<[string, () => Promise<object>, string, string]>([
    ['no target', async () => ({ toIds: [] }), 'INVALID_INPUT', 'toIds'], ['101 targets', async () => ({ toIds: Array.from({ length: 101 }, () => newId('itm')) }), 'INVALID_INPUT', 'toIds'],
    ['a kind of its own spelling', async () => ({ toIds: [newId('itm')], kind: 'Cites' }), 'INVALID_INPUT', 'kind'], ['a misspelt target', async () => ({ toIds: ['itm_x'] }), 'NOT_FOUND', 'toIds'], ['a target that is not there', async () => ({ toIds: [newId('itm')] }), 'NOT_FOUND', 'toIds'],
    ['one in another tenant', async () => ({ toIds: [await newItem(kit, other!.owner, await newCollection(kit, other!.owner))] }), 'NOT_FOUND', 'toIds'],
  ])('refuses %s', async (_what, given, code, field) => {
    const [a] = await items(1) as [string];
    for (const name of code === 'INVALID_INPUT' ? ['linkItems', 'unlinkItems'] : ['linkItems']) {
      const [refusal] = payloadOf(await run(owner!, name, { fromId: a, ...await given() })).userErrors;
      expect([refusal.code, refusal.path[1]]).toEqual([code, field]);
    }
  });
  it('refuses an item to itself, one that is deleted, and one that the caller does not see', async () => {
    const [a, gone] = await items(2) as [string, string];
    const [secret] = await items(1, hidden) as [string];
    done(await run(owner!, 'deleteItem', { id: gone }));
    expect(codeOf(await run(owner!, 'linkItems', { fromId: a, toIds: [a] }))).toBe('INVALID_INPUT');
    expect(codeOf(await run(owner!, 'linkItems', { fromId: a, toIds: [gone] }))).toBe('NOT_FOUND');
    expect(codeOf(await run(owner!, 'linkItems', { fromId: gone, toIds: [a] }))).toBe('NOT_FOUND');
    const held = keyOf(acme!, owner!, 'MEMBER', ['items:write'], [open!]);
    expect(codeOf(await run(held, 'linkItems', { fromId: a, toIds: [secret] }))).toBe('NOT_FOUND');
    expect(await around(a, {}, owner)).toEqual([]);
  });
  it('stops at five hundred links from one item, and those at once that would go over', async () => {
    const [a] = await items(1) as [string];
    const rest = await items(501);
    for (let at = 0; at < 400; at += 100) await link(a, rest.slice(at, at + 100));
    await link(a, rest.slice(400, 490));
    expect(codeOf(await run(owner!, 'linkItems', { fromId: a, toIds: rest.slice(490) }))).toBe('LIMIT_REACHED');
    const twice = await Promise.all([rest.slice(490, 497), rest.slice(494, 501)].map((toIds) => run(owner!, 'linkItems', { fromId: a, toIds })));
    expect(twice.map(codeOf).sort()).toEqual(['LIMIT_REACHED', undefined].sort());
  });
});

describe('mentions', () => {
  it('follow the ids in a body, for whoever sees both, and leave what was linked by hand', async () => {
    const [a, b, c] = await items(3) as [string, string, string];
    const [secret] = await items(1, hidden) as [string];
    const id = await newItem(kit, owner!, open!, { body: `See ${a}, [b](atlas:${b}), x${c} and ${newId('itm')}; also ${secret}.` });
    expect((await around(id, {}, owner)).map(([to, kind]) => [to, kind]).sort()).toEqual([[a, 'mentions'], [b, 'mentions'], [secret, 'mentions']].sort());
    expect((await around(id)).map(([to]) => to).sort()).toEqual([a, b].sort());
    await link(id, [c], 'mentions');
    done(await run(owner!, 'updateItem', { id, expectedVersion: 1, body: `${b} and itself, ${id}` }));
    expect((await around(id, {}, owner)).map(([to]) => to).sort()).toEqual([b, c].sort());
    done(await run(owner!, 'restoreRevision', { itemId: id, version: 1, expectedVersion: 2 }));
    expect((await around(id, {}, owner)).map(([to]) => to).sort()).toEqual([a, b, c, secret].sort());
  });
  it('go with the body, also where whoever writes it does not see where they lead; what it still names and what is no mention of it stays', async () => {
    const [gone, kept, byHand, elsewhere] = await items(4, hidden) as [string, string, string, string];
    const editor = await shareWith(kit, owner!, open!, await newMember(kit, acme!, 'MEMBER'), 'EDITOR');
    const key = keyOf(acme!, owner!, 'MEMBER', ['items:write', 'collections:read'], [open!]);
    const other = await newItem(kit, owner!, open!, { body: gone });
    for (const writer of [editor, key]) {
      const id = await newItem(kit, owner!, open!, { body: `${gone} ${kept}` });
      await link(id, [byHand], 'mentions');
      await link(id, [gone], 'cites');
      done(await run(writer, 'updateItem', { id, expectedVersion: 1, title: 'Another' }));
      expect((await around(id, {}, owner)).map(([to, kind]) => `${kind} ${to}`).sort()).toEqual([`cites ${gone}`, ...[gone, kept, byHand].map((to) => `mentions ${to}`)].sort());
      done(await run(writer, 'updateItem', { id, expectedVersion: 2, body: `${kept} ${elsewhere}` }));
      expect((await around(id, {}, owner)).map(([to, kind]) => `${kind} ${to}`).sort()).toEqual([`cites ${gone}`, ...[kept, byHand].map((to) => `mentions ${to}`)].sort());
      expect(await around(id, {}, writer)).toEqual([]);
    }
    expect((await around(other, {}, owner)).map(([to]) => to)).toEqual([gone]);
  });
  it('are of no item that whoever writes does not see', async () => {
    const [secret] = await items(1, hidden) as [string];
    const held = keyOf(acme!, owner!, 'MEMBER', ['items:write'], [open!]);
    const id = done(await run(held, 'createItem', { collectionId: open, title: 'x', body: secret })).item.id;
    expect(await around(id, {}, owner)).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itemMutation, newCollection, newItem } from '../../test/kit/collections.ts';
import type { Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, done, newTenant, payloadOf, type Person } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

let kit: Kit;
let owner: Person;
let [notes, itemId]: string[] = [];
beforeAll(async () => {
  kit = await startTogether(['tenants', 'collections']);
  owner = (await newTenant(kit)).owner;
  notes = await newCollection(kit, owner);
  itemId = await newItem(kit, owner, notes);
});
afterAll(() => kit.stop());

const run = (person: Person, name: string, input: object) => kit.ask('collections', itemMutation(name), { input }, person.viewer);
const see = async (person: Person, id: string) => dataOf(await kit.ask('collections', 'query($id: ID!) { item(id: $id) { version } }', { id }, person.viewer)).item;
const create = async (input: object = {}) => done(await run(owner, 'createItem', { collectionId: notes, title: 'A note', body: '', ...input })).item;

describe('what an item says', () => {
  const deep = (depth: number): object => (depth === 0 ? {} : { a: deep(depth - 1) });
  it.each([
    ['no title', { title: ' \u00a0' }, 'title'], ['a title of nothing that is seen', { title: '\u200b \u2060\u3164\ufe0f' }, 'title'], ['a title of 501 characters', { title: 'x'.repeat(501) }, 'title'], ['a tab in the title', { title: 'a\tb' }, 'title'], ['a line end in the title', { title: 'a\nb' }, 'title'],
    ['a mark that turns the title around', { title: 'a\u202eb' }, 'title'], ['a body over 1 MB', { body: 'é'.repeat(524_289) }, 'body'],
    ['an address of another kind', { url: 'javascript:alert(1)' }, 'url'], ['an address that is none', { url: 'http://' }, 'url'], ['an address with a password', { url: 'https://a:b@example.com' }, 'url'], ['an address over 2000', { url: `https://e.com/${'x'.repeat(2_000)}` }, 'url'],
    ['51 tags', { tags: Array.from({ length: 51 }, (_, n) => `t${n}`) }, 'tags'], ['an empty tag', { tags: ['a', ' '] }, 'tags'], ['a tag of 101 characters', { tags: ['x'.repeat(101)] }, 'tags'], ['a tag of two lines', { tags: ['a\nb'] }, 'tags'], ['a NUL in a tag', { tags: ['a\0b'] }, 'tags'],
    ['a list as metadata', { metadata: [1] }, 'metadata'], ['metadata over 64 kB', { metadata: { a: 'x'.repeat(65_536) } }, 'metadata'], ['metadata 21 deep', { metadata: deep(21) }, 'metadata'],
    ['a NUL in the title', { title: 'a\0b' }, 'title'], ['half a character in the title', { title: 'a\ud800b' }, 'title'],
  ])('is refused with %s', async (_what, input, field) => {
    const { item, userErrors: [refusal] } = payloadOf(await run(owner, 'createItem', { collectionId: notes, title: 'x', body: '', ...input }));
    expect({ item, code: refusal.code, path: refusal.path.slice(0, 2) }).toEqual({ item: null, code: 'INVALID_INPUT', path: ['input', field] });
    expect(payloadOf(await run(owner, 'updateItem', { id: itemId, expectedVersion: 1, ...input })).userErrors[0].code).toBe('INVALID_INPUT');
    expect((await see(owner, itemId!)).version).toBe(1);
  });
  it.each([['a NUL in the body', { body: 'a\0b' }], ['half a character in the body', { body: '\udc00' }], ['a NUL in metadata', { metadata: { a: ['\0'] } }], ['half a character as a name in metadata', { metadata: { 'a\ud800': 1 } }]])('is refused with %s', async (_what, input) => {
    expect(codeOf(await run(owner, 'createItem', { collectionId: notes, title: 'x', body: '', ...input }))).toBe('TEXT_NOT_ALLOWED');
  });
  it('is kept at every bound, to the last character', async () => {
    const given = {
      title: '👩‍🔬'.repeat(166) + 'é', body: `${'é'.repeat(524_288 - 5)}\t\r\n\u202e\u{1f600}`.slice(0, 524_290), url: 'https://example.com/a?b=c#d',
      tags: Array.from({ length: 50 }, (_, n) => `標籤 ${String(n).padStart(2, '0')} 😀`), metadata: { 'a': deep(18), 'q\'"\\': [null, true, 1.5, '\u202e'], big: 'x'.repeat(65_000) },
    };
    const item = await create(given);
    expect(item).toMatchObject({ title: given.title, body: given.body, url: given.url, tags: given.tags, metadata: given.metadata, version: 1 });
  });
  it('has each tag once, in order, and its words in one normal form', async () => {
    expect(await create({ title: ' e\u0301 ', tags: ['b', 'a ', 'a', 'B'] })).toMatchObject({ title: 'é', tags: ['B', 'a', 'b'] });
  });
});

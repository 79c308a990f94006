import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/kit/eventually.ts';
import { keyOf } from '../../test/kit/collections.ts';
import { codeOf, dataOf, done, newMember, newTenant, stranger, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import type { Kit } from '../../test/kit/services.ts';
import { startTogether } from '../../test/kit/together.ts';

const SAVE = 'mutation($input: SaveSearchInput!) { saveSearch(input: $input) { savedSearch { id name query filter mode } userErrors { code path } } }';
const DELETE = 'mutation($input: DeleteSavedSearchInput!) { deleteSavedSearch(input: $input) { savedSearchId userErrors { code path } } }';
const LIST = 'query($first: Int, $after: String) { savedSearches(first: $first, after: $after) { nodes { id name } pageInfo { hasNextPage endCursor } } }';
const ENTITY = 'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on SavedSearch { id name } } }';

let kit: Kit;
let acme: TestTenant;
let ann: Person, bob: Person;
beforeAll(async () => {
  kit = await startTogether(['users', 'tenants', 'collections', 'search']);
  acme = await newTenant(kit);
  [ann, bob] = [await newMember(kit, acme, 'GUEST'), await newMember(kit, acme, 'MEMBER')];
});
afterAll(() => kit.stop());

const ask = (person: Person, document: string, variables: object) => kit.ask('search', document, variables as Record<string, unknown>, person.viewer);
const save = async (person: Person, input: object = {}) => done(await ask(person, SAVE, { input: { name: 'Birds', query: 'heron -grey', ...input } })).savedSearch;
const names = async (person: Person) => dataOf(await ask(person, LIST, {})).savedSearches.nodes.map(({ name }: { name: string }) => name);

describe('saved searches', () => {
  it('keep a question as it was asked, the newest first', async () => {
    const filter = { tags: ['bird'], createdAfter: '2026-01-01T00:00:00.000Z' };
    expect(await save(ann, { filter, mode: 'KEYWORD' })).toMatchObject({ name: 'Birds', query: 'heron -grey', filter, mode: 'KEYWORD' });
    expect(await save(ann, { name: 'Lakes' })).toMatchObject({ filter: {}, mode: 'HYBRID' });
    expect(await names(ann)).toEqual(['Lakes', 'Birds']);
    const first = dataOf(await ask(ann, LIST, { first: 1 })).savedSearches;
    expect(dataOf(await ask(ann, LIST, { first: 1, after: first.pageInfo.endCursor })).savedSearches.nodes[0].name).toBe('Birds');
  });

  it('are theirs alone who saved them: nobody else lists, names or deletes one', async () => {
    const { id } = await save(ann, { name: 'Secret' });
    for (const person of [bob, acme.owner, keyOf(acme, ann, 'GUEST', ['search:read'])]) {
      expect(await names(person)).not.toContain('Secret');
      expect(codeOf(await ask(person, DELETE, { input: { id } }))).toBe('NOT_FOUND');
      for (const key of ['id', 'nodeId']) expect(dataOf(await ask(person, ENTITY, { representations: [{ __typename: 'SavedSearch', [key]: id }] }))._entities).toEqual([null]);
    }
    expect(dataOf(await ask(ann, ENTITY, { representations: [{ __typename: 'SavedSearch', nodeId: id }] }))._entities).toEqual([{ id, name: 'Secret' }]);
    expect(done(await ask(ann, DELETE, { input: { id } }))).toMatchObject({ savedSearchId: id });
    expect(await names(ann)).not.toContain('Secret');
    expect(codeOf(await ask(ann, DELETE, { input: { id } }))).toBe('NOT_FOUND');
  });

  it.each([[{ name: ' ' }, 'INVALID_INPUT', ['input', 'name']], [{ query: '-' }, 'INVALID_INPUT', ['input', 'query']], [{ filter: { metadata: 3 } }, 'INVALID_INPUT', ['input', 'filter', 'metadata']]])('refuse %j', async (input, code, path) => {
    expect(dataOf(await ask(ann, SAVE, { input: { name: 'x', query: 'x', ...input } })).saveSearch.userErrors).toEqual([{ code, path }]);
  });

  it('refuse a stranger, and a key without the scope', async () => {
    expect(codeOf(await ask(stranger(), SAVE, { input: { name: 'x', query: 'x' } }))).toBe('TENANT_REQUIRED');
    expect(codeOf(await ask(keyOf(acme, bob, 'MEMBER', ['collections:read']), SAVE, { input: { name: 'x', query: 'x' } }))).toBe('FORBIDDEN');
  });

  it('tell the trail who kept which question', async () => {
    const { id } = await save(bob, { name: 'Told' });
    done(await ask(bob, DELETE, { input: { id } }));
    const told = (type: string) => eventually(`${type} of ${id}`, () => kit.events.find((event) => event.type === type && event.subject === id));
    expect(await told('search.search-saved')).toMatchObject({ actor: { id: bob.userId }, body: { savedSearchId: id, name: 'Told' }, audit: { entityType: 'SavedSearch', entityId: id, after: { query: 'heron -grey' } } });
    expect(await told('search.saved-search-deleted')).toMatchObject({ audit: { before: { name: 'Told' } } });
  });
});

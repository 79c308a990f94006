/** What was written is found: by whoever names the write, in whichever process it was written and is searched. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CreateTenantDocument, RegisterDocument } from '../../clients/typescript/index.ts';
import { ARRANGEMENTS, startArrangement, type Running } from '../kit/arrangements.ts';
import { eventually } from '../kit/eventually.ts';

const CREATE = 'mutation($input: CreateItemInput!) { createItem(input: $input) { item { id indexState } userErrors { code message } } }';
const SEARCH = `query($query: String!, $atLeast: String) { search(query: $query, atLeast: $atLeast) { totalCount degraded lagMs
  nodes { item { id title indexState similar(first: 3) { id title } } highlights { field text ranges { start end } } } facets { field values { value count } } } }`;

interface Answered { data: any; errors?: { extensions: { code: string } }[]; extensions: { write?: string } }

describe.each(Object.entries(ARRANGEMENTS))('search, %s', (_, groups) => {
  let atlas: Running;
  let headers: Record<string, string>;
  let collectionId: string;
  beforeAll(async () => {
    atlas = await startArrangement(groups);
    const { register } = await atlas.client().mutate(RegisterDocument, { input: { email: 'ada@example.com', password: 'a long enough pass phrase', name: 'Ada' } });
    const { createTenant } = await atlas.client({ session: register!.session! }).mutate(CreateTenantDocument, { input: { name: 'Engines', slug: 'engines' } });
    headers = { authorization: `Bearer ${register!.session!.accessToken}`, 'atlas-tenant': createTenant!.tenant!.slug };
    collectionId = (await ask('mutation($input: CreateCollectionInput!) { createCollection(input: $input) { collection { id } userErrors { code } } }', { input: { name: 'Notes' } })).data.createCollection.collection.id;
  });
  afterAll(() => atlas?.stop());

  async function ask(query: string, variables: object, more: Record<string, string> = {}): Promise<Answered> {
    const response = await fetch(atlas.url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers, ...more }, body: JSON.stringify({ query, variables }) });
    return await response.json() as Answered;
  }

  const heardOf = (atLeast: string) => eventually('a write to be found', async () => !(await ask(SEARCH, { query: 'anything', atLeast })).data.search.degraded);

  it('finds what a write’s own token names, by its word and by its like', async () => {
    const first = await ask(CREATE, { input: { collectionId, title: 'The analytical engine', body: 'Punched cards say which operations the engine does.' } });
    const second = await ask(CREATE, { input: { collectionId, title: 'Punched cards', body: 'A loom reads cards; so does an engine.' } });
    expect([first, second].map(({ extensions }) => typeof extensions.write)).toEqual(['string', 'string']);
    const [engine, cards] = [first, second].map(({ data }) => data.createItem.item.id);
    // Each by its own token, and again while it is told that a write has not been heard of: so does a client on a busy day.
    for (const { extensions } of [first, second]) await heardOf(extensions.write!);
    const found = (await ask(SEARCH, { query: 'analytical engines' })).data.search;
    expect(found.nodes.map(({ item }: { item: { id: string } }) => item.id)).toEqual([engine, cards]);
    expect(found.nodes[0]).toMatchObject({ item: { title: 'The analytical engine', indexState: 'INDEXED', similar: [{ id: cards, title: 'Punched cards' }] } });
    expect(found.nodes[0].highlights[0]).toEqual({ field: 'title', text: 'The analytical engine', ranges: [{ start: 4, end: 14 }, { start: 15, end: 21 }] });
    expect(found.facets).toContainEqual({ field: 'collection', values: [{ value: collectionId, count: 2 }] });
  });

  it('says the same token-worthy thing again when a write is repeated by its key, and none where nothing was written', async () => {
    const key = { 'idempotency-key': 'once' };
    const input = { input: { collectionId, title: 'A difference engine', body: '' } };
    const [once, again] = [await ask(CREATE, input, key), await ask(CREATE, input, key)];
    expect(again.data.createItem.item.id).toBe(once.data.createItem.item.id);
    await heardOf(again.extensions.write!);
    expect((await ask(SEARCH, { query: 'difference' })).data.search.totalCount).toBe(1);
    expect((await ask('{ collections { nodes { id } } }', {})).extensions.write).toBeUndefined();
  });

  it('refuses a token that was changed, with its own code', async () => {
    const { extensions } = await ask(CREATE, { input: { collectionId, title: 'Another', body: '' } });
    const changed = `${extensions.write!.slice(0, -4)}${extensions.write!.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
    expect((await ask(SEARCH, { query: 'another', atLeast: changed })).errors?.[0]?.extensions.code).toBe('WRITE_TOKEN_INVALID');
  });

  it('keeps a question, and shows it as a node', async () => {
    const { data } = await ask('mutation($input: SaveSearchInput!) { saveSearch(input: $input) { savedSearch { id } userErrors { code } } }', { input: { name: 'Engines', query: 'engine' } });
    const { id } = data.saveSearch.savedSearch;
    expect((await ask('query($id: ID!) { node(id: $id) { ... on SavedSearch { name query mode } } }', { id })).data.node).toEqual({ name: 'Engines', query: 'engine', mode: 'HYBRID' });
  });

  it('indexes everything anew in a job that is followed like any other', async () => {
    const { data } = await ask('mutation { reindex(input: {}) { job { id kind state } userErrors { code } } }', {});
    const job = await eventually('the job to end', async () => {
      const { data: { job: found } } = await ask('query($id: ID!) { job(id: $id) { state finishedAt result } }', { id: data.reindex.job.id });
      return found.finishedAt ? found : null;
    });
    expect(job).toMatchObject({ state: 'SUCCEEDED', result: { documents: 4, verified: true } });
  });
});

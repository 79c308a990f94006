/** Words and places in engines elsewhere, as a started service has them by its settings: asked while they answer, done without while they do not, and told what they missed. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newCollection } from '../../test/kit/collections.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { meiliServer, type MeiliServer } from '../../test/kit/meili-server.ts';
import { qdrantServer, type QdrantServer } from '../../test/kit/qdrant-server.ts';
import { recordingServer, replyJson, type RecordingServer } from '../../test/kit/recording-server.ts';
import { newFindable, search, searchOnce } from '../../test/kit/search.ts';
import { startServices, type Kit } from '../../test/kit/services.ts';
import { newTenant, type TestTenant } from '../../test/kit/tenants.ts';
import { SETTINGS_VERSION } from './infrastructure/meilisearch/meili-settings.ts';

let kit: Kit;
let meili: MeiliServer, qdrant: QdrantServer, model: RecordingServer;
let acme: TestTenant, other: TestTenant;
let notes: string;
const meant = (text: string): number[] => [/boat|ship/, /cow|horse/, /./].map((about, at) => (about.test(text.toLowerCase()) ? (at === 2 ? 0.01 : 1) : 0));
beforeAll(async () => {
  [meili, qdrant] = [await meiliServer(), await qdrantServer()];
  model = await recordingServer(({ body }, response) => replyJson(response, 200, { data: (body.input as string[]).map((text, index) => ({ index, embedding: meant(text) })) }));
  kit = await startServices(['users', 'tenants', 'collections', 'search'], { env: { MEILI_URL: meili.url, MEILI_KEY: 'a key', QDRANT_URL: qdrant.url, QDRANT_KEY: 'another', EMBEDDINGS_URL: model.url, EMBEDDINGS_MODEL: 'three' } });
  [acme, other] = [await newTenant(kit), await newTenant(kit)];
  notes = await newCollection(kit, acme.owner);
});
afterAll(async () => {
  await kit?.stop();
  for (const server of [meili, qdrant, model]) server?.stop();
});

const itemsOf = () => [...meili.indexes.get('atlas-items')?.docs.values() ?? []];
const placesOf = () => [...qdrant.collections.values()].flatMap(({ points }) => [...points.values()]);
const asked = (server: RecordingServer, path: RegExp) => server.sent.filter((request) => path.test(request.path)).length;

describe('engines elsewhere', () => {
  it('are told of what is written and asked what is found, with their keys', async () => {
    const { id, token } = await newFindable(kit, acme.owner, notes, { title: 'A heron on a boat' });
    await search(kit, acme.owner, 'heron', { atLeast: token });
    await eventually('both to hear of it', () => itemsOf().some((item) => item.id === id) && placesOf().length === 1, 60_000);
    const before = [asked(meili, /atlas-items\/search/), asked(qdrant, /points\/query/)];
    expect(await search(kit, acme.owner, 'heron', { mode: 'KEYWORD' })).toMatchObject({ ids: [id], degraded: false });
    expect(await search(kit, acme.owner, 'ship', { mode: 'SEMANTIC' })).toMatchObject({ ids: [id], degraded: false });
    expect([asked(meili, /atlas-items\/search/) > before[0]!, asked(qdrant, /points\/query/) > before[1]!]).toEqual([true, true]);
    expect(meili.sent.every(({ headers }) => headers.authorization === 'Bearer a key')).toBe(true);
    expect(qdrant.sent.every(({ headers }) => headers['api-key'] === 'another')).toBe(true);
    for (const mode of ['KEYWORD', 'SEMANTIC', 'HYBRID']) expect(await search(kit, other.owner, 'heron boat', { mode })).toMatchObject({ ids: [], totalCount: 0 });
  }, 90_000);

  it('that hang up change nothing about writing: it is found in the database, said to be degraded, and told to them when they are back', async () => {
    meili.isAway = qdrant.isAway = true;
    const { id, token } = await newFindable(kit, acme.owner, notes, { title: 'A plover and a horse' });
    await eventually('the database to have heard of it', async () => (await searchOnce(kit, acme.owner, 'plover', { atLeast: token })).ids.length === 1);
    for (const mode of ['KEYWORD', 'HYBRID', 'SEMANTIC']) expect(await searchOnce(kit, acme.owner, 'plover', { mode, atLeast: token })).toMatchObject({ ids: [id], degraded: true });
    expect([itemsOf().some((item) => item.id === id), placesOf().length]).toEqual([false, 1]);
    meili.isAway = qdrant.isAway = false;
    await eventually('both to have caught up', async () => itemsOf().some((item) => item.id === id) && placesOf().length === 2
      && !(await search(kit, acme.owner, 'plover', { mode: 'HYBRID' })).degraded, 60_000);
    expect((await search(kit, acme.owner, 'cow', { mode: 'SEMANTIC' })).ids[0]).toBe(id);
  }, 90_000);

  it('forget what is deleted', async () => {
    const [id] = (await search(kit, acme.owner, 'plover')).ids;
    await kit.ask('collections', 'mutation($input: DeleteItemInput!) { deleteItem(input: $input) { itemId } }', { input: { id } }, acme.owner.viewer);
    await eventually('both to have forgotten it', () => !itemsOf().some((item) => item.id === id) && placesOf().length === 1, 60_000);
  }, 90_000);

  it('whose form is an older one are filled anew beside what answers, and no item is missing afterwards', async () => {
    const before = new Set(itemsOf().map((item) => item.id));
    meili.indexes.get('atlas-version')!.docs.set('live', { id: 'live', version: 'of before' });
    meili.indexes.get('atlas-items')!.docs.set('itm_wrong', { id: 'itm_wrong', tenant: acme.id });
    await eventually('the new form to take its place', () => meili.indexes.get('atlas-version')!.docs.get('live')!.version === SETTINGS_VERSION, 60_000);
    expect(asked(meili, /^\/swap-indexes/)).toBe(1);
    await eventually('the old one to go', () => [...meili.indexes.keys()].toSorted().join() === 'atlas-heard,atlas-items,atlas-version');
    expect(new Set(itemsOf().map((item) => item.id))).toEqual(before);
    expect(await search(kit, acme.owner, 'heron')).toMatchObject({ ids: [[...before][0]], degraded: false });
  }, 90_000);
});

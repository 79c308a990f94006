/** By meaning: learned of a tenant's own items, or of a server of embeddings, which may be away. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newCollection, shareWith } from '../../test/kit/collections.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { recordingServer, replyJson, type RecordingServer } from '../../test/kit/recording-server.ts';
import { newFindable, search, searchOnce } from '../../test/kit/search.ts';
import { startServices, type Kit } from '../../test/kit/services.ts';
import { newMember, newTenant, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

const SEA = ['harbour', 'mooring', 'anchor', 'tide', 'vessel', 'quay'];
const FIELD = ['plough', 'furrow', 'harvest', 'barley', 'tractor', 'meadow'];
/** Of six words that go together every one but two, so that each document lacks what others tell of it. */
const saying = (words: readonly string[], n: number): string => words.filter((_, at) => at !== n % 6 && at !== (n + 1) % 6).join(' ');

async function fill(kit: Kit, by: Person, collectionId: string): Promise<{ sea: string[]; field: string[]; token: string }> {
  const made = { sea: [] as string[], field: [] as string[], token: '' };
  for (let n = 0; n < 12; n += 1) {
    for (const [kind, words] of [['sea', SEA], ['field', FIELD]] as const) {
      const { id, token } = await newFindable(kit, by, collectionId, { title: `Page ${kind} ${n}`, body: saying(words, n) });
      made[kind].push(id);
      made.token = token;
    }
  }
  return made;
}

describe('meanings that are learned', () => {
  let kit: Kit;
  let acme: TestTenant;
  let guest: Person;
  let made: Awaited<ReturnType<typeof fill>>;
  let hidden: string;
  beforeAll(async () => {
    kit = await startTogether(['users', 'tenants', 'collections', 'search']);
    acme = await newTenant(kit);
    guest = await newMember(kit, acme, 'GUEST');
  });
  afterAll(() => kit.stop());

  it('are none at first: both is words and nothing less, meaning alone is less and says so', async () => {
    const notes = await newCollection(kit, acme.owner);
    const { id, token } = await newFindable(kit, acme.owner, notes, { title: 'A lone curlew' });
    expect(await search(kit, acme.owner, 'curlew', { mode: 'HYBRID', atLeast: token })).toMatchObject({ ids: [id], degraded: false });
    expect(await search(kit, acme.owner, 'curlew', { mode: 'SEMANTIC' })).toMatchObject({ ids: [id], degraded: true });
  });

  it('find what has not one word of the question', async () => {
    const shared = await newCollection(kit, acme.owner);
    await shareWith(kit, acme.owner, shared, guest, 'VIEWER');
    made = await fill(kit, acme.owner, shared);
    const found = await eventually('meanings to be learned', async () => {
      const now = await search(kit, acme.owner, 'mooring', { mode: 'SEMANTIC', first: 12 });
      return !now.degraded && now.ids.length === 12 ? now : null;
    }, 60_000);
    expect(found.ids.toSorted()).toEqual(made.sea.toSorted());
    const words = await search(kit, acme.owner, 'mooring', { mode: 'KEYWORD', first: 12 });
    expect(words.ids).toHaveLength(8);
    expect((await search(kit, acme.owner, 'mooring', { mode: 'HYBRID', first: 12 })).ids.slice(0, 8).toSorted()).toEqual(words.ids.toSorted());
  }, 90_000);

  it('leave out what is left out, and keep to phrases', async () => {
    const without = made.sea.filter((_, n) => n % 6 === 3 || (n + 1) % 6 === 3);
    for (const mode of ['SEMANTIC', 'HYBRID']) {
      expect((await search(kit, acme.owner, 'mooring -tide', { mode, first: 50 })).ids.filter((id) => made.sea.includes(id)).toSorted()).toEqual(without.toSorted());
      expect((await search(kit, acme.owner, '"vessel quay" barley', { mode, first: 50 })).ids.filter((id) => made.field.includes(id))).toEqual([]);
    }
  });

  it('tell nobody of words that stand in nothing that they reach', async () => {
    hidden = await newCollection(kit, acme.owner);
    let token = '';
    for (let n = 0; n < 20; n += 1) token = (await newFindable(kit, acme.owner, hidden, { title: `Secret ${n}`, body: `project zanzibar ${saying(SEA, n)}` })).token;
    await search(kit, acme.owner, 'zanzibar', { atLeast: token });
    await eventually('the word to be learned', async () => (await search(kit, acme.owner, 'zanzibar', { mode: 'SEMANTIC', first: 50 })).ids.some((id) => made.sea.includes(id)), 60_000);
    for (const mode of ['SEMANTIC', 'HYBRID']) expect(await search(kit, guest, 'zanzibar', { mode })).toMatchObject({ ids: [], totalCount: 0, facets: [] });
    expect((await search(kit, guest, 'mooring', { mode: 'SEMANTIC', first: 50 })).ids.filter((id) => !made.sea.includes(id) && !made.field.includes(id))).toEqual([]);
  }, 90_000);
});

describe('meanings of a server', () => {
  let kit: Kit;
  let server: RecordingServer;
  let acme: TestTenant;
  let notes: string;
  let status = 200;
  /** What it knows of the world: three directions. */
  const meant = (text: string): number[] => [/boat|ship|harbour/, /cow|horse|stable/, /./].map((about, at) => (about.test(text.toLowerCase()) ? (at === 2 ? 0.01 : 1) : 0));
  beforeAll(async () => {
    server = await recordingServer(({ body }, response) => replyJson(response, status, status === 200 ? { data: (body.input as string[]).map((text, index) => ({ index, embedding: meant(text) })) } : { error: {} }));
    kit = await startServices(['users', 'tenants', 'collections', 'search'], { env: { EMBEDDINGS_URL: server.url, EMBEDDINGS_MODEL: 'three' } });
    acme = await newTenant(kit);
    notes = await newCollection(kit, acme.owner);
  });
  afterAll(async () => {
    await kit.stop();
    server.stop();
  });

  it('find from the first item on', async () => {
    const boat = await newFindable(kit, acme.owner, notes, { title: 'A boat' });
    await newFindable(kit, acme.owner, notes, { title: 'A cow' });
    await eventually('both to be placed', async () => (await search(kit, acme.owner, 'ship', { mode: 'SEMANTIC' })).totalCount === 2);
    expect(await search(kit, acme.owner, 'ship', { mode: 'SEMANTIC' })).toMatchObject({ ids: [boat.id, expect.any(String)], degraded: false });
  });

  it('are done without while it is away, and caught up with when it is back', async () => {
    status = 400;
    const stable = await newFindable(kit, acme.owner, notes, { title: 'A stable' });
    expect(await search(kit, acme.owner, 'stable', { mode: 'KEYWORD', atLeast: stable.token })).toMatchObject({ ids: [stable.id], degraded: false });
    expect(await searchOnce(kit, acme.owner, 'stable', { mode: 'HYBRID' })).toMatchObject({ ids: [stable.id], degraded: true });
    status = 200;
    await eventually('it to be placed', async () => (await search(kit, acme.owner, 'horse', { mode: 'SEMANTIC' })).ids.slice(0, 2).includes(stable.id), 30_000);
    expect(await search(kit, acme.owner, 'horse', { mode: 'HYBRID' })).toMatchObject({ degraded: false });
  }, 60_000);
});

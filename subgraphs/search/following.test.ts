/** Whoever follows the documents hears of every change, in its order, whatever fails and whoever else follows. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newCollection } from '../../test/kit/collections.ts';
import { heardOf, newFindable, search, written } from '../../test/kit/search.ts';
import { startServices, type Kit } from '../../test/kit/services.ts';
import { newTenant, type TestTenant } from '../../test/kit/tenants.ts';
import { databaseOpener, type Database } from '../../platform/database/database.ts';
import { rowsWithin, type Statement } from '../../platform/database/statement.ts';
import { newId, type ItemId, type TenantId } from '../../platform/ids.ts';
import { openLog } from '../../platform/log.ts';
import { deskOver, type Desk } from '../../platform/work.ts';
import { followDocuments, forgetGone, tellAnew, type Follower } from './application/follow-documents.ts';
import { selfIn } from './application/hear-items.ts';
import { DOCUMENTS } from './application/on-collections-told.ts';
import type { Due, Ports } from './domain/document-ports.ts';
import type { Doc, VectorIndex } from './domain/ports.ts';
import { migrations } from './infrastructure/migrations/index.ts';
import { dueTenants, restartIn } from './infrastructure/postgres-followers.ts';
import { forgetOld } from './infrastructure/postgres-forgotten.ts';
import { postgresVectorIndex } from './infrastructure/vectors/postgres-vector-index.ts';
import { portsOver, tables, viewsOver } from './infrastructure/postgres-ports.ts';

const DELETE = 'mutation($input: DeleteItemInput!) { deleteItem(input: $input) { itemId userErrors { code } } }';

let kit: Kit;
let database: Database;
let desk: Desk<Ports> & { due: Due };
let acme: TestTenant;
let notes: string;
beforeAll(async () => {
  kit = await startServices(['users', 'tenants', 'collections', 'search']);
  // Beside the service, as another process of it would.
  database = await databaseOpener({ ...kit.database, poolMax: 6, statementMs: 60_000, log: openLog({ level: 'silent', pretty: false }) })({ service: 'search', tables, migrations });
  desk = { ...deskOver<Ports>(database, { ports: portsOver(DOCUMENTS), views: viewsOver(DOCUMENTS) }), due: dueTenants(database) };
});
afterAll(async () => {
  await database.close();
  await kit.stop();
});
beforeEach(async () => {
  acme = await newTenant(kit);
  notes = await newCollection(kit, acme.owner);
});

let count = 0;
/** `trouble` is called before anything is heard. */
function newFollower(trouble: (tenantId: TenantId) => Promise<void> = async () => undefined) {
  const heard: Doc[] = [];
  const follower: Follower = {
    name: `follower ${count += 1}`,
    async apply(tenantId, docs) {
      if (tenantId === acme.id) {
        await trouble(tenantId);
        heard.push(...docs);
      }
    },
  };
  return { follower, heard, ids: () => heard.map(({ itemId }) => itemId) };
}
async function some(many: number): Promise<ItemId[]> {
  const made: { id: string; token: string }[] = [];
  for (let n = 0; n < many; n += 1) made.push(await newFindable(kit, acme.owner, notes, { title: `Dunlin ${n}` }));
  await heardOf(kit, acme.owner, made);
  // In the order in which they were heard of, whichever that was.
  const kept = await desk.look(selfIn(acme.id), ({ documents }) => documents.byIds(made.map(({ id }) => id as ItemId)));
  return kept.toSorted((a, b) => (a.seq < b.seq ? -1 : 1)).map(({ itemId }) => itemId);
}
async function gone(id: ItemId): Promise<void> {
  const { token } = await written(kit, acme.owner, DELETE, { id });
  await search(kit, acme.owner, 'dunlin', { atLeast: token });
}
const inSearch = <Row extends object>(text: string, values: Statement['values'] = []) => database.transaction(selfIn(acme.id), 'write', (em) => rowsWithin(em)<Row>({ text, values }));
const round = (...followers: Follower[]) => followDocuments(followers, desk)();
const standOf = ({ name }: Follower) => desk.look(selfIn(acme.id), ({ followers }) => followers.stand(name));

describe('a follower', () => {
  it('is told of what there is, then of what has changed since, and that something is gone', async () => {
    const { follower, heard, ids } = newFollower();
    const [one, two] = await some(2) as [ItemId, ItemId];
    await round(follower);
    expect(ids()).toEqual([one, two]);
    await gone(one);
    const [three] = await some(1) as [ItemId];
    await round(follower);
    expect(heard.slice(2).map(({ itemId, deleted }) => [itemId, deleted])).toEqual([[one, true], [three, false]]);
    await round(follower);
    expect(heard).toHaveLength(4);
    expect(heard.map(({ seq }) => seq)).toEqual(heard.map(({ seq }) => seq).toSorted((a, b) => (a < b ? -1 : 1)));
  });

  it('that fails is told from where it stood, and keeps no other waiting', async () => {
    let isAway = true;
    const failing = newFollower(async () => { if (isAway) throw new Error('away'); });
    const other = newFollower();
    const made = await some(2);
    await expect(round(failing.follower, other.follower)).rejects.toThrow('away');
    expect([failing.ids(), other.ids()]).toEqual([[], made]);
    expect(await standOf(failing.follower)).toMatchObject({ seq: 0n });
    isAway = false;
    await round(failing.follower);
    expect(failing.ids()).toEqual(made);
  });

  it('that comes back to where another has been begins at the first change', async () => {
    const [one, other] = [newFollower(), newFollower()];
    const place = `place ${count} of `;
    const [first, second] = [one, other].map(({ follower }) => ({ ...follower, place, name: place + follower.name })) as [Follower, Follower];
    const made = await some(2);
    await round(first);
    await round(second);
    await round(first);
    expect([one.ids(), other.ids()]).toEqual([[...made, ...made], made]);
  });

  it('is told by one process at a time', async () => {
    let goOn!: () => void;
    const waits = new Promise<void>((resolve) => { goOn = resolve; });
    const { follower, ids } = newFollower(() => waits);
    const made = await some(1);
    const first = round(follower);
    // It has its turn as soon as nobody else can take it.
    for (let taken = false; !taken;) taken = await desk.look(selfIn(acme.id), ({ followers }) => followers.stand(follower.name)).then(({ generation }) => generation > 0);
    await round(follower);
    expect(ids()).toEqual([]);
    goOn();
    await first;
    expect(ids()).toEqual(made);
  });

  it('is told everything again beside what is new, and from the beginning when that is begun once more', async () => {
    const made = await some(3);
    let again = false;
    const { follower, ids } = newFollower(async () => {
      if (again) await database.transaction(selfIn(acme.id), 'write', (em) => restartIn(em, follower.name));
      again = false;
    });
    await round(follower);
    const shares: number[] = [];
    again = true;
    const [four] = await some(1) as [ItemId];
    await tellAnew(follower, desk)(acme.id, async (share) => void shares.push(share));
    // The new one first; once in the stretch that was overtaken, and once after it.
    expect(ids()).toEqual([...made, four, ...made, four, ...made, four]);
    expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
    expect(await standOf(follower)).toMatchObject({ anew: null });
  });
});

describe('a document that is gone', () => {
  it('is forgotten long afterwards, and not before everybody has heard of it', async () => {
    const { follower } = newFollower();
    const [id] = await some(1) as [ItemId];
    await gone(id);
    const kept = () => desk.look(selfIn(acme.id), async ({ documents }) => (await documents.byIds([id])).length);
    const forget = forgetGone([follower], desk);
    await round(follower);
    await inSearch('INSERT INTO search.keyword_state AS k (tenant_id, folded_seq) SELECT tenant_id, seq FROM search.tenant ON CONFLICT (tenant_id) DO UPDATE SET folded_seq = excluded.folded_seq');
    await forget();
    expect(await kept()).toBe(1);
    await inSearch(`UPDATE search.document SET gone_at = now() - interval '25 hours' WHERE deleted`);
    await forgetGone([follower, newFollower().follower], desk)();
    expect(await kept()).toBe(1);
    await forget();
    expect(await kept()).toBe(0);
  });

  it('keeps its place in meaning for a day, empty, and no longer; who has not read for as long begins anew', async () => {
    const [itemId, other] = [newId('itm'), newId('itm')];
    const [here, late] = [postgresVectorIndex({ database }), postgresVectorIndex({ database, forgottenMs: 0 })];
    const place = (item: ItemId, seq: bigint, deleted = false) => ({ itemId: item, seq, version: 1, collectionId: newId('col'), tags: [], metadata: {}, createdBy: newId('usr'), createdAt: new Date(), deleted, vector: deleted ? null : Float32Array.of(1, 0) });
    const near = async (index: VectorIndex) => (await index.nearest({ tenantId: acme.id, reach: { everything: true }, filter: {}, vector: Float32Array.of(1, 0), first: 9 })).map((one) => one.itemId);
    await here.apply(acme.id, [place(itemId, 1n), place(other, 2n)]);
    expect([await near(here), await near(late)]).toEqual([[itemId, other].toSorted(), [itemId, other].toSorted()]);
    await here.apply(acme.id, [place(itemId, 3n, true)]);
    const rows = () => inSearch<{ id: string }>('SELECT item_id AS id FROM search.vector WHERE item_id = ANY (?::text[]) ORDER BY 1', [[itemId, other]]);
    await forgetOld(database);
    expect(await rows()).toHaveLength(2);
    await inSearch(`UPDATE search.vector SET changed_at = now() - interval '25 hours'`);
    await forgetOld(database);
    expect(await rows()).toEqual([{ id: other }]);
    expect(await near(late)).toEqual([other]);
  });
});

describe('an item that could not be heard of', () => {
  it('is one no more as soon as it is heard of, or long afterwards', async () => {
    const [id] = await some(1) as [ItemId];
    const unheard = (ids: ItemId[]) => desk.look(selfIn(acme.id), async (ports) => [...await ports.unheard.among(ids)]);
    const lost = newId('itm');
    await desk.work(selfIn(acme.id), (ports) => ports.unheard.note([id, lost]));
    expect((await unheard([id, lost])).toSorted()).toEqual([id, lost].toSorted());
    await gone(id);
    expect(await unheard([id, lost])).toEqual([lost]);
    const older = newId('itm');
    await inSearch(`INSERT INTO search.unheard SELECT tenant_id, ?, now() - interval '31 days' FROM search.unheard WHERE item_id = ?`, [older, lost]);
    await forgetOld(database);
    expect(await unheard([lost, older])).toEqual([lost]);
  });
});

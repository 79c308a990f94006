/** An import in a process of its own that is killed again and again: every row is there, once, and everybody heard of each. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { newCollection } from '../kit/collections.ts';
import { eventually } from '../kit/eventually.ts';
import { ended, IMPORT, JOB } from '../kit/jobs.ts';
import { killed, startApart, type Apart } from '../kit/jobs-process.ts';
import { dataOf, done, newTenant } from '../kit/tenants.ts';

const KILLS = 3;
/** Enough for a batch or more between any two of them; `npm run test:full import` brings a million. */
const ROWS = 24_000;

let apart: Apart;
beforeAll(async () => { apart = await startApart({ JOBS_LEASE_MS: '1500' }); });
afterAll(() => apart.stop());

it('a worker that is killed in the middle of an import loses nothing and doubles nothing', async () => {
  const { kit } = apart;
  const { owner } = await newTenant(kit);
  const collectionId = await newCollection(kit, owner);
  const content = Array.from({ length: ROWS }, (_, n) => (n % 1_000 === 999 ? '{}' : JSON.stringify({ title: `Row ${n}`, tags: ['t'] }))).join('\n');
  const good = ROWS - ROWS / 1_000;
  const { job } = done(await kit.ask('collections', IMPORT, { input: { collectionId, format: 'JSONL', policy: 'REJECT_ROWS', content } }, owner.viewer));
  const progress = async (): Promise<{ progress: number; finishedAt: string | null }> => dataOf(await kit.ask('collections', JOB, { id: job.id }, owner.viewer)).job;

  let worker = await apart.spawnJobs();
  for (let kills = 0; kills < KILLS; kills += 1) {
    const { progress: before } = await progress();
    await eventually('it to go on', async () => (await progress()).progress > before, 60_000);
    expect((await progress()).finishedAt).toBeNull();
    await killed(worker);
    worker = await apart.spawnJobs();
  }
  const end = await ended(kit, owner, job.id);
  expect(end).toMatchObject({ state: 'SUCCEEDED', attempts: KILLS + 1, result: { rows: ROWS, imported: good, refused: ROWS / 1_000 } });
  expect(end.result.refusals.map(({ line }: { line: number }) => line)).toEqual(Array.from({ length: ROWS / 1_000 }, (_, n) => (n + 1) * 1_000));

  const there = await itemsOf(collectionId, job.id);
  expect({ ...there, ids: there.ids.size }).toEqual({ rows: good, titles: good, tags: good, tally: good, ids: good });
  const told = (await eventually('all batches to be told', async () => {
    const ids = kit.events.filter(({ type, subject }) => type === 'collections.items-imported' && subject === collectionId).flatMap(({ body }) => (body as { itemIds: string[] }).itemIds);
    return ids.length >= good && ids;
  })) as string[];
  expect(told).toHaveLength(good);
  expect(new Set(told)).toEqual(there.ids);
}, 300_000);

async function itemsOf(collectionId: string, jobId: string): Promise<{ rows: number; titles: number; tags: number; tally: number; ids: Set<string> }> {
  const client = new pg.Client({ connectionString: apart.kit.database.url });
  await client.connect();
  try {
    const tenantId = apart.kit.events.find(({ subject }) => subject === collectionId)!.tenant!;
    await client.query(`BEGIN; SET LOCAL ROLE atlas_collections; SET LOCAL app.tenant_id = '${tenantId}'; SET LOCAL app.access = 'all'`);
    const { rows: [counts] } = await client.query<{ rows: number; titles: number; tags: number; tally: number }>(
      `SELECT count(*)::int AS rows, count(DISTINCT title)::int AS titles, (SELECT count(*)::int FROM collections.item_tag WHERE collection_id = $1) AS tags,
         (SELECT sum(items)::int FROM collections.tally WHERE collection_id = $1) AS tally FROM collections.item WHERE collection_id = $1 AND EXISTS (SELECT FROM jobs.job WHERE id = $2)`, [collectionId, jobId]);
    const { rows } = await client.query<{ id: string }>('SELECT id FROM collections.item WHERE collection_id = $1', [collectionId]);
    return { ...counts!, ids: new Set(rows.map(({ id }) => id)) };
  } finally {
    await client.end();
  }
}

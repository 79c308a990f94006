/** Jobs, waited for until they have ended, beside what has to come of them: it is the right of today that counts, of whoever asked for them. */
import { eventually } from '../kit/eventually.ts';
import { overHttp } from './asking.ts';
import type { JobState, TenantState } from './canaries.ts';
import { fetched, grantsIn, readable } from './files.ts';
import { leaksIn } from './judge.ts';
import { mayRun, partIn } from './rights.ts';
import type { World } from './world.ts';

interface Ended { state: 'SUCCEEDED' | 'FAILED'; error_code: string | null }

/** Throws what is wrong. `mayBeCancelled`: somebody has cancelled it a moment ago. */
export async function settle(world: World, job: JobState, mayBeCancelled = false): Promise<void> {
  const ended = await eventually(`the end of ${job.id}`, async () => {
    const { rows } = await world.inCollections(job.collection.tenant, () => world.database.query<Ended>("SELECT state, error_code FROM jobs.job WHERE id = $1 AND state IN ('SUCCEEDED', 'FAILED')", [job.id]));
    return rows[0];
  });
  Object.assign(job, { state: ended.state, code: ended.error_code });
  const faults = [...wayOf(job, mayBeCancelled), ...await (job.kind === 'collections.import-items' ? broughtIn(world, job) : wrote(world, job))];
  if (faults.length > 0) throw new Error(faults.join('; '));
}

function wayOf(job: JobState, mayBeCancelled: boolean): string[] {
  const should = !mayRun(job) ? ['FORBIDDEN', 'NOT_FOUND'] : job.rows === null && job.kind === 'collections.import-items' ? ['FILE_UNREADABLE'] : ['SUCCEEDED'];
  const is = job.code ?? job.state;
  return should.includes(is) || (mayBeCancelled && is === 'CANCELLED') ? [] : [`${job.id} (${job.kind}) ended with ${is} and should with ${should.join(' or ')}`];
}

/** Rows that are items now; nothing is in of a job that failed, once it is cancelled before it began. */
async function broughtIn(world: World, job: JobState): Promise<string[]> {
  const titles = (job.rows ?? []).flatMap(({ title }) => title ?? []);
  const { rows } = await world.inCollections(job.collection.tenant, () => world.database.query<{ id: string; title: string; collection_id: string }>('SELECT id, title, collection_id FROM collections.item WHERE title = ANY ($1)', [titles]));
  const known = new Set(world.items.map(({ id }) => id));
  for (const { words } of job.rows ?? []) world.canaries.plant(words, { in: 'job', job });
  const faults = rows.filter(({ collection_id }) => collection_id !== job.collection.id).map(({ id }) => `${id} went into another collection`);
  for (const { id, title } of rows.filter((row) => !known.has(row.id))) {
    const item = { id, collection: job.collection, title, version: 1, deleted: false };
    world.items.push(item);
    world.canaries.plant(job.rows!.find((row) => row.title === title)!.words, { in: 'item', item });
    if (!['SUCCEEDED', 'CANCELLED'].includes(job.code ?? job.state)) faults.push(`${id} was brought in by a job that failed with ${job.code}`);
  }
  const once = new Set(rows.map(({ title }) => title)).size === rows.length;
  if (!once || (job.state === 'SUCCEEDED' && rows.length !== titles.length)) faults.push(`${rows.length} of ${titles.length} rows are in`);
  return faults;
}

/** What an export holds: what its starter sees in the collection, all of it, and nothing else. */
async function wrote(world: World, job: JobState): Promise<string[]> {
  if (job.state !== 'SUCCEEDED') return [];
  const { text } = await overHttp(world)(job.by, { document: 'query($id: ID!) { job(id: $id) { result } }', variables: { id: job.id } });
  const [grant] = grantsIn(text);
  if (!grant) return partIn(job.by, job.collection) === null ? [] : [`its starter is not handed ${job.id}: ${text}`];
  const file = await fetched(world, grant.url);
  job.file = file.toString('latin1');
  const said = readable(file);
  const there = world.items.slice(0, job.itemsBefore).filter((item) => item.collection === job.collection && !item.deleted);
  return [
    ...leaksIn(world, job.by, said).map((leak) => `its file shows ${leak}`),
    ...there.filter(({ title }) => !said.includes(title)).map(({ id }) => `its file does not hold ${id}`),
  ];
}

/** One that waits until somebody cancels it: no process takes it, because nobody issues turns while it is asked for. */
export const held = (world: World, tenant: TenantState, ask: () => Promise<string | null>): Promise<string | null> => world.inCollections(tenant, async () => {
  const id = await ask();
  if (!id) return null;
  const { rowCount } = await world.database.query("UPDATE jobs.job SET run_after = now() + interval '1 day' WHERE id = $1 AND state = 'QUEUED'", [id]);
  if (rowCount !== 1) throw new Error(`${id} does not wait`);
  return id;
}, 'SELECT pg_advisory_xact_lock(1096043603, 2);');

/** What becomes of jobs when processes die, stand still, stop, or lose the database; and that no tenant holds up another. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { jobKills } from '../../test/faults/job-kills.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { freshDatabase, type TestDatabase } from '../../test/kit/databases.ts';
import { by, openJobProcess, step, stepsOf, tenant, type JobProcess } from '../../test/kit/toy-jobs.ts';
import { defineJob, perform, type Attempt, type Run } from './jobs.ts';

let at: TestDatabase;
const open: JobProcess[] = [];
const start = async (given: Parameters<typeof openJobProcess>[1] = {}): Promise<JobProcess> => {
  const one = await openJobProcess(at, given);
  open.push(one);
  return one;
};
let numbers = 0;
const kindOf = (limits: Parameters<typeof defineJob>[1] = {}) => defineJob<Record<string, unknown>, unknown>(`tenants.work-${numbers += 1}`, { firstRestMs: 20, restMaxMs: 50, ...limits });

beforeAll(async () => { at = await freshDatabase(); });
afterEach(async () => { await Promise.all(open.splice(0).map((one) => one.stop())); });
afterAll(() => at.drop());

it('a worker that is killed is stood in for: every job ends, every step is taken once', async () => {
  const found = await jobKills({ kills: 3, seed: Date.now() % 1_000_000, leaseMs: 1_500 }, at);
  process.stdout.write(`R4 ${found.figures}\n`);
  expect(found.faults).toEqual([]);
  expect(found.takenOver).toBeGreaterThan(0);
}, 300_000);

describe('of twins', () => {
  it('each job is taken by one', async () => {
    const one = await start();
    const two = await start();
    const kind = kindOf({ atOnce: 10, perTenant: 9 });
    const began: string[] = [];
    for (const process of [one, two]) process.queue.handle([perform(kind, async ({ id, fence }) => void began.push(`${id} ${fence}`))]);
    const [t, u] = [tenant(), tenant()];
    const jobs = await Promise.all(Array.from({ length: 60 }, (_, n) => one.enqueue(kind, {}, n % 2 ? t : u).then(({ id, tenantId }) => ({ id, tenantId }))));
    for (const { id, tenantId } of jobs) expect(await one.end(tenantId, id)).toMatchObject({ state: 'SUCCEEDED', attempts: 1 });
    expect(began.sort()).toEqual(jobs.map(({ id }) => `${id} 1`).sort());
  });

  it('no more jobs of one tenant run at once than its kind allows', async () => {
    const kind = kindOf({ atOnce: 10, perTenant: 2 });
    let now = 0;
    let most = 0;
    const handler = perform(kind, async () => { most = Math.max(most, now += 1); await new Promise((resolve) => setTimeout(resolve, 60)); now -= 1; });
    const [one] = [await start({ handlers: [handler] }), await start({ handlers: [handler] })];
    const t = tenant();
    const ids = await Promise.all(Array.from({ length: 12 }, async () => (await one.enqueue(kind, {}, t)).id));
    for (const id of ids) await one.end(t, id);
    expect(most).toBe(2);
  });
});

it("a tenant's thousand jobs do not hold up another's one", async () => {
  const kind = kindOf({ atOnce: 3, perTenant: 2 });
  const done: string[] = [];
  const one = await start();
  const [many, few] = [tenant(), tenant()];
  await one.desk.work(by(many), async ({ jobs }) => { for (let n = 0; n < 1_000; n += 1) await jobs.enqueue(kind, {}, { by: by(many) }); });
  one.queue.handle([perform(kind, async ({ scope }) => { done.push(scope.tenantId); await new Promise((resolve) => setTimeout(resolve, 5)); })]);
  await eventually('the first of the many', () => done.length > 0);
  const before = done.length;
  const { id } = await one.enqueue(kind, {}, few);
  await one.end(few, id);
  // Those that had a ticket before it, those that were issued one at the same moment, and no more.
  expect(done.slice(before).filter((each) => each === many).length).toBeLessThan(50);
  expect(done.length).toBeLessThan(1_000);
});

it("a tenant's jobs that never end leave a place for another's", async () => {
  const kind = kindOf();
  const [endless, other] = [tenant(), tenant()];
  let begun = 0;
  const one = await start({ handlers: [perform(kind, async ({ scope }, { signal }) => {
    begun += 1;
    if (scope.tenantId === endless) await new Promise((resolve) => { signal.addEventListener('abort', resolve); });
  })] });
  for (let n = 0; n < 6; n += 1) await one.enqueue(kind, {}, endless);
  await eventually('all places that one tenant has', () => begun >= kind.perTenant);
  const { id } = await one.enqueue(kind, {}, other);
  expect(await one.end(other, id)).toMatchObject({ state: 'SUCCEEDED' });
  expect(() => kindOf({ atOnce: 2, perTenant: 2 })).toThrow('one tenant could take every place');
});

describe('a handler that has lost its job', () => {
  it('changes nothing any more, and the one who has it does all', async () => {
    const kind = kindOf({ atOnce: 6, perTenant: 5 });
    const attempts: { attempt: Attempt; run: Run; process: JobProcess }[] = [];
    let letGo: () => void = () => undefined;
    const released = new Promise<void>((resolve) => { letGo = resolve; });
    const late: unknown[] = [];
    const one = await start({ leaseMs: 600 });
    one.queue.handle([perform(kind, async (attempt, run) => {
      attempts.push({ attempt, run, process: one });
      await step(one.desk, attempt, 1);
      if (attempt.fence > 1) return 'whole';
      await released;
      // Without a checkpoint, which would be refused by itself.
      await one.desk.work(attempt.scope, ({ em }) => em.execute('INSERT INTO tenants.step (tenant_id, job_id, n, fence) VALUES (?, ?, 2, ?)', [attempt.scope.tenantId, id, attempt.fence], 'run'))
        .catch((error: unknown) => { late.push(error); throw error; });
      return 'too late';
    })]);
    const t = tenant();
    const { id } = await one.enqueue(kind, {}, t);
    await eventually('it to run', () => attempts.length === 1);
    // As if this process had stood still: its lease runs out, and is not renewed.
    const owner = new pg.Client({ connectionString: at.url });
    await owner.connect();
    await owner.query(`BEGIN; SET LOCAL ROLE atlas_tenants; SET LOCAL app.tenant_id = '${t}'`);
    await owner.query(`UPDATE jobs.job SET leased_until = now() - interval '1 second', fence = fence + 1 WHERE id = '${id}'`);
    await owner.query('COMMIT');
    await owner.end();
    expect(await one.end(t, id)).toMatchObject({ state: 'SUCCEEDED', result: 'whole', attempts: 2 });
    letGo();
    await eventually('the late one to be refused', () => late.length === 1);
    expect(late[0]).toMatchObject({ message: 'This job runs here no longer.' });
    await eventually('it to be told', () => attempts[0]!.run.signal.aborted);
    expect((await stepsOf(at.ownerUrl)).filter((each) => each.job_id === id).map(({ n, fence }) => [n, fence])).toEqual([[1, 1], [1, 3]]);
    expect(await one.see(t, id)).toMatchObject({ state: 'SUCCEEDED', result: 'whole' });
  });

  it('is waited for in the middle of a work: its effect is whole, and who comes next goes on from there', async () => {
    const kind = kindOf();
    const one = await start({ leaseMs: 700 });
    let inWork = false;
    let commits = false;
    const went: unknown[] = [];
    one.queue.handle([perform(kind, async (attempt) => {
      went.push(attempt.checkpoint);
      if (attempt.checkpoint) return 'whole';
      await one.desk.work(attempt.scope, async ({ em, jobs }) => {
        await em.execute('INSERT INTO tenants.step (tenant_id, job_id, n, fence) VALUES (?, ?, 1, ?)', [attempt.scope.tenantId, attempt.id, attempt.fence], 'run');
        await jobs.checkpoint({ done: 1 });
        inWork = true;
        while (!commits) await em.execute('SELECT pg_sleep(0.1)'); // longer than the lease
      });
      throw new Error('It stops after its work.');
    })]);
    const t = tenant();
    const { id } = await one.enqueue(kind, {}, t);
    await eventually('it to be in its work', () => inWork);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(went).toEqual([null]);
    commits = true;
    expect(await one.end(t, id)).toMatchObject({ state: 'SUCCEEDED', result: 'whole' });
    expect(went.slice(1)).toEqual(went.slice(1).map(() => ({ done: 1 })));
    expect((await stepsOf(at.ownerUrl)).filter((each) => each.job_id === id)).toHaveLength(1);
  });

  it('is not waited for when it stands still in the middle of a work: that work has no effect', async () => {
    const kind = kindOf();
    const one = await start({ leaseMs: 700 });
    let letGo: () => void = () => undefined;
    const released = new Promise<void>((resolve) => { letGo = resolve; });
    one.queue.handle([perform(kind, async (attempt) => {
      if (attempt.fence > 1) return 'whole';
      await one.desk.work(attempt.scope, async ({ em }) => {
        await em.execute('INSERT INTO tenants.step (tenant_id, job_id, n, fence) VALUES (?, ?, 1, ?)', [attempt.scope.tenantId, attempt.id, attempt.fence], 'run');
        await released;
      });
      return 'late';
    })]);
    const t = tenant();
    const { id } = await one.enqueue(kind, {}, t);
    const owner = new pg.Client({ connectionString: at.ownerUrl });
    await owner.connect();
    const locks = async () => (await owner.query(`SELECT FROM pg_locks WHERE relation = 'tenants.step'::regclass AND mode = 'RowExclusiveLock'`)).rowCount;
    await eventually('it to be in its work', async () => await locks() === 1);
    await eventually('the server to end that', async () => await locks() === 0);
    await owner.end();
    letGo();
    expect(await one.end(t, id)).toMatchObject({ state: 'SUCCEEDED', result: 'whole', attempts: 2 });
    expect((await stepsOf(at.ownerUrl)).filter((each) => each.job_id === id)).toEqual([]);
  });
});

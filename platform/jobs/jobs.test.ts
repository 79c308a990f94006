/** What a service can count on when it asks for a job: that it is there with the work that asked, done once, tried again, and seen by its tenant alone. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/kit/eventually.ts';
import { freshDatabase, type TestDatabase } from '../../test/kit/databases.ts';
import { by, counting, counts, openJobProcess, poison, poisons, stepsOf, tenant, type JobProcess } from '../../test/kit/toy-jobs.ts';
import { AtlasError } from '../errors.ts';
import { newId } from '../ids.ts';
import { defineJob, perform, type Handler, type Job } from './jobs.ts';

let at: TestDatabase;
const open: JobProcess[] = [];
const start = async (given: Parameters<typeof openJobProcess>[1] = {}): Promise<JobProcess> => {
  const one = await openJobProcess(at, given);
  open.push(one);
  return one;
};
/** Each test has a kind of its own, so that no other's worker takes its jobs. */
let numbers = 0;
const kindOf = (limits: Parameters<typeof defineJob>[1] = {}) => defineJob<Record<string, unknown>, unknown>(`tenants.kind-${numbers += 1}`, { firstRestMs: 20, restMaxMs: 50, ...limits });

beforeAll(async () => { at = await freshDatabase(); });
afterEach(async () => { await Promise.all(open.splice(0).map((one) => one.stop())); });
afterAll(() => at.drop());

describe('a job', () => {
  it('is done by whichever process runs its kind, and has its result, its progress and who asked for it', async () => {
    const asks = await start();
    const works = await start({ handlers: [] });
    works.queue.handle([counts(() => works.desk)]);
    const [t, someone] = [tenant(), newId('usr')];
    const asked = await asks.desk.work(by(t, someone), ({ jobs }) => jobs.enqueue(counting, { steps: 3, msEach: 1 }, { by: by(t, someone) }));
    expect(asked).toMatchObject({ kind: 'tenants.count', state: 'QUEUED', progress: 0, attempts: 0, error: null, result: null, startedBy: { kind: 'user', id: someone, userId: someone } });
    expect(await asks.end(t, asked.id)).toMatchObject({ state: 'SUCCEEDED', progress: 1, attempts: 1, result: { steps: 3 }, error: null });
    const [listed, [whole]] = await asks.desk.look(by(t), async ({ jobs }) => [await jobs.page({ first: 10 }), await jobs.byIds([asked.id, newId('job')])]);
    expect(listed.map((job) => [job.id, 'result' in job])).toEqual([[asked.id, false]]);
    expect(whole).toEqual({ ...listed[0], result: { steps: 3 } });
    expect((await stepsOf(at.ownerUrl)).filter((step) => step.job_id === asked.id).map(({ n }) => n)).toEqual([1, 2, 3]);
  });

  it('of a work that is rolled back is not there', async () => {
    const one = await start();
    const t = tenant();
    await expect(one.desk.work(by(t), async ({ jobs }) => {
      await jobs.enqueue(counting, { steps: 1, msEach: 1 }, { by: by(t) });
      throw new AtlasError('LIMIT_REACHED');
    })).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
    expect(await one.desk.look(by(t), ({ jobs }) => jobs.page({ first: 10 }))).toEqual([]);
  });

  it('with a key of its own is asked for once, while it waits or runs', async () => {
    const one = await start();
    const t = tenant();
    const made = await Promise.all(Array.from({ length: 6 }, () => one.enqueue(kindOf(), {}, t, { once: 'same' }).then(() => null, (error: unknown) => error)));
    expect(made).toEqual([null, null, null, null, null, null]);
    const kind = kindOf();
    const twins = await Promise.all(Array.from({ length: 6 }, () => one.enqueue(kind, {}, t, { once: 'same' })));
    expect(new Set(twins.map(({ id }) => id)).size).toBe(1);
    await one.desk.work(by(t), ({ jobs }) => jobs.cancel(twins[0]!.id));
    const next = await one.enqueue(kind, {}, t, { once: 'same' });
    expect(next.id).not.toBe(twins[0]!.id);
    await expect(one.desk.work(by(t), ({ jobs }) => jobs.retry(twins[0]!.id))).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  it('is not begun before its time', async () => {
    const kind = kindOf();
    const begun: string[] = [];
    const one = await start({ handlers: [perform(kind, async ({ id }) => void begun.push(id))] });
    const t = tenant();
    const later = await one.enqueue(kind, {}, t, { afterMs: 3_600_000 });
    const now = await one.enqueue(kind, {}, t);
    await one.end(t, now.id);
    expect([begun, (await one.see(t, later.id)).state]).toEqual([[now.id], 'QUEUED']);
  });

  it('of another tenant is not seen, cancelled, retried or followed, and one of another service only by who administers jobs', async () => {
    const one = await start();
    const [mine, theirs] = [tenant(), tenant()];
    const { id } = await one.enqueue(kindOf(), { secret: 'canary' }, mine);
    for (const desk of [one.desk, one.others]) {
      expect(await desk.look(by(theirs), ({ jobs }) => jobs.byId(id))).toBeNull();
      expect(await desk.look(by(theirs), ({ jobs }) => jobs.page({ first: 10 }))).toEqual([]);
      await expect(desk.work(by(theirs), ({ jobs }) => jobs.cancel(id))).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(desk.work(by(theirs), ({ jobs }) => jobs.retry(id))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    const seen: Job[] = [];
    for await (const job of one.queue.follow(by(theirs), id, new AbortController().signal)) seen.push(job);
    expect(seen).toEqual([]);
    await expect(one.desk.work(by(theirs), ({ jobs }) => jobs.enqueue(kindOf(), {}, { by: by(mine) }))).rejects.toThrow(/row-level security/);
    expect(await one.others.work(by(mine), ({ jobs }) => jobs.cancel(id))).toMatchObject({ state: 'FAILED' });

    const others = await one.others.work(by(mine), ({ jobs }) => jobs.enqueue(defineJob<object>('users.other'), {}, { by: by(mine) }));
    expect(await one.desk.look(by(mine), ({ jobs }) => jobs.byId(others.id))).toBeNull();
    await expect(one.desk.work(by(mine), ({ jobs }) => jobs.enqueue(defineJob<object>('users.other'), {}, { by: by(mine) }))).rejects.toThrow(/row-level security/);
  });

  it('is listed newest first, by kind and by state, page after page', async () => {
    const one = await start();
    const [t, a, b] = [tenant(), kindOf(), kindOf()];
    const ids: string[] = [];
    for (const kind of [a, b, a]) ids.push((await one.enqueue(kind, {}, t)).id);
    await one.desk.work(by(t), ({ jobs }) => jobs.cancel(ids[2]!));
    const page = (given: object) => one.desk.look(by(t), async ({ jobs }) => (await jobs.page({ first: 10, ...given })).map(({ id }) => id));
    expect(await page({})).toEqual([...ids].reverse());
    expect(await page({ first: 1, after: ids[2] })).toEqual([ids[1]]);
    expect(await page({ kinds: [a.name] })).toEqual([ids[2], ids[0]]);
    expect(await page({ states: ['QUEUED'], kinds: [a.name, b.name] })).toEqual([ids[1], ids[0]]);
  });
});

describe('a job that fails', () => {
  it('is tried again so often, and then has a code and a sentence; the cause stays in the log', async () => {
    const one = await start({ handlers: [poisons()] });
    const t = tenant();
    const { id } = await one.enqueue(poison, {}, t);
    expect(await one.end(t, id)).toMatchObject({ state: 'FAILED', attempts: 3, error: { code: 'INTERNAL', message: new AtlasError('INTERNAL').message } });
    expect(one.logged.join('')).toContain('It never works.');
  });

  it('by what a person has to mend is not tried again', async () => {
    const kind = kindOf();
    const one = await start({ handlers: [perform(kind, async () => { throw new AtlasError('INVALID_INPUT', 'Line 3 has no title.'); })] });
    const t = tenant();
    const { id } = await one.enqueue(kind, {}, t);
    expect(await one.end(t, id)).toMatchObject({ state: 'FAILED', attempts: 1, error: { code: 'INVALID_INPUT', message: 'Line 3 has no title.' } });
  });

  it('can be tried again by hand, and goes on from where it was', async () => {
    const kind = kindOf({ attemptsMax: 1 });
    const began: unknown[] = [];
    const handlers: Handler[] = [];
    const one = await start();
    handlers.push(perform(kind, async (attempt) => {
      began.push([attempt.attempt, attempt.checkpoint]);
      if (began.length > 1) return 'done';
      await one.desk.work(attempt.scope, ({ jobs }) => jobs.checkpoint({ line: 7 }, { progress: 0.5, note: 'half' }));
      throw new Error('The disk is full.');
    }));
    one.queue.handle(handlers);
    const t = tenant();
    const { id } = await one.enqueue(kind, {}, t);
    expect(await one.end(t, id)).toMatchObject({ state: 'FAILED', progress: 0.5, note: 'half' });
    expect(await one.desk.work(by(t), ({ jobs }) => jobs.retry(id))).toMatchObject({ state: 'QUEUED', attempts: 0, error: null, finishedAt: null });
    expect(await one.end(t, id)).toMatchObject({ state: 'SUCCEEDED', result: 'done' });
    expect(began).toEqual([[1, null], [1, { line: 7 }]]);
    await expect(one.desk.work(by(t), ({ jobs }) => jobs.retry(id))).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  it('shows what its last checkpoint said, and nothing that was said before it', async () => {
    const [kind, other] = [kindOf({ attemptsMax: 1 }), kindOf()];
    const one = await start();
    const t = tenant();
    let beside: string | null = null;
    one.queue.handle([perform(other, async (_, run) => {
      run.progress(0.9, 'beside it');
      await new Promise((resolve) => { run.signal.addEventListener('abort', resolve); });
    }), perform(kind, async (attempt, run) => {
      run.progress(0.1, 'begun');
      await eventually('its beginning to be written', async () => (await one.see(t, attempt.id)).note);
      run.progress(0.2, 'looked through');
      await one.desk.work(attempt.scope, ({ jobs }) => jobs.checkpoint({}, { progress: 0.5, note: 'half' }));
      // What is said of all that run here is written in one round: this one's has been by then too.
      const { id } = await one.enqueue(other, {}, t);
      beside = await eventually('the other to be heard of', async () => (await one.see(t, id)).note);
      await one.desk.work(by(t), ({ jobs }) => jobs.cancel(id));
      throw new Error('The disk is full.');
    })]);
    const { id } = await one.enqueue(kind, {}, t);
    expect([await one.end(t, id), beside]).toMatchObject([{ state: 'FAILED', progress: 0.5, note: 'half' }, 'beside it']);
  });

  it('does not hold up what stands behind it', async () => {
    const one = await start({ handlers: [poisons(), counts(() => one.desk)] });
    const t = tenant();
    const bad = await Promise.all(Array.from({ length: 5 }, () => one.enqueue(poison, {}, t)));
    const good = await one.enqueue(counting, { steps: 1, msEach: 1 }, t);
    expect(await one.end(t, good.id)).toMatchObject({ state: 'SUCCEEDED' });
    for (const { id } of bad) expect(await one.end(t, id)).toMatchObject({ state: 'FAILED' });
  });

  it('says why in what a database can hold, whatever was quoted in it', async () => {
    const kind = kindOf({ attemptsMax: 2 });
    const one = await start({ handlers: [perform(kind, async ({ attempt }) => { throw new AtlasError(attempt === 1 ? 'OBJECTS_UNAVAILABLE' : 'FILE_UNREADABLE', 'The column "a\0\ud800" is there twice.'); })] });
    const t = tenant();
    const { id } = await one.enqueue(kind, {}, t);
    expect(await one.end(t, id)).toMatchObject({ state: 'FAILED', attempts: 2, error: { code: 'FILE_UNREADABLE', message: 'The column "a\ufffd" is there twice.' } });
  });

  it('because its result cannot be kept says so', async () => {
    const kind = kindOf();
    const one = await start({ handlers: [perform(kind, async () => 'a NUL: \0')] });
    const t = tenant();
    const { id } = await one.enqueue(kind, {}, t);
    expect(await one.end(t, id)).toMatchObject({ state: 'FAILED', error: { code: 'INTERNAL' } });
  });
});

/** What a service can count on when it asks for a job: that it is there with the work that asked, done once, tried again, and seen by its tenant alone. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/kit/eventually.ts';
import { freshDatabase, type TestDatabase } from '../../test/kit/services.ts';
import { by, counting, counts, openJobProcess, poison, poisons, stepsOf, tenant, type JobProcess } from '../../test/kit/toy-jobs.ts';
import { AtlasError } from '../errors.ts';
import { newId } from '../ids.ts';
import { defineJob, perform, type Handler, type Job, type Run } from './jobs.ts';

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
/** A handler that stands still until it is let go, and says what became of it. */
function gate() {
  const runs: Run[] = [];
  let let_go: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => { let_go = resolve; });
  const stands = (run: Run) => {
    runs.push(run);
    return Promise.race([opened, new Promise((_, reject) => { run.signal.addEventListener('abort', () => reject(run.signal.reason as Error)); })]);
  };
  return { runs, stands, open: () => let_go() };
}

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

  it('does not hold up what stands behind it', async () => {
    const one = await start({ handlers: [poisons(), counts(() => one.desk)] });
    const t = tenant();
    const bad = await Promise.all(Array.from({ length: 5 }, () => one.enqueue(poison, {}, t)));
    const good = await one.enqueue(counting, { steps: 1, msEach: 1 }, t);
    expect(await one.end(t, good.id)).toMatchObject({ state: 'SUCCEEDED' });
    for (const { id } of bad) expect(await one.end(t, id)).toMatchObject({ state: 'FAILED' });
  });

  it('because its result cannot be kept says so', async () => {
    const kind = kindOf();
    const one = await start({ handlers: [perform(kind, async () => 'a NUL: \0')] });
    const t = tenant();
    const { id } = await one.enqueue(kind, {}, t);
    expect(await one.end(t, id)).toMatchObject({ state: 'FAILED', error: { code: 'INTERNAL' } });
  });
});

describe('a job that is cancelled', () => {
  it('while it waits has failed at once, and is never begun', async () => {
    const kind = kindOf();
    const began: string[] = [];
    const one = await start();
    const t = tenant();
    const { id } = await one.enqueue(kind, {}, t);
    expect(await one.desk.work(by(t), ({ jobs }) => jobs.cancel(id))).toMatchObject({ state: 'FAILED', error: { code: 'CANCELLED' } });
    expect(await one.desk.work(by(t), ({ jobs }) => jobs.cancel(id))).toMatchObject({ state: 'FAILED', error: { code: 'CANCELLED' } });
    one.queue.handle([perform(kind, async (attempt) => void began.push(attempt.id))]);
    const other = await one.enqueue(kind, {}, t);
    await one.end(t, other.id);
    expect(began).toEqual([other.id]);
  });

  it('while it runs elsewhere stops there, and is not tried again', async () => {
    const kind = kindOf();
    const { runs, stands } = gate();
    await start({ handlers: [perform(kind, (_, run) => stands(run))], leaseMs: 20_000 });
    const asks = await start();
    const t = tenant();
    const { id } = await asks.enqueue(kind, {}, t);
    await eventually('it to run', () => runs.length === 1);
    expect(await asks.desk.work(by(t), ({ jobs }) => jobs.cancel(id))).toMatchObject({ state: 'RUNNING', cancelAskedAt: expect.any(Date) });
    expect(await asks.end(t, id)).toMatchObject({ state: 'FAILED', attempts: 1, error: { code: 'CANCELLED', message: new AtlasError('CANCELLED').message } });
    await expect(asks.desk.work(by(t), ({ jobs }) => jobs.cancel(newId('job')))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('too late has succeeded, and cannot be cancelled any more', async () => {
    const kind = kindOf();
    const { runs } = gate();
    let done: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => { done = resolve; });
    const one = await start({ handlers: [perform(kind, async (_, run) => { runs.push(run); await finished; return 'whole'; })] });
    const t = tenant();
    const { id } = await one.enqueue(kind, {}, t);
    await eventually('it to run', () => runs.length === 1);
    await one.desk.work(by(t), ({ jobs }) => jobs.cancel(id));
    await eventually('it to be told', () => runs[0]!.signal.aborted);
    done();
    expect(await one.end(t, id)).toMatchObject({ state: 'SUCCEEDED', result: 'whole' });
    await expect(one.desk.work(by(t), ({ jobs }) => jobs.cancel(id))).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });
});

describe('who follows a job', () => {
  it('sees it change in another process, and its end', async () => {
    const kind = kindOf();
    const { runs, stands, open: letGo } = gate();
    await start({ handlers: [perform(kind, async (_, run) => { run.progress(0.25, 'a quarter'); await stands(run); return 'whole'; })] });
    const follows = await start();
    const t = tenant();
    const { id } = await follows.enqueue(kind, {}, t);
    const seen: Job[] = [];
    const ended = (async () => { for await (const job of follows.queue.follow(by(t), id, new AbortController().signal)) seen.push(job); })();
    await eventually('a quarter', () => runs.length === 1 && seen.some(({ progress, note }) => progress === 0.25 && note === 'a quarter'));
    letGo();
    await ended;
    expect(seen.at(-1)).toMatchObject({ state: 'SUCCEEDED', progress: 1, result: 'whole' });
    expect(new Set(seen.map(({ state }) => state))).toEqual(new Set(['QUEUED', 'RUNNING', 'SUCCEEDED'].filter((state) => seen.some((job) => job.state === state))));
  });

  it('ends when nobody follows any longer, whether or not anything happens', async () => {
    const one = await start();
    const t = tenant();
    const { id } = await one.enqueue(kindOf(), {}, t);
    const gone = new AbortController();
    const stream = one.queue.follow(by(t), id, gone.signal);
    expect((await stream.next()).value).toMatchObject({ state: 'QUEUED' });
    const waiting = stream.next();
    gone.abort();
    expect(await waiting).toMatchObject({ done: true });
  });
});

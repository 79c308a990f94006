/** What a tenant can do about its jobs and see of them while they wait and run. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/kit/eventually.ts';
import { freshDatabase, type TestDatabase } from '../../test/kit/databases.ts';
import { by, openJobProcess, tenant, type JobProcess } from '../../test/kit/toy-jobs.ts';
import { AtlasError } from '../errors.ts';
import { newId } from '../ids.ts';
import { defineJob, perform, type Job, type Run } from './jobs.ts';

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

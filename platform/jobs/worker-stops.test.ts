/** What becomes of jobs when a process stops, is another part of its service, or loses the database; and what is done at its time. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { doorBefore } from '../../test/kit/door.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { freshDatabase, type TestDatabase } from '../../test/kit/databases.ts';
import { counting, counts, openJobProcess, spawnWorker, step, stepsOf, tenant, type JobProcess } from '../../test/kit/toy-jobs.ts';
import { kill } from '../../test/kit/toy-subgraph.ts';
import { defineJob, perform } from './jobs.ts';

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

describe('a process that stops', () => {
  it('gives its jobs back, and the next one goes on with them; that was no attempt', async () => {
    const kind = kindOf();
    const began: unknown[] = [];
    const first = await openJobProcess(at);
    const handler = (process: () => JobProcess) => perform(kind, async (attempt, run) => {
      began.push(attempt.checkpoint);
      if (attempt.checkpoint) return attempt.attempt;
      await step(process().desk, attempt, 1);
      return new Promise((_, reject) => { run.signal.addEventListener('abort', () => reject(run.signal.reason as Error)); });
    });
    first.queue.handle([handler(() => first)]);
    const t = tenant();
    const { id } = await first.enqueue(kind, {}, t);
    await eventually('a step', async () => (await stepsOf(at.ownerUrl)).some((each) => each.job_id === id));
    await first.stop();
    const second = await start();
    expect(await second.see(t, id)).toMatchObject({ state: 'QUEUED', attempts: 0 });
    second.queue.handle([handler(() => second)]);
    expect(await second.end(t, id)).toMatchObject({ state: 'SUCCEEDED', result: 1 });
    expect(began).toEqual([null, { done: 1 }]);
  });

  it('does not wait for ever for a handler that does not', async () => {
    const kind = kindOf();
    const first = await openJobProcess(at, { drainMs: 300 });
    let began = false;
    first.queue.handle([perform(kind, () => { began = true; return new Promise(() => undefined); })]);
    const t = tenant();
    const { id } = await first.enqueue(kind, {}, t);
    await eventually('it to run', () => began);
    await first.stop();
    const second = await start();
    expect(await second.see(t, id)).toMatchObject({ state: 'QUEUED', attempts: 0 });
  });
});

it('a process that is another part of the service asks for jobs and runs none', async () => {
  const kind = kindOf();
  const began: string[] = [];
  const handlerOf = (where: string) => perform(kind, async () => void began.push(where));
  const api = await start({ parts: new Map([['tenants', 'api']]), handlers: [handlerOf('api')] });
  await start({ parts: new Map([['tenants', 'consumers']]), handlers: [handlerOf('consumers')] });
  const t = tenant();
  const first = await api.enqueue(kind, {}, t);
  await start({ parts: new Map([['tenants', 'jobs']]), handlers: [handlerOf('jobs')] });
  await api.end(t, first.id);
  expect(began).toEqual(['jobs']);
});

it('what is scheduled is done once each time, however many workers there are', async () => {
  const t = tenant();
  // A tick says in which minute it was done: one that came due in a minute's last second would stand in the next, beside that one's.
  await eventually('the beginning of a minute', () => Date.now() % 60_000 < 20_000, 90_000);
  const workers = await Promise.all([1, 2].map(() => spawnWorker(at, { leaseMs: 2_000, ticks: t })));
  try {
    const ticks = async () => (await stepsOf(at.ownerUrl)).filter(({ job_id, tenant_id }) => job_id === 'tick' && tenant_id === t).map(({ n }) => n);
    await eventually('the first minute', async () => (await ticks()).length >= 1, 90_000);
    await new Promise((resolve) => setTimeout(resolve, 17_000)); // each of them looks at the schedules once more
    const minutes = await ticks();
    expect(new Set(minutes).size).toBe(minutes.length);
  } finally {
    await Promise.all(workers.map(kill));
  }
}, 300_000);

it('a database that goes away and comes back stops no worker, and nothing is printed', async () => {
  const door = await doorBefore(at.url);
  const one = await start({ through: door.url, leaseMs: 1_000 });
  const printed: string[] = [];
  const rejected: unknown[] = [];
  const note = (error: unknown) => void rejected.push(error);
  const { write } = process.stderr;
  process.on('unhandledRejection', note);
  process.stderr.write = ((text: string) => { printed.push(text); return true; }) as never;
  try {
    one.queue.handle([counts(() => one.desk)]);
    one.queue.schedule({ name: 'tenants.nothing', cron: '* * * * *', run: async () => undefined });
    const t = tenant();
    const { id } = await one.enqueue(counting, { steps: 10, msEach: 40 }, t);
    await eventually('a step', async () => (await stepsOf(at.ownerUrl)).some((each) => each.job_id === id));
    await door.shut();
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    await door.open();
    const job = await eventually('its end', async () => { const seen = await one.see(t, id).catch(() => null); return seen?.finishedAt && seen; }, 60_000);
    expect(job).toMatchObject({ state: 'SUCCEEDED' });
    expect((await stepsOf(at.ownerUrl)).filter((each) => each.job_id === id).map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  } finally {
    process.stderr.write = write;
    process.off('unhandledRejection', note);
    await open.splice(open.indexOf(one), 1)[0]!.stop();
    await door.shut();
  }
  expect([printed, rejected]).toEqual([[], []]);
}, 120_000);

/**
 * R4: workers as processes that are ended without warning, or stand still for longer than their lease and then go on, while
 * tenants ask for jobs, cancel some, and ask for some that never work. In the end every job has ended, with a reason where
 * it failed, and every step of those that count was taken once.
 */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { JOBS_ROLE } from '../../platform/database/roles.ts';
import type { TenantId } from '../../platform/ids.ts';
import type { Job } from '../../platform/jobs/jobs.ts';
import { eventually } from '../kit/eventually.ts';
import { randomFrom, type Random } from '../kit/random.ts';
import { by, counting, openJobProcess, poison, spawnWorker, stepsOf, tenant, type JobProcess } from '../kit/toy-jobs.ts';
import { kill } from '../kit/toy-subgraph.ts';

const WORKERS = 2;
const TENANTS = 3;
const STEPS = 12;
const PER_KILL = 6;
const STUCK_MS = 30_000;

export interface JobKillRun { kills: number; seed: number; leaseMs: number; say?: (line: string) => void }
export interface JobKills { faults: string[]; takenOver: number; figures: string }

interface Asked { tenantId: TenantId; id: string; isPoison: boolean }
type At = { url: string; ownerUrl: string };

export async function jobKills(given: JobKillRun, at: At): Promise<JobKills> {
  const next = randomFrom(given.seed);
  const tenants = Array.from({ length: TENANTS }, tenant);
  const asker = await openJobProcess(at);
  const spawned = () => spawnWorker(at, { leaseMs: given.leaseMs });
  const workers: ChildProcess[] = [];
  const asked: Asked[] = [];
  const watch = await watchLeases(at.url);
  const went = { killed: 0, stalled: 0 };
  try {
    workers.push(...await Promise.all(Array.from({ length: WORKERS }, spawned)));
    for (let n = 0; n < given.kills; n += 1) {
      asked.push(...await askFor(asker, tenants, next));
      await eventually('jobs to run', async () => (await watch.running()) > 0);
      await sleep(next() * 300);
      const which = Math.floor(next() * workers.length);
      // One in four stands still instead; it goes on when others have its jobs.
      if (next() < 0.25) {
        workers[which]!.kill('SIGSTOP');
        await sleep(given.leaseMs * 2);
        workers[which]!.kill('SIGCONT');
        went.stalled += 1;
        n -= 1;
        continue;
      }
      await kill(workers[which]!);
      workers[which] = await spawned();
      went.killed += 1;
      given.say?.(`${n + 1}/${given.kills} ended; ${await watch.running()} run, the oldest lease was over for ${Math.round(watch.oldestMs())} ms at most`);
    }
    const jobs: Job[] = [];
    for (const { tenantId, id } of asked) jobs.push(await asker.end(tenantId, id));
    await sleep(given.leaseMs); // whoever is late has time to do what it must not
    const faults = [...faultsOf(asked, jobs, await stepsOf(at.ownerUrl)), ...(watch.oldestMs() > STUCK_MS ? [`A job was left RUNNING for ${Math.round(watch.oldestMs())} ms after its lease.`] : [])];
    const takenOver = jobs.filter(({ kind, attempts }) => kind === counting.name && attempts > 1).length;
    const by = (is: (job: Job) => boolean) => jobs.filter(is).length;
    return { faults, takenOver, figures: `(seed ${given.seed}) ${went.killed} workers ended, ${went.stalled} stood still; ${jobs.length} jobs: ${by(({ state }) => state === 'SUCCEEDED')} succeeded, ${by(({ error, state }) => state === 'FAILED' && error?.code === 'CANCELLED')} cancelled, ${by(({ kind, state }) => kind === poison.name && state === 'FAILED')} that never work failed; ${takenOver} begun more than once; ${faults.length} stuck, lost or doubled; a lease was over for at most ${Math.round(watch.oldestMs())} ms` };
  } finally {
    await watch.stop();
    await Promise.all(workers.map(kill));
    await asker.stop();
  }
}

/** Some of each tenant; one in ten never works, one in ten is cancelled a moment later. */
async function askFor(asker: JobProcess, tenants: readonly TenantId[], next: Random): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (let n = 0; n < PER_KILL; n += 1) {
    const tenantId = tenants[Math.floor(next() * tenants.length)]!;
    const isPoison = next() < 0.1;
    const { id } = await (isPoison ? asker.enqueue(poison, {}, tenantId) : asker.enqueue(counting, { steps: STEPS, msEach: 40 }, tenantId));
    asked.push({ tenantId, id, isPoison });
    if (next() < 0.1) await asker.desk.work(by(tenantId), ({ jobs }) => jobs.cancel(id)).catch(() => undefined); // it may have failed already
  }
  return asked;
}

function faultsOf(asked: readonly Asked[], jobs: readonly Job[], steps: readonly { job_id: string; n: number; tenant_id: string }[]): string[] {
  return asked.flatMap(({ id, isPoison, tenantId }, n): string[] => {
    const job = jobs[n]!;
    const mine = steps.filter((step) => step.job_id === id);
    const taken = mine.map((step) => step.n);
    const wrong: string[] = [];
    if (taken.some((step, at) => step !== at + 1)) wrong.push(`${id} took the steps ${taken.join(' ')}.`);
    if (mine.some((step) => step.tenant_id !== tenantId)) wrong.push(`${id} took a step in another tenant.`);
    if (job.state === 'SUCCEEDED' && (isPoison || taken.length !== STEPS)) wrong.push(`${id} succeeded with ${taken.length} steps.`);
    if (job.state === 'FAILED' && !(job.error?.code === 'CANCELLED' || (isPoison && job.error?.code === 'INTERNAL'))) wrong.push(`${id} failed because of ${job.error?.code}: ${job.error?.message}`);
    return wrong;
  });
}

/** For how long the lease of anything that is RUNNING has been over, by the clock of the database. */
async function watchLeases(url: string): Promise<{ running(): Promise<number>; oldestMs(): number; stop(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url, options: `-c role=${JOBS_ROLE}` });
  await client.connect();
  let oldest = 0;
  const look = async () => {
    const { rows: [row] } = await client.query<{ count: number; late: number }>(
      `SELECT count(*)::int AS count, coalesce(max(extract(epoch FROM clock_timestamp() - leased_until)) * 1000, 0)::float8 AS late FROM jobs.job WHERE state = 'RUNNING'`);
    oldest = Math.max(oldest, row!.late);
    return row!.count;
  };
  let looking = Promise.resolve(0);
  const timer = setInterval(() => { looking = looking.then(look); }, 200);
  return {
    running: look, oldestMs: () => oldest,
    async stop() {
      clearInterval(timer);
      await looking;
      await client.end();
    },
  };
}

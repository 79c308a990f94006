/**
 * What runs jobs in one process: it sees to it that tickets are issued, takes as many jobs as it has room for, renews
 * their leases, and on a stop lets their handlers reach a good place or gives the jobs back.
 */
import { AtlasError } from '../errors.ts';
import type { Log } from '../log.ts';
import { loop } from '../loop.ts';
import { jobSeconds, jobsRunning, jobsTotal, jobsWaiting } from '../telemetry/metrics.ts';
import { JobLost } from './fence.ts';
import { feedTickets } from './feed-tickets.ts';
import { transaction, type JobGround } from './ground.ts';
import { renew, takeJob, writeProgress, type Step } from './hold.ts';
import type { Handler, Schedule } from './jobs.ts';
import { runJob, Stopping, type Running } from './run-job.ts';
import { runTask, type Tasks } from './run-task.ts';
import { PURGE_ROLE } from '../database/roles.ts';
import { JOBS_CHANNEL } from './tables.ts';
import { openTickets, taskQueue, type Ticket, type Tickets } from './tickets.ts';

const LOOK_EVERY_MS = 1_000;
const BEAT_EVERY_MS = 400;
/** A lease is renewed when this part of it is over. */
const RENEW_AT = 1 / 3;
const COUNT_EVERY_MS = 5_000;
const TIDY_EVERY_MS = 3_600_000;
const TIDY_MAX = 1_000;

export interface Worker {
  add(service: string, handlers: readonly Handler[]): void;
  schedule(task: Schedule): void;
  /** In short, how it stands; null before anybody looked. */
  said(): string | null;
  stop(): Promise<void>;
}

export function openWorker(given: { ground: JobGround; leaseMs: number; stopMs: number; log: Log }): Worker {
  const { ground: { pool, hear }, leaseMs, log } = given;
  const handlers = new Map<string, Handler & { service: string }>();
  const schedules = new Map<string, Schedule>();
  const running = new Map<string, Running>();
  const tasks: Tasks = new Map();
  let tickets: Tickets | null = null;
  let opened = 0;
  let stopping = false;
  let waiting: number | null = null;

  const kinds = () => [...handlers.values()].map(({ kind }) => kind);
  const known = () => handlers.size + schedules.size;
  const ready = async (): Promise<Tickets> => {
    if (tickets && opened === known()) return tickets;
    await tickets?.close();
    tickets = null;
    const now = known();
    tickets = await openTickets({ pool, kinds: [...handlers.keys()], schedules: [...schedules.values()], log });
    opened = now;
    return tickets;
  };

  const start = async (ticket: Ticket, handler: Handler & { service: string }) => {
    const since = performance.now();
    const job = await takeJob(pool, handler.service, ticket, leaseMs);
    if (!job) return;
    running.get(job.id)?.cut(new JobLost(), 0); // this process stood still for longer than its lease, and has found it again
    const one = runJob({ job, handler, pool, leaseMs, heldUntilMs: since + leaseMs, log });
    running.set(job.id, one);
    jobsRunning.inc({ kind: job.kind });
    if (stopping) one.cut(new Stopping(), given.stopMs);
    void one.ended.then((outcome) => {
      if (running.get(job.id) === one) running.delete(job.id);
      jobsRunning.dec({ kind: job.kind });
      jobsTotal.inc({ kind: job.kind, outcome });
      jobSeconds.observe({ kind: job.kind }, (performance.now() - since) / 1_000);
      if (!stopping) dispatching.nudge();
    });
  };
  const roomOf = ({ kind }: Handler) => kind.atOnce - [...running.values()].filter(({ job }) => job.kind === kind.name).length;

  const dispatch = async () => {
    if (known() === 0) return;
    const from = await ready();
    const open = await feedTickets(pool, from, { kinds: kinds(), queues: [...schedules.keys()].map(taskQueue) });
    for (const [name, handler] of handlers) {
      const room = open.has(name) ? roomOf(handler) : 0;
      if (room <= 0 || stopping) continue;
      const taken = await from.take(name, room);
      // One after the other: there are few connections, and leases want theirs.
      for (const ticket of taken) await start(ticket, handler);
      await from.giveUp(name, taken);
    }
    for (const [name, task] of schedules) if (open.has(taskQueue(name)) && !stopping) await runTask(task, { tickets: from, tasks, log });
  };

  const feel = async () => {
    const now = performance.now();
    const all = [...running.values()];
    for (const one of all) if (one.heldUntilMs < now) one.cut(new JobLost(), 0);
    const due = all.filter((one) => one.heldUntilMs - now < leaseMs * (1 - RENEW_AT) || heard.has(one.job.id));
    heard.clear();
    if (due.length > 0) await renewAll(due, now);
    const steps = all.map((one) => one.takeStep()).filter((step): step is Step => step !== null);
    if (steps.length > 0) await writeProgress(pool, steps);
  };
  const renewAll = async (due: readonly Running[], now: number) => {
    const felt = new Map((await renew(pool, due.map(({ job }) => job), leaseMs)).map((each) => [each.id, each]));
    for (const one of due) {
      const mine = felt.get(one.job.id);
      if (!mine) one.cut(new JobLost(), 0);
      else if (mine.renewed) one.heldUntilMs = now + leaseMs;
      if (mine?.cancelled) one.cut(new AtlasError('CANCELLED'));
    }
  };

  /** Jobs that run here and of which something was said: looked at before their leases are due. */
  const heard = new Set<string>();
  const dispatching = loop({ name: 'jobs', everyMs: LOOK_EVERY_MS, log, round: dispatch });
  const beating = loop({ name: 'leases of jobs', everyMs: Math.min(BEAT_EVERY_MS, leaseMs / 6), log, round: feel });
  const counting = loop({ name: 'count of jobs', everyMs: COUNT_EVERY_MS, log, round: async () => {
    const { rows } = await pool.query<{ kind: string; count: number }>(
      `SELECT kind, count(*)::int AS count FROM jobs.job WHERE kind = ANY ($1) AND state = 'QUEUED' AND run_after <= clock_timestamp() GROUP BY kind`, [[...handlers.keys()]]);
    for (const kind of handlers.keys()) jobsWaiting.set({ kind }, rows.find((row) => row.kind === kind)?.count ?? 0);
    waiting = rows.reduce((sum, { count }) => sum + count, 0);
  } });
  const tidying = loop({ name: 'old jobs', everyMs: TIDY_EVERY_MS, log, round: () => transaction(pool, `SET LOCAL ROLE ${PURGE_ROLE}`, async (client) =>
    (await client.query(`DELETE FROM jobs.job WHERE id IN (SELECT id FROM jobs.job WHERE finished_at < now() - interval '30 days' LIMIT ${TIDY_MAX})`)).rowCount === TIDY_MAX) });

  const unhear = hear(JOBS_CHANNEL, (said) => {
    const [id, kind, what] = said === 'missed' ? [] : said.word.split(' ');
    if (said === 'missed' || (what === 'state' && handlers.has(kind!))) dispatching.nudge();
    if (!id || !running.has(id) || what !== 'state') return;
    heard.add(id);
    beating.nudge();
  });

  return {
    add(service, added) {
      for (const handler of added) {
        if (!handler.kind.name.startsWith(`${service}.`)) throw new Error(`${handler.kind.name} is no kind of job of ${service}: its name begins with that of its service.`);
        handlers.set(handler.kind.name, { ...handler, service });
      }
      dispatching.nudge();
    },
    schedule(task) {
      schedules.set(task.name, task);
      dispatching.nudge();
    },
    said: () => (waiting === null ? null : `${waiting} wait, ${running.size} run here`),
    async stop() {
      stopping = true;
      unhear();
      await Promise.all([dispatching.stop(), counting.stop(), tidying.stop()]);
      for (const task of tasks.values()) task.stop();
      for (const one of running.values()) one.cut(new Stopping(), given.stopMs);
      await Promise.all([...[...running.values()].map(({ ended }) => ended), ...[...tasks.values()].map(({ ended }) => ended)]);
      await beating.stop();
      await tickets?.close();
    },
  };
}

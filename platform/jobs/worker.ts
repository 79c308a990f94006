/**
 * What runs jobs in one process: it sees to it that tickets are issued, takes as many jobs as it has room for, and on a
 * stop lets their handlers come to a good place or gives the jobs back.
 */
import type { Log } from '../log.ts';
import { loop } from '../loop.ts';
import { jobSeconds, jobsRunning, jobsTotal } from '../telemetry/metrics.ts';
import { watchBacklog } from './backlog.ts';
import { feedTickets } from './feed-tickets.ts';
import { JobLost } from './fence.ts';
import type { JobGround } from './ground.ts';
import { takeJob } from './hold.ts';
import type { Handler, Schedule } from './jobs.ts';
import { keepLeases } from './keep-leases.ts';
import { runJob, Stopping, type Running } from './run-job.ts';
import { runTask, type Tasks } from './run-task.ts';
import { JOBS_CHANNEL } from './tables.ts';
import { openTickets, taskQueue, type Ticket, type Tickets } from './tickets.ts';

const LOOK_EVERY_MS = 1_000;

export interface Worker {
  add(service: string, handlers: readonly Handler[]): void;
  schedule(task: Schedule): void;
  /** In short, how it stands; null before anybody looked. */
  said(): string | null;
  stop(): Promise<void>;
}

type Known = Handler & { service: string };

export function openWorker(given: { ground: JobGround; leaseMs: number; stopMs: number; log: Log }): Worker {
  const { ground: { pool, hear }, log } = given;
  const handlers = new Map<string, Known>();
  const schedules = new Map<string, Schedule>();
  const running = new Map<string, Running>();
  const tasks: Tasks = new Map();
  const tickets = ticketsOf({ pool, handlers, schedules, log });
  let stopping = false;
  const take = async (ticket: Ticket, handler: Known) => {
    const one = await begin(ticket, handler, { ...given, running });
    if (stopping) one?.cut(new Stopping(), given.stopMs);
    void one?.ended.then(() => { if (!stopping) dispatching.nudge(); });
  };

  const dispatching = loop({ name: 'jobs', everyMs: LOOK_EVERY_MS, log, round: async () => {
    if (handlers.size + schedules.size === 0) return;
    const from = await tickets.open();
    const open = await feedTickets(pool, from, { kinds: [...handlers.values()].map(({ kind }) => kind), queues: [...schedules.keys()].map(taskQueue) });
    for (const [name, handler] of handlers) {
      const room = handler.kind.atOnce - [...running.values()].filter(({ job }) => job.kind === name).length;
      if (room <= 0 || stopping || !open.has(name)) continue;
      const fetched = await from.take(name, room);
      // One after the other: there are few connections, and leases want theirs.
      for (const ticket of fetched) await take(ticket, handler);
      await from.giveUp(name, fetched);
    }
    for (const [name, task] of schedules) if (open.has(taskQueue(name)) && !stopping) await runTask(task, { tickets: from, tasks, log });
  } });
  const leases = keepLeases({ pool, running, leaseMs: given.leaseMs, log });
  const backlog = watchBacklog({ pool, kinds: () => [...handlers.keys()], log });
  const unhear = hear(JOBS_CHANNEL, (said) => {
    const [id, kind, what] = said === 'missed' ? [] : said.word.split(' ');
    if (what === 'progress') return;
    if (kind === undefined || handlers.has(kind)) dispatching.nudge();
    if (id !== undefined) leases.look(id);
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
    said: () => (backlog.waiting() === null ? null : `${backlog.waiting()} wait, ${running.size} run here`),
    async stop() {
      stopping = true;
      unhear();
      await Promise.all([dispatching.stop(), backlog.stop()]);
      for (const task of tasks.values()) task.stop();
      for (const one of running.values()) one.cut(new Stopping(), given.stopMs);
      await Promise.all([...running.values(), ...tasks.values()].map(({ ended }) => ended));
      await leases.stop();
      await tickets.close();
    },
  };
}

/** Takes the job, unless somebody else has, and runs it; does not wait for its end. */
async function begin(ticket: Ticket, handler: Known, { ground: { pool }, running, leaseMs, log }: { ground: JobGround; running: Map<string, Running>; leaseMs: number; log: Log }): Promise<Running | null> {
  const since = performance.now();
  const job = await takeJob(pool, handler.service, ticket, leaseMs);
  if (!job) return null;
  running.get(job.id)?.cut(new JobLost(), 0); // this process stood still for longer than its lease, and has found it again
  const one = runJob({ job, handler, pool, leaseMs, heldUntilMs: since + leaseMs, log });
  running.set(job.id, one);
  jobsRunning.inc({ kind: job.kind });
  void one.ended.then((outcome) => {
    if (running.get(job.id) === one) running.delete(job.id);
    jobsRunning.dec({ kind: job.kind });
    jobsTotal.inc({ kind: job.kind, outcome });
    jobSeconds.observe({ kind: job.kind }, (performance.now() - since) / 1_000);
  });
  return one;
}

/** Opened when they are first needed, and anew when there is a kind or a schedule more. */
function ticketsOf({ pool, handlers, schedules, log }: { pool: JobGround['pool']; handlers: ReadonlyMap<string, Known>; schedules: ReadonlyMap<string, Schedule>; log: Log }) {
  let current: Tickets | null = null;
  let knows = 0;
  return {
    async open(): Promise<Tickets> {
      const known = handlers.size + schedules.size;
      if (current && knows === known) return current;
      await current?.close();
      current = null;
      current = await openTickets({ pool, kinds: [...handlers.keys()], schedules: [...schedules.values()], log });
      knows = known;
      return current;
    },
    close: async (): Promise<void> => current?.close(),
  };
}

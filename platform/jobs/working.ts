/** The jobs of the services of one process. Where it is not the part of a service that runs jobs, what would run them is not registered: it asks for jobs, and follows them. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database, Scope } from '../database/database.ts';
import type { Settings } from '../config.ts';
import type { Log } from '../log.ts';
import type { ServiceName } from '../names.ts';
import { runsJobs, type Parts } from '../parts.ts';
import { openFollowers } from './follow.ts';
import type { JobGround } from './ground.ts';
import type { Handler, Job, Jobs, Schedule } from './jobs.ts';
import { PostgresJobs } from './postgres-jobs.ts';
import { openWorker, type Worker } from './worker.ts';

/** One service's way to the queue. */
export interface JobQueue {
  /** The jobs, as a port of a work or a look. */
  within(em: EntityManager): Jobs;
  /** From now until the process stops; nothing where this process runs no jobs of the service. */
  handle(handlers: readonly Handler[]): void;
  schedule(task: Schedule): void;
  /** One job as it is and as it changes, whichever process runs it, read each time in the scope of who follows; ends with the job. */
  follow(scope: Scope, id: string, signal: AbortSignal): AsyncIterableIterator<Job>;
}

export interface Working {
  queueOf(service: ServiceName): JobQueue;
  /** For whoever asks whether this process is ready; empty where no jobs run. */
  detail(): Record<string, string>;
  /** Handlers are let come to a good place; what they do not finish is given back. */
  stop(): Promise<void>;
}

export function openWorking(given: { ground: JobGround; settings: Pick<Settings, 'JOBS_LEASE_MS' | 'DRAIN_MS'>; log: Log; parts: Parts; databaseOf: (service: ServiceName) => Database }): Working {
  const { ground, settings, log, parts } = given;
  const followers = openFollowers({ hear: ground.hear, log });
  let worker: Worker | undefined;
  const working = (): Worker => (worker ??= openWorker({ ground, leaseMs: settings.JOBS_LEASE_MS, stopMs: settings.DRAIN_MS, log }));
  return {
    queueOf: (service) => ({
      within: (em) => new PostgresJobs(em),
      handle(handlers) { if (handlers.length > 0 && runsJobs(parts, service)) working().add(service, handlers); },
      schedule(task) { if (runsJobs(parts, service)) working().schedule(task); },
      follow: (scope, id, signal) => followers.follow(id, () => given.databaseOf(service).transaction(scope, 'read', (em) => new PostgresJobs(em).byId(id)), signal),
    }),
    detail: (): Record<string, string> => {
      const said = worker?.said();
      return said ? { jobs: said } : {};
    },
    stop: async () => void (await Promise.all([followers.stop(), worker?.stop()])),
  };
}

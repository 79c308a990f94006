/**
 * A service that does little but jobs, for trying the queue: schema `tenants`, with a row for every step that a handler
 * has taken. Further processes are further workers over the same database, in this process or as one that can be killed.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { openPostgresLog } from '../../platform/bus/postgres-log.ts';
import { databaseOpener, type Database, type Scope } from '../../platform/database/database.ts';
import { newId, type JobId, type TenantId, type UserId } from '../../platform/ids.ts';
import { openJobGround, type JobGround } from '../../platform/jobs/ground.ts';
import { defineJob, perform, type Handler, type Job, type JobKind, type Jobs } from '../../platform/jobs/jobs.ts';
import { jobAdministration, jobRights } from '../../platform/jobs/tables.ts';
import { openWorking, type JobQueue } from '../../platform/jobs/working.ts';
import { openLog } from '../../platform/log.ts';
import type { ServiceName } from '../../platform/names.ts';
import { outboxTables } from '../../platform/outbox/tables.ts';
import type { Parts } from '../../platform/parts.ts';
import { deskOver, type Desk } from '../../platform/work.ts';
import { eventually } from './eventually.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/job-process.ts', import.meta.url));

const migrations = [{
  name: '0001-steps',
  sql: `${outboxTables('tenants')}
    CREATE TABLE tenants.step (id bigserial, tenant_id text NOT NULL, job_id text NOT NULL, n int NOT NULL, fence int NOT NULL);
    GRANT USAGE ON SEQUENCE tenants.step_id_seq TO atlas_tenants;
    GRANT SELECT, INSERT ON tenants.step TO atlas_tenants;
    ${jobRights('tenants')}`,
}];
/** Shows and decides about the jobs of all services, as the service of collections does. */
const administration = [{ name: '0001-jobs', sql: `${outboxTables('users')}${jobRights('users')}${jobAdministration('users')}` }];

export const tenant = (): TenantId => newId('tnt');
export const by = (tenantId: TenantId, userId: UserId = newId('usr')): Scope => ({ kind: 'user', id: userId, userId, tenantId });

export interface Ports { jobs: Jobs; em: EntityManager }
export interface Step { tenant_id: string; job_id: string; n: number; fence: number }

export interface Counting { steps: number; msEach: number }
/** Begun far more often than anybody kills. */
export const counting = defineJob<Counting, { steps: number }>('tenants.count', { atOnce: 4, perTenant: 3, attemptsMax: 1_000, firstRestMs: 50, restMaxMs: 200 });
export const poison = defineJob<object>('tenants.poison', { attemptsMax: 3, firstRestMs: 20, restMaxMs: 50 });

export interface JobProcess {
  desk: Desk<Ports>;
  queue: JobQueue;
  /** All jobs, as who administers them. */
  others: Desk<Ports>;
  ground: JobGround;
  database: Database;
  logged: string[];
  enqueue<Input>(kind: JobKind<Input>, input: Input, tenantId: TenantId, more?: { once?: string; afterMs?: number }): Promise<Job>;
  see(tenantId: TenantId, id: string): Promise<Job>;
  /** Once it has ended. */
  end(tenantId: TenantId, id: string): Promise<Job>;
  stop(): Promise<void>;
}

export async function openJobProcess(at: { url: string; ownerUrl: string }, given: { handlers?: readonly Handler[]; leaseMs?: number; parts?: Parts; drainMs?: number; through?: string } = {}): Promise<JobProcess> {
  const logged: string[] = [];
  const log = openLog({ level: 'debug', pretty: false, destination: { write: (line) => void logged.push(line) } });
  const to = { url: given.through ?? at.url, ownerUrl: at.ownerUrl };
  const bus = await openPostgresLog({ ...to, keep: { days: 7, bytes: 1e9 }, log });
  const ground = await openJobGround({ ...to, feed: bus.feed, log });
  const open = databaseOpener({ ...to, poolMax: 6, statementMs: 10_000, log });
  const database = await open({ service: 'tenants', tables: [], migrations });
  const administrating = await open({ service: 'users', tables: [], migrations: administration });
  const settings = { JOBS_LEASE_MS: given.leaseMs ?? 2_000, DRAIN_MS: given.drainMs ?? 5_000 };
  const working = openWorking({ ground, settings, log, parts: given.parts ?? new Map(), databaseOf: (service: ServiceName) => (service === 'users' ? administrating : database) });
  const queue = working.queueOf('tenants');
  const ports = (em: EntityManager): Ports => ({ jobs: queue.within(em), em });
  const desk = deskOver(database, { ports });
  queue.handle(given.handlers ?? []);
  const see = (tenantId: TenantId, id: string) => desk.look(by(tenantId), async ({ jobs }) => (await jobs.byId(id))!);
  return {
    desk, queue, ground, database, logged, see, others: deskOver(administrating, { ports }),
    enqueue: (kind, input, tenantId, more = {}) => desk.work(by(tenantId), ({ jobs }) => jobs.enqueue(kind, input, { by: by(tenantId), ...more })),
    end: (tenantId, id) => eventually(`the end of ${id}`, async () => { const job = await see(tenantId, id); return job.finishedAt && job; }, 60_000),
    async stop() {
      await working.stop();
      await ground.close();
      await bus.close();
      await Promise.all([database.close(), administrating.close()]);
    },
  };
}

/** One step: its row and where to go on, or neither. */
export const step = (desk: Desk<Ports>, { id, fence, scope }: { id: JobId; fence: number; scope: Scope }, n: number): Promise<void> => desk.work(scope, async ({ em, jobs }) => {
  await em.execute('INSERT INTO tenants.step (tenant_id, job_id, n, fence) VALUES (?, ?, ?, ?)', [scope.tenantId, id, n, fence], 'run');
  await jobs.checkpoint({ done: n });
});

/** Takes steps and goes on where the last attempt stopped. */
export const counts = (desk: () => Desk<Ports>): Handler => perform(counting, async (attempt, run) => {
  const { steps, msEach } = attempt.input;
  for (let n = ((attempt.checkpoint as { done: number } | null)?.done ?? 0) + 1; n <= steps; n += 1) {
    run.signal.throwIfAborted();
    await sleep(msEach);
    await step(desk(), attempt, n);
    run.progress(n / steps, `step ${n}`);
  }
  return { steps };
});
export const poisons = (): Handler => perform(poison, async () => { throw new Error('It never works.'); });

export async function stepsOf(ownerUrl: string): Promise<Step[]> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    return (await owner.query<Step>('SELECT tenant_id, job_id, n, fence FROM tenants.step ORDER BY id')).rows;
  } finally {
    await owner.end();
  }
}

/** Runs `counting`, `poison` and a schedule of every minute, whose every run is a step of the job `tick` in the tenant. Resolves when it takes jobs. */
export function spawnWorker(at: { url: string; ownerUrl: string }, given: { leaseMs: number; ticks?: TenantId }): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', FIXTURE, at.url, at.ownerUrl, String(given.leaseMs), given.ticks ?? ''], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`A worker stopped with ${code}.`)));
    child.stdout.on('data', (text: Buffer) => { if (String(text).includes('working')) resolve(child); });
  });
}

/**
 * pg-boss, which hands out the turns: a ticket says that a job may be taken, once for each time that it may. It also
 * says when schedules are due. Loaded only where jobs run. It never learns that the database is away, because some of
 * its promises are waited for by nobody: what could not be asked is answered by nothing, and asked again later.
 */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import type PgBoss from 'pg-boss';
import type { Log } from '../log.ts';

/** A ticket that somebody fetched and did nothing with is handed out again after so long. */
const TICKET_SECONDS = 5;
const TIDY_SECONDS = 2;
/** Rows are tried so often that a ticket never gives up by itself. */
const NEVER = 1_000_000;
const TASK = { retryLimit: 3, retryDelay: 10, retryBackoff: true, expireInSeconds: 15 * 60 };

export interface Ticket { id: string; job: string; tenantId: string; fence: number }
export interface Task { id: string }
type Wanted = Pick<Ticket, 'tenantId' | 'fence'> & { kind: string; id: string };

export interface Tickets {
  /** In the transaction of this client. The same ticket twice is one. */
  issue(client: pg.PoolClient, wanted: readonly Wanted[]): Promise<void>;
  take(kind: string, max: number): Promise<Ticket[]>;
  giveUp(kind: string, tickets: readonly Ticket[]): Promise<void>;
  takeTask(name: string): Promise<Task | null>;
  endTask(name: string, task: Task, failure: Error | null): Promise<void>;
  close(): Promise<void>;
}

/** What pg-boss calls a queue: one for each kind of job, one for each schedule. */
export const taskQueue = (schedule: string): string => `schedule:${schedule}`;

export async function openTickets(given: { pool: pg.Pool; kinds: readonly string[]; schedules: readonly { name: string; cron: string }[]; log: Log }): Promise<Tickets> {
  const { pool, log } = given;
  const { default: Boss } = await import('pg-boss');
  const quiet: PgBoss.Db = { executeSql: (text, values) => pool.query(text, values).catch((error: unknown) => {
    log.debug({ err: error }, 'pg-boss could not ask the database; it will ask again.');
    return undefined as never;
  }) };
  const boss = new Boss({ db: quiet, schema: 'pgboss', migrate: false, maintenanceIntervalSeconds: TIDY_SECONDS, cronMonitorIntervalSeconds: 15, cronWorkerIntervalSeconds: 2 });
  boss.on('error', (error) => log.debug({ err: error }, 'pg-boss failed at something; it will be tried again.'));
  const loud: PgBoss.Db = { executeSql: (text, values) => pool.query(text, values) };
  await pool.query('SELECT 1'); // away: another try is another pg-boss
  try {
    await boss.start();
    await makeQueues(pool, given);
    for (const { name, cron } of given.schedules) await boss.schedule(taskQueue(name), cron);
    const { rowCount } = await pool.query('SELECT FROM pgboss.schedule WHERE name = ANY ($1)', [given.schedules.map(({ name }) => taskQueue(name))]);
    if (rowCount !== given.schedules.length) throw new Error('A schedule could not be written.');
  } catch (error) {
    await boss.stop({ graceful: false });
    throw error;
  }

  return {
    async issue(client, wanted) {
      const db: PgBoss.Db = { executeSql: (text, values) => client.query(text, values) };
      await boss.insert(wanted.map(({ kind, id, tenantId, fence }) => ({ id: ticketId(id, fence), name: kind, data: { job: id, tenantId, fence }, expireInSeconds: TICKET_SECONDS, retryLimit: NEVER })), { db });
    },
    async take(kind, max) {
      const fetched = await boss.fetch<Omit<Ticket, 'id'>>(kind, { batchSize: max });
      return (fetched ?? []).map(({ id, data }) => ({ id, ...data }));
    },
    async giveUp(kind, tickets) {
      if (tickets.length > 0) await boss.deleteJob(kind, tickets.map(({ id }) => id));
    },
    takeTask: async (name) => (await boss.fetch(taskQueue(name), { batchSize: 1 }))?.[0] ?? null,
    async endTask(name, { id }, failure) {
      await (failure ? boss.fail(taskQueue(name), id, { message: failure.name }, { db: loud }) : boss.complete(taskQueue(name), id, {}, { db: loud }));
    },
    close: () => boss.stop({ graceful: false }),
  };
}

async function makeQueues(pool: pg.Pool, { kinds, schedules }: { kinds: readonly string[]; schedules: readonly { name: string }[] }): Promise<void> {
  const queues = [...kinds.map((name) => ({ name, options: { policy: 'standard' } })), ...schedules.map(({ name }) => ({ name: taskQueue(name), options: { policy: 'standard', ...TASK } }))];
  const { rows } = await pool.query<{ name: string }>('SELECT name FROM pgboss.queue');
  const there = new Set(rows.map(({ name }) => name));
  for (const { name, options } of queues.filter((queue) => !there.has(queue.name))) await pool.query('SELECT pgboss.create_queue($1, $2)', [name, JSON.stringify(options)]);
}

/** The same for the same job and fence, whoever issues it. */
function ticketId(job: string, fence: number): string {
  const hex = createHash('sha256').update(`${job} ${fence}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

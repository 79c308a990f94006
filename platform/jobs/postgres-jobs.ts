/** The jobs of a tenant in a work's own transaction: what is asked for there is asked for when it commits. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { brokenConstraint } from '../database/faults.ts';
import { AtlasError } from '../errors.ts';
import { newId } from '../ids.ts';
import { requestInfo } from '../request.ts';
import { sayable } from '../text.ts';
import { currentTraceparent } from '../telemetry/trace.ts';
import { heldJob, JobLost } from './fence.ts';
import { NOTE_MAX, type Job, type JobKind, type Jobs, type JobState, type ListedJob, type Progress, type Starter } from './jobs.ts';

const LISTED = `id, tenant_id, kind, state, progress, note, attempts, attempts_max, error_code, error_message,
  starter_kind, starter_id, starter_user_id, created_at, run_after, started_at, finished_at, cancel_asked_at`;
const COLUMNS = `${LISTED}, result`;

interface Row {
  id: Job['id']; tenant_id: Job['tenantId']; kind: string; state: JobState; progress: number; note: string | null; attempts: number; attempts_max: number;
  error_code: NonNullable<Job['error']>['code'] | null; error_message: string | null;
  starter_kind: Starter['kind']; starter_id: string; starter_user_id: Starter['userId'];
  created_at: string; run_after: string; started_at: string | null; finished_at: string | null; cancel_asked_at: string | null;
}
interface WholeRow extends Row { result: unknown }

/** Past the ORM times come as text. */
const dateOf = (text: string | null): Date | null => (text === null ? null : new Date(text));
const listedOf = (row: Row): ListedJob => ({
  id: row.id, tenantId: row.tenant_id, kind: row.kind, state: row.state, progress: row.progress, note: row.note, attempts: row.attempts, attemptsMax: row.attempts_max,
  error: row.error_code === null ? null : { code: row.error_code, message: row.error_message! },
  startedBy: { kind: row.starter_kind, id: row.starter_id, userId: row.starter_user_id },
  createdAt: new Date(row.created_at), runAfter: new Date(row.run_after), startedAt: dateOf(row.started_at), finishedAt: dateOf(row.finished_at), cancelAskedAt: dateOf(row.cancel_asked_at),
});
const jobOf = (row: WholeRow): Job => ({ ...listedOf(row), result: row.result });

const LIST = 'ARRAY(SELECT jsonb_array_elements_text(?::jsonb))';

export class PostgresJobs implements Jobs {
  constructor(private readonly em: EntityManager) {}

  async enqueue<Input>(kind: JobKind<Input>, input: Input, { by, once, afterMs = 0 }: Parameters<Jobs['enqueue']>[2]): Promise<Job> {
    const made = await this.one(
      `INSERT INTO jobs.job (id, tenant_id, kind, input, attempts_max, once_key, starter_kind, starter_id, starter_user_id, request_id, traceparent, run_after)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, clock_timestamp() + make_interval(secs => ?))
       ON CONFLICT (tenant_id, kind, once_key) WHERE once_key IS NOT NULL AND state IN ('QUEUED', 'RUNNING') DO NOTHING RETURNING ${COLUMNS}`,
      [newId('job'), by.tenantId, kind.name, JSON.stringify(input), kind.attemptsMax, once ?? null, by.kind, by.id, by.userId, requestInfo()?.requestId ?? null, currentTraceparent(), afterMs / 1_000]);
    const job = made ?? await this.one(`SELECT ${COLUMNS} FROM jobs.job WHERE tenant_id = ? AND kind = ? AND once_key = ? AND state IN ('QUEUED', 'RUNNING')`, [by.tenantId, kind.name, once]);
    // The one that stood in the way has ended in between.
    return job ?? this.enqueue(kind, input, { by, afterMs, ...(once !== undefined && { once }) });
  }

  byId(id: string): Promise<Job | null> {
    return this.one(`SELECT ${COLUMNS} FROM jobs.job WHERE id = ?`, [id]);
  }

  byIds(ids: readonly string[]): Promise<Job[]> {
    return this.all(`SELECT ${COLUMNS} FROM jobs.job WHERE id = ANY (${LIST})`, [JSON.stringify(ids)]);
  }

  async page({ first, after, kinds, states, startedBy }: Parameters<Jobs['page']>[0]): Promise<ListedJob[]> {
    const wanted = [after && { sql: 'id < ?', value: after }, kinds && { sql: `kind = ANY (${LIST})`, value: JSON.stringify(kinds) }, states && { sql: `state = ANY (${LIST})`, value: JSON.stringify(states) },
      startedBy && { sql: 'starter_id = ?', value: startedBy }]
      .filter((each) => typeof each === 'object');
    const where = wanted.length > 0 ? `WHERE ${wanted.map(({ sql }) => sql).join(' AND ')}` : '';
    return (await this.em.execute<Row[]>(`SELECT ${LISTED} FROM jobs.job ${where} ORDER BY id DESC LIMIT ?`, [...wanted.map(({ value }) => value), first], 'all')).map(listedOf);
  }

  async cancel(id: string): Promise<Job> {
    const { message } = new AtlasError('CANCELLED');
    const changed = await this.one(
      `UPDATE jobs.job SET cancel_asked_at = coalesce(cancel_asked_at, clock_timestamp()),
         state = CASE state WHEN 'QUEUED' THEN 'FAILED' ELSE state END, finished_at = CASE state WHEN 'QUEUED' THEN clock_timestamp() END,
         error_code = CASE state WHEN 'QUEUED' THEN 'CANCELLED' ELSE error_code END, error_message = CASE state WHEN 'QUEUED' THEN ? ELSE error_message END
       WHERE id = ? AND state IN ('QUEUED', 'RUNNING') RETURNING ${COLUMNS}`, [message, id]);
    return changed ?? this.refused(id, (job) => job.error?.code === 'CANCELLED', 'A job that has ended cannot be cancelled.');
  }

  async retry(id: string): Promise<Job> {
    const changed = await this.one(
      `UPDATE jobs.job SET state = 'QUEUED', attempts = 0, run_after = clock_timestamp(), finished_at = NULL, cancel_asked_at = NULL, error_code = NULL, error_message = NULL
       WHERE id = ? AND state = 'FAILED' RETURNING ${COLUMNS}`, [id]).catch((error: unknown) => {
      throw brokenConstraint(error) === 'job_once' ? new AtlasError('WRONG_STATE', 'Another job waits or runs in its place.') : error;
    });
    return changed ?? this.refused(id, () => false, 'Only a job that has failed can be tried again.');
  }

  async checkpoint(state: unknown, { progress, note }: Progress = {}): Promise<void> {
    const job = heldJob();
    if (!job) throw new Error('Only a handler of a job has a checkpoint.');
    if (progress !== undefined || note !== undefined) job.forgetStep();
    const rows = await this.em.execute<unknown[]>(
      `UPDATE jobs.job SET checkpoint = ?, progress = coalesce(?, progress), note = coalesce(?, note), leased_until = clock_timestamp() + make_interval(secs => ?)
       WHERE id = ? AND fence = ? AND state = 'RUNNING' RETURNING 1`, [JSON.stringify(state), progress ?? null, note === undefined ? null : sayable(note, NOTE_MAX), job.leaseMs / 1_000, job.id, job.fence]);
    if (rows.length === 0) throw new JobLost();
  }

  private async refused(id: string, isDone: (job: Job) => boolean, sentence: string): Promise<Job> {
    const job = await this.byId(id);
    if (!job) throw new AtlasError('NOT_FOUND');
    if (!isDone(job)) throw new AtlasError('WRONG_STATE', sentence);
    return job;
  }
  private async all(sql: string, values: unknown[]): Promise<Job[]> { return (await this.em.execute<WholeRow[]>(sql, values, 'all')).map(jobOf); }
  private async one(sql: string, values: unknown[]): Promise<Job | null> { return (await this.all(sql, values))[0] ?? null; }
}

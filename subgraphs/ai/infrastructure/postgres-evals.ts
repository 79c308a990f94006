import { LockMode } from '@mikro-orm/postgresql';
import type { Ground } from '../../../platform/database/statement.ts';
import type { EvalRunId, EvalSetId } from '../../../platform/ids.ts';
import { EvalRun } from '../domain/eval-run.ts';
import { EvalSet } from '../domain/eval-set.ts';
import type { Evals, Span } from '../domain/ports.ts';

const SET = 'id, tenant_id AS "tenantId", name, questions, created_at AS "createdAt", updated_at AS "updatedAt", version';
const RUN = `id, tenant_id AS "tenantId", set_id AS "setId", started_by AS "startedBy", job_id AS "jobId", prompt, model, measures, each, trim_scale(cost)::text AS cost, currency, latency_ms_p50 AS "latencyMsP50",
  latency_ms_p95 AS "latencyMsP95", started_at AS "startedAt", finished_at AS "finishedAt", version`;
type Values = (string | number | readonly string[])[];

export class PostgresEvals implements Evals {
  constructor(private readonly on: Ground) {}
  sets(ids: readonly EvalSetId[]): Promise<EvalSet[]> { return this.setsWhere('id = ANY (?::text[])', [ids]); }
  runs(ids: readonly EvalRunId[]): Promise<EvalRun[]> { return this.runsWhere('id = ANY (?::text[])', [ids]); }
  setPage(span: Span): Promise<EvalSet[]> { return this.setsWhere(...paged(span)); }
  runPage(span: Span): Promise<EvalRun[]> { return this.runsWhere(...paged(span)); }
  finished(setId: EvalSetId, max: number): Promise<EvalRun[]> { return this.runsWhere('set_id = ? AND finished_at IS NOT NULL ORDER BY id DESC LIMIT ?', [setId, max]); }
  setLocked(id: EvalSetId): Promise<EvalSet | null> { return this.on.em.findOne(EvalSet, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true }); }
  runLocked(id: EvalRunId): Promise<EvalRun | null> { return this.on.em.findOne(EvalRun, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true }); }
  addSet(set: EvalSet): void { this.on.em.persist(set); }
  addRun(run: EvalRun): void { this.on.em.persist(run); }
  async countSets(): Promise<number> {
    const [row] = await this.on.rows<{ count: string }>({ text: 'SELECT count(*) AS count FROM ai.eval_set', values: [] });
    return Number(row!.count);
  }

  private async setsWhere(text: string, values: Values): Promise<EvalSet[]> {
    const rows = await this.on.rows<Omit<EvalSet, 'createdAt' | 'updatedAt'> & { createdAt: string; updatedAt: string }>({ text: `SELECT ${SET} FROM ai.eval_set WHERE ${text}`, values });
    return rows.map((row) => Object.assign(Object.create(EvalSet.prototype) as EvalSet, { ...row, createdAt: new Date(row.createdAt), updatedAt: new Date(row.updatedAt) }));
  }
  private async runsWhere(text: string, values: Values): Promise<EvalRun[]> {
    const rows = await this.on.rows<Omit<EvalRun, 'startedAt' | 'finishedAt'> & { startedAt: string; finishedAt: string | null }>({ text: `SELECT ${RUN} FROM ai.eval_run WHERE ${text}`, values });
    return rows.map((row) => Object.assign(Object.create(EvalRun.prototype) as EvalRun, { ...row, startedAt: new Date(row.startedAt), finishedAt: row.finishedAt === null ? null : new Date(row.finishedAt) }));
  }
}

/** The newest first. */
const paged = ({ first, after }: Span): [string, Values] => [`true${after ? ' AND id < ?' : ''} ORDER BY id DESC LIMIT ?`, [...(after ? [after[0]!] : []), first + 1]];

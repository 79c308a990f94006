import { EntitySchema } from '@mikro-orm/postgresql';
import { EvalRun } from '../domain/eval-run.ts';
import { EvalSet } from '../domain/eval-set.ts';

const at = { type: 'Date', columnType: 'timestamptz(3)' } as const;

export const EvalSetTable = new EntitySchema<EvalSet>({
  class: EvalSet,
  tableName: 'eval_set',
  properties: {
    id: { type: 'string', primary: true }, tenantId: { type: 'string' }, name: { type: 'string' }, questions: { type: 'json' }, createdAt: at, updatedAt: at, version: { type: 'integer', version: true },
  },
});
export const EvalRunTable = new EntitySchema<EvalRun>({
  class: EvalRun,
  tableName: 'eval_run',
  properties: {
    id: { type: 'string', primary: true }, tenantId: { type: 'string' }, setId: { type: 'string' }, startedBy: { type: 'string' }, jobId: { type: 'string', nullable: true }, prompt: { type: 'string' }, model: { type: 'string' },
    measures: { type: 'json', nullable: true }, each: { type: 'json' }, cost: { type: 'string', columnType: 'numeric' }, currency: { type: 'string' },
    latencyMsP50: { type: 'integer', nullable: true, fieldName: 'latency_ms_p50' }, latencyMsP95: { type: 'integer', nullable: true, fieldName: 'latency_ms_p95' },
    startedAt: at, finishedAt: { ...at, nullable: true }, version: { type: 'integer', version: true },
  },
});

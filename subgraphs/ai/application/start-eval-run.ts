import { AtlasError } from '../../../platform/errors.ts';
import { isId, type EvalRunId } from '../../../platform/ids.ts';
import { defineJob, type Jobs } from '../../../platform/jobs/jobs.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import { EvalRun } from '../domain/eval-run.ts';
import type { Summary } from '../domain/evaluating.ts';
import type { Ports } from '../domain/ports.ts';
import { tenantOf } from './tenant-of.ts';

/** What it was asked for twice it does twice: each run is a point of the trend. */
export const evalJob = defineJob<{ runId: EvalRunId }, { questions: number; measures: Summary }>('ai.eval-run', { perTenant: 1, atOnce: 2 });
export type JobPorts = Ports & { jobs: Jobs };
export interface StartEvalRunInput { evalSetId: string }
export type StartEvalRun = ReturnType<typeof startEvalRun>;

export const startEvalRun = ({ work, prompt }: { work: Work<JobPorts>; prompt: string }) => (viewer: Viewer, { evalSetId }: StartEvalRunInput): Promise<{ evalRun: EvalRun }> =>
  work(viewer, async ({ evals, jobs }) => {
    const set = isId('evs', evalSetId) ? await evals.setLocked(evalSetId) : null;
    if (!set) throw new AtlasError('NOT_FOUND', undefined, { path: ['input', 'evalSetId'] });
    const evalRun = EvalRun.begin({ tenantId: tenantOf(viewer), setId: set.id, startedBy: viewer.id, prompt });
    const job = await jobs.enqueue(evalJob, { runId: evalRun.id }, { by: viewer });
    evalRun.begun(job.id);
    evals.addRun(evalRun);
    return { evalRun };
  });

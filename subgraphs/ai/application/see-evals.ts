import type { EvalRunId, EvalSetId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { EvalRun } from '../domain/eval-run.ts';
import type { EvalSet } from '../domain/eval-set.ts';
import type { Ports, Span } from '../domain/ports.ts';

const TREND_MAX = 50;

/** For whoever administers the tenant: its policy says so. */
export interface SeeEvals {
  sets(viewer: Viewer, ids: readonly EvalSetId[]): Promise<EvalSet[]>;
  runs(viewer: Viewer, ids: readonly EvalRunId[]): Promise<EvalRun[]>;
  setPage(viewer: Viewer, span: Span): Promise<EvalSet[]>;
  runPage(viewer: Viewer, span: Span): Promise<EvalRun[]>;
  /** The finished runs of a set, the oldest first. */
  trend(viewer: Viewer, id: EvalSetId): Promise<EvalRun[]>;
}
export const seeEvals = ({ look }: { look: Look<Ports> }): SeeEvals => ({
  sets: (viewer, ids) => look(viewer, ({ evals }) => evals.sets(ids)),
  runs: (viewer, ids) => look(viewer, ({ evals }) => evals.runs(ids)),
  setPage: (viewer, span) => look(viewer, ({ evals }) => evals.setPage(span)),
  runPage: (viewer, span) => look(viewer, ({ evals }) => evals.runPage(span)),
  trend: async (viewer, id) => (await look(viewer, ({ evals }) => evals.finished(id, TREND_MAX))).reverse(),
});

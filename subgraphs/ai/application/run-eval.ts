/** Asks the questions of a set one after the other, as whoever wanted it may ask today, and keeps how each went: a run that dies goes on with the next one. */
import { AtlasError } from '../../../platform/errors.ts';
import { isId, type TenantId } from '../../../platform/ids.ts';
import { perform, type Handler } from '../../../platform/jobs/jobs.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look, Scope, Work } from '../../../platform/work.ts';
import type { Budgets } from '../domain/budgets.ts';
import type { EvalRun, Measured } from '../domain/eval-run.ts';
import type { GoldenQuestion } from '../domain/evaluating.ts';
import { judged, summaryOf } from '../domain/evaluating.ts';
import type { Ports } from '../domain/ports.ts';
import { NOTHING, plus, type Spent } from '../domain/usage.ts';
import { answerOnce, type Once } from './answer-once.ts';
import { chosenModels } from './choose-model.ts';
import { BudgetReached, Keeping, spenderOf, within } from './keep-within-budgets.ts';
import { evalJob, type JobPorts } from './start-eval-run.ts';

const KEPT_EVERY = 5;
interface Given extends Once { work: Work<JobPorts>; look: Look<Ports>; budgets: Budgets; principals: { today(id: string, tenantId: TenantId): Promise<Viewer | null> } }

export const runEval = (given: Given): Handler => perform(evalJob, async ({ input, scope, startedBy, checkpoint }, run) => {
  const { look, work, budgets } = given;
  const found = await look(scope, async ({ evals }) => {
    const [one] = await evals.runs([input.runId]);
    return one && { run: one, set: (await evals.sets([one.setId]))[0] };
  });
  if (!found?.set) throw new AtlasError('NOT_FOUND');
  const each = [...(checkpoint as Measured[] | null) ?? []];
  const { questions } = found.set;
  const keeping = new Keeping({ budgets, spender: spenderOf({ ...startedBy, userId: isId('usr', startedBy.id) ? startedBy.id : null }, scope.tenantId, null), holder: input.runId, tariff: await budgets.tariff(scope.tenantId) });
  const { tariff } = keeping;
  const end = (how: (run: EvalRun, by: { userId: string | null; tariff: typeof tariff }) => void) => work(scope, async ({ evals }) => {
    const kept = await evals.runLocked(input.runId);
    if (kept) how(kept, { userId: isId('usr', startedBy.id) ? startedBy.id : null, tariff });
  });
  const asking = { ...given, models: await chosenModels(given, scope) };
  // Until it is told what it came to, nothing of it was used as far as anybody else knows.
  let used = NOTHING;
  try {
    for (const golden of questions.slice(each.length)) {
      run.signal.throwIfAborted();
      each.push(await measured(asking, { golden, keeping, scope, startedBy, before: spentOf(each), signal: run.signal }));
      run.progress(each.length / questions.length, `${each.length} of ${questions.length} questions`);
      if (each.length % KEPT_EVERY === 0) await work(scope, ({ jobs }) => jobs.checkpoint(each));
    }
    await end((kept, by) => kept.complete(each, by));
    used = spentOf(each);
  } catch (error) {
    if (!(error instanceof BudgetReached)) throw error;
    // Nobody could say what is left: it goes on later, and is paid for then.
    if (error.cause.retryable) throw error.cause;
    const spent = plus(spentOf(each), error.spent);
    await end((kept, by) => kept.stop(each, { ...by, spent, code: error.cause.code }));
    used = spent;
    throw error.cause;
  } finally {
    await keeping.giveBack(used);
  }
  return { questions: each.length, measures: summaryOf(each) };
});

const spentOf = (each: readonly Measured[]): Spent => each.reduce((all, { spent }) => plus(all, spent), NOTHING);

interface Asked { golden: GoldenQuestion; keeping: Keeping; scope: Scope & { tenantId: TenantId }; startedBy: { id: string }; before: Spent; signal: AbortSignal }
async function measured(given: Given, { golden, keeping, scope, startedBy, before, signal }: Asked): Promise<Measured> {
  const viewer = await given.principals.today(startedBy.id, scope.tenantId);
  if (!viewer) throw new AtlasError('FORBIDDEN', 'Whoever started this has no part in the tenant any more.');
  const { spent, model, ...answer } = await answerOnce(given, viewer, golden.question, { signal, within: (need) => within(keeping, before, need) });
  return { ...judged(golden, { ...answer, cost: spent.cost }, given.termsFor(golden.question)), id: golden.id, latencyMs: Math.round(answer.latencyMs), spent, model };
}

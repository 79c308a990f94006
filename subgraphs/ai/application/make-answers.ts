/**
 * Makes answers in this process. A run is held by one process at a time, which says every second that it is alive; one
 * that nobody holds any more is taken up by whoever sees it first, and goes on from what was kept.
 */
import { AtlasError } from '../../../platform/errors.ts';
import type { AnswerId, TenantId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Scope } from '../../../platform/work.ts';
import type { Answer } from '../domain/answer.ts';
import type { Flow } from '../domain/flow.ts';
import type { Due } from '../domain/ports.ts';
import { soFar } from '../domain/so-far.ts';
import { failAnswer } from './fail-answer.ts';
import { BudgetReached, Keeping, spenderOf } from './keep-within-budgets.ts';
import { RunLost, wholeLog, type Making, type Run } from './run-context.ts';
import { stepsOf } from './steps.ts';

export interface MakingGiven extends Making {
  flow: Flow;
  due: Due;
  principals: { today(id: string, tenantId: TenantId): Promise<Viewer | null> };
  /** Runs it outside of whatever asked for it: neither its deadline nor its idempotency are the run's. */
  detached(body: () => Promise<void>): void;
  noted(answerId: AnswerId, error: unknown): void;
}
export interface MakeAnswers {
  /** `keeping`: what has been reserved for it. */
  begin(viewer: Viewer, answer: Answer, keeping: Keeping): void;
  /** Says of those that run here that they do; those that are not this process's any more stop. */
  renew(): Promise<void>;
  /** Takes up what nobody holds any more; true when there may be more. */
  takeUp(): Promise<boolean>;
  /** It has ended, and that is kept: whoever makes it here lets go of its model at once. Elsewhere they hear of it by the log. */
  letGo(answerId: AnswerId): void;
  /** Somebody has written to the log of this answer. */
  hint(answerId: AnswerId): void;
  stop(): Promise<void>;
}

/** What died so often with those who made it is not tried again. */
const BEGUN_MAX = 5;
const TAKEN_MAX = 20;
const STOPPING = 'stopping';

interface Running { tenantId: TenantId; abort: AbortController; done: Promise<void> }
export const selfIn = (tenantId: TenantId): Scope => ({ kind: 'system', id: 'system:ai', userId: null, tenantId });

export function makeAnswers(given: MakingGiven): MakeAnswers {
  const running = new Map<AnswerId, Running>();
  let isStopping = false;

  const start = (viewer: Viewer, answer: Answer, begun: Keeping | null): void => {
    const abort = new AbortController();
    const keeping = begun ?? new Keeping({ budgets: given.budgets, spender: spenderOf(viewer, answer.tenantId, answer.collectionIds), holder: answer.id, tariff: answer.tariff });
    const run: Run = { ...given, viewer, answer, keeping, isTakenUp: begun === null, signal: abort.signal, termsOf: given.termsFor(answer.question) };
    given.detached(async () => {
      const done = made(run, given).finally(() => running.delete(answer.id));
      running.set(answer.id, { tenantId: answer.tenantId, abort, done });
      await done;
    });
  };
  const look = async (tenantId: TenantId, ids: readonly AnswerId[]): Promise<void> => {
    const held = new Set(await given.work(selfIn(tenantId), ({ runs }) => runs.renew(ids, given.holder)));
    for (const id of ids) if (!held.has(id)) running.get(id)?.abort.abort(new RunLost());
  };
  const take = async (tenantId: TenantId, answerId: AnswerId): Promise<void> => {
    const begun = await given.work(selfIn(tenantId), ({ runs }) => runs.take(answerId, given.holder));
    if (begun === null) return;
    const [answer] = await given.look(selfIn(tenantId), ({ answers }) => answers.anyByIds([answerId]));
    if (!answer) return;
    const viewer = await given.principals.today(answer.owner, tenantId);
    if (begun > BEGUN_MAX) return failAnswer(given, answer, new AtlasError('INTERNAL'));
    if (!viewer || !mayAsk(viewer)) return failAnswer(given, answer, new AtlasError('FORBIDDEN'));
    start(viewer, answer, null);
  };

  return {
    begin: (viewer, answer, keeping) => { if (!isStopping) start(viewer, answer, keeping); },
    async renew() {
      for (const tenantId of new Set([...running.values()].map((run) => run.tenantId))) await look(tenantId, [...running].filter(([, run]) => run.tenantId === tenantId).map(([id]) => id));
    },
    async takeUp() {
      if (isStopping) return false;
      const due = await given.due.abandonedRuns(TAKEN_MAX);
      for (const { tenantId, answerId } of due) if (!running.has(answerId)) await take(tenantId, answerId);
      return due.length === TAKEN_MAX;
    },
    letGo: (answerId) => running.get(answerId)?.abort.abort(new RunLost()),
    hint(answerId) {
      const run = running.get(answerId);
      if (run) void look(run.tenantId, [answerId]).catch(() => undefined); // the next renewal looks again
    },
    async stop() {
      isStopping = true;
      const all = [...running.values()];
      for (const { abort } of all) abort.abort(STOPPING);
      await Promise.allSettled(all.map(({ done }) => done));
    },
  };
}

/** As the policy says of whoever asks. */
const mayAsk = ({ kind, role, scopes }: Viewer): boolean => (kind === 'key' ? scopes.includes('ai:ask') : role !== null && role !== 'GUEST');

async function made(run: Run, given: MakingGiven): Promise<void> {
  const { answer, signal, viewer } = run;
  try {
    if (run.isTakenUp) run.keeping.goOn(soFar(await wholeLog(run)).leases);
    await given.flow.run({ tenantId: answer.tenantId, answerId: answer.id }, stepsOf(run), signal);
  } catch (error) {
    // Whoever has it now ends it; when this process goes, another takes it up at once.
    if (signal.reason === STOPPING) return void await given.work(viewer, ({ runs }) => runs.release(answer.id, run.holder)).catch(() => undefined);
    if (signal.aborted || error instanceof RunLost) return;
    if (!(error instanceof BudgetReached)) given.noted(answer.id, error);
    await failAnswer(given, answer, error).catch((again: unknown) => given.noted(answer.id, again));
  } finally {
    await giveBack(run, given).catch(() => undefined); // it comes back by itself
  }
}

/** What was not used of what was reserved: once it is told what was, and not while another may go on with it. */
async function giveBack({ keeping, answer: { id, tenantId } }: Run, { look }: MakingGiven): Promise<void> {
  const [answer] = await look(selfIn(tenantId), ({ answers }) => answers.anyByIds([id]));
  if (answer?.billed) await keeping.giveBack(answer.used());
}

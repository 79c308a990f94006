import { AtlasError } from '../../../platform/errors.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work, Scope } from '../../../platform/work.ts';
import type { Answer } from '../domain/answer.ts';
import type { Ports } from '../domain/ports.ts';
import { soFar } from '../domain/so-far.ts';
import type { Board } from './board.ts';
import { BudgetReached } from './keep-within-budgets.ts';

const LOG_MAX = 100_000;

/** Ends an answer that cannot be made, or that no budget reaches for, with a code; what was said is kept, and paid for. */
export async function failAnswer({ work, board }: { work: Work<Ports>; board: Board }, { id, tenantId }: Answer, error: unknown): Promise<void> {
  const self: Scope & Pick<Viewer, 'kind'> = { kind: 'system', id: 'system:ai', userId: null, tenantId };
  const added = await work(self, async ({ runs, answers, log }) => {
    // The run before the answer, as everybody does who locks both.
    await runs.end(id);
    const answer = await answers.locked(id);
    if (answer?.state !== 'STREAMING') return [];
    const made = soFar(await log.after(id, 0, LOG_MAX));
    if (error instanceof BudgetReached) answer.stop(error.cause.code, made);
    else answer.fail(error instanceof AtlasError ? error.code : 'INTERNAL', made);
    return log.append(id, [{ kind: 'ended' }]);
  });
  board.tell(id, added);
}

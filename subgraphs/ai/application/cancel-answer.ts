import { isId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Answer } from '../domain/answer.ts';
import type { AnswerEvent } from '../domain/answer-event.ts';
import type { Ports } from '../domain/ports.ts';
import { soFar } from '../domain/so-far.ts';
import type { MakeAnswers } from './make-answers.ts';
import { ownAnswer } from './own-answer.ts';
import type { Making } from './run-context.ts';

export type CancelAnswer = ReturnType<typeof cancelAnswer>;
const LOG_MAX = 100_000;

/**
 * Ends an answer here and now, whoever makes it: that one hears of it from the log and lets go of its model. What was said
 * so far is kept, and paid for.
 */
export const cancelAnswer = ({ work, board, making }: Pick<Making, 'work' | 'board'> & { making: Pick<MakeAnswers, 'letGo'> }) => async (viewer: Viewer, { id }: { id: string }): Promise<{ answer: Answer }> => {
  let added: AnswerEvent[] = [];
  const cancelled = await work(viewer, async (ports) => {
    // The run before the answer, as everybody does who locks both; another's is not touched.
    const [seen] = isId('ans', id) ? await ports.answers.byIds([id], viewer.id) : [];
    if (seen) await ports.runs.end(seen.id);
    const answer = await ownAnswer(viewer, id, ports.answers);
    added = await endedByAsker(answer, ports);
    return { answer };
  });
  making.letGo(cancelled.answer.id);
  board.tell(cancelled.answer.id, added);
  return cancelled;
};

/** Part of a work that holds the run and the answer. */
export async function endedByAsker(answer: Answer, { approvals, log }: Ports): Promise<AnswerEvent[]> {
  const waits = answer.state === 'AWAITING_APPROVAL' ? await approvals.ofAnswer(answer.id) : null;
  answer.cancel(soFar(await log.after(answer.id, 0, LOG_MAX)));
  if (waits) (await approvals.locked(waits.id))?.expire();
  return log.append(answer.id, [{ kind: 'ended' }]);
}

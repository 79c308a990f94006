/** Keeps what was made, in one work: the answer, what it used, the end of its log, and that nobody works on it any more. */
import type { AnswerEvent, AnswerEventBody } from '../domain/answer-event.ts';
import { HOURS_DEFAULT } from '../domain/approval-policy.ts';
import { Approval } from '../domain/approval.ts';
import type { Checked, FoundPassage, Recalled } from '../domain/flow.ts';
import type { Ports } from '../domain/ports.ts';
import { append, RunLost, step, type Run } from './run-context.ts';

const HOUR_MS = 3_600_000;

export async function saveStep(run: Run, checked: Checked, passages: readonly FoundPassage[], { key, reach }: Recalled): Promise<void> {
  const { work, viewer, answer: { id }, holder, board } = run;
  await append(run, [step('save')]);
  const added = await work(viewer, async (ports): Promise<AnswerEvent[]> => {
    // The run before the answer, as everybody does who locks both.
    if (!await ports.runs.hold(id, holder)) throw new RunLost();
    const answer = await ports.answers.locked(id);
    if (answer?.state !== 'STREAMING') throw new RunLost();
    const waiting = await approvalFor(checked, passages, ports);
    let events: AnswerEventBody[];
    if (waiting) {
      const approval = Approval.request({ ...waiting, tenantId: answer.tenantId, answerId: id, usage: answer.await(checked) });
      ports.approvals.add(approval);
      events = [{ kind: 'approval', approvalId: approval.id }];
    } else {
      answer.complete(checked);
      // Only what was answered: what nobody knew today may be known tomorrow.
      if (key !== null && reach !== null && checked.answered) await ports.remembered.keep(key, { answerId: id, reach, passages });
      events = [...await releasing(run, checked, ports), { kind: 'ended' }];
    }
    await ports.runs.end(id);
    return ports.log.append(id, events);
  });
  board.tell(id, added);
}

async function approvalFor(checked: Checked, passages: readonly FoundPassage[], { approvals }: Ports) {
  const policy = await approvals.policy();
  const proposals = checked.proposals ?? [];
  const cited = new Set(checked.citations.map(({ itemId }) => itemId));
  const tags = passages.filter(({ itemId }) => cited.has(itemId)).flatMap((passage) => passage.tags);
  // That nothing is known is no answer that somebody would have to look at.
  const reasons = [...(checked.answered && policy?.isOn() ? policy.reasonsFor({ confidence: checked.confidence, tags }) : []), ...(proposals.length > 0 ? ['TOOL_WRITES' as const] : [])];
  if (reasons.length === 0) return null;
  // What is proposed may be made from anything that the model was given, cited or not.
  const sourceIds = proposals.length > 0 ? [...new Set(passages.map(({ itemId }) => itemId))] : [];
  return { reasons, proposals, sourceIds, expiresAt: new Date(Date.now() + (policy?.expiresHours ?? HOURS_DEFAULT) * HOUR_MS) };
}

/** What was held is shown when it need not wait after all. */
async function releasing({ answer }: Run, checked: Checked, { log }: Ports): Promise<AnswerEventBody[]> {
  const events = await log.after(answer.id, 0, 100_000);
  return events.some(({ body }) => body.kind === 'held') ? released(checked) : [];
}
export const released = ({ text, citations }: Pick<Checked, 'text' | 'citations'>): AnswerEventBody[] =>
  [{ kind: 'released', text }, ...citations.map((citation): AnswerEventBody => ({ kind: 'cited', citation, held: false }))];

import { AtlasError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Answer } from '../domain/answer.ts';
import type { AnswerEvent, AnswerEventBody } from '../domain/answer-event.ts';
import type { Approval, ApprovalDecision } from '../domain/approval.ts';
import type { Ports } from '../domain/ports.ts';
import type { DraftEdit } from '../domain/proposal.ts';
import { textWithin } from '../domain/question.ts';
import { unlinked } from '../domain/unlinked.ts';
import { approves, sourcesOf } from './approvers.ts';
import { seenOf } from './reveal.ts';
import type { Making } from './run-context.ts';
import { released } from './save-step.ts';
import type { JobPorts } from './start-eval-run.ts';
import { draftsJob } from './write-drafts.ts';

export interface DecideApprovalInput { id: string; decision: ApprovalDecision; text?: string | null; drafts?: readonly DraftEdit[] | null; reason?: string | null }
export type DecideApproval = ReturnType<typeof decideApproval>;
const TEXT_MAX = 50_000;
const notFound = () => new AtlasError('NOT_FOUND', undefined, { path: ['input', 'id'] });

/** Once, whoever is faster: what was decided is said to whoever asked in the same work. Before it, the sources are asked for as the approver. */
export const decideApproval = ({ work, look, knowledge, board }: Pick<Making, 'look' | 'knowledge' | 'board'> & { work: Work<JobPorts> }) => async (viewer: Viewer, { id, decision, text, drafts, reason }: DecideApprovalInput): Promise<{ approval: Approval }> => {
  const { answer: seen, approval: asked, isApprover } = await look(viewer, (ports) => found(viewer, id, ports));
  if (!seen || !asked || !isApprover) throw notFound();
  const sources = sourcesOf(seen, asked);
  const inSight = await seenOf(viewer, sources, knowledge);
  if (!sources.every((itemId) => inSight.has(itemId))) throw new AtlasError('FORBIDDEN', 'You do not see everything that this was made from.', { missing: 'a part in every collection that it cites' });
  const edited = decision === 'APPROVE' && text != null ? textWithin(unlinked(textWithin(text, 'text', TEXT_MAX), marksOf(seen)), 'text', TEXT_MAX) : null;
  let added: AnswerEvent[] = [];
  const decided = await work(viewer, async ({ answers, approvals, log, jobs }) => {
    // The answer before its approval, as everybody does who locks both.
    const answer = await answers.locked(seen.id);
    const approval = isId('apr', id) ? await approvals.locked(id) : null;
    if (!answer || !approval) throw notFound();
    approval.decide(decision, { by: viewer.id, why: reason ?? null, hasEditedText: edited !== null && edited !== answer.text, drafts: drafts ?? [] });
    if (decision === 'APPROVE' && approval.proposals.length > 0) await jobs.enqueue(draftsJob, { approvalId: approval.id }, { by: viewer });
    added = await log.append(answer.id, ending(answer, decision, edited));
    return { approval };
  });
  board.tell(seen.id, added);
  return decided;
};

async function found(viewer: Viewer, id: string, { approvals, answers }: Ports): Promise<{ answer: Answer | undefined; approval: Approval | undefined; isApprover: boolean }> {
  const [approval] = isId('apr', id) ? await approvals.byIds([id]) : [];
  const [answer] = approval ? await answers.anyByIds([approval.answerId]) : [];
  return { answer, approval, isApprover: await approves(viewer, approvals) };
}

/** Numbers that an edited text may name. */
const marksOf = ({ citations }: Answer): number => Math.max(0, ...citations.map(({ mark }) => mark));

function ending(answer: Answer, decision: ApprovalDecision, text: string | null): AnswerEventBody[] {
  if (decision === 'REJECT') {
    answer.reject();
    return [{ kind: 'ended' }];
  }
  answer.approve(text);
  return [...released({ text: answer.text ?? '', citations: answer.citations }), { kind: 'ended' }];
}

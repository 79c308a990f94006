import type { ApprovalId, ItemId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Answer } from '../domain/answer.ts';
import type { ApprovalPolicy } from '../domain/approval-policy.ts';
import type { Approval, ApprovalState } from '../domain/approval.ts';
import type { Citation } from '../domain/citation.ts';
import type { Knowledge } from '../domain/knowledge.ts';
import type { Ports, Span } from '../domain/ports.ts';
import type { Proposal } from '../domain/proposal.ts';
import { approves, sourcesOf } from './approvers.ts';
import { seenOf } from './reveal.ts';

/** What somebody is shown of it: to whoever lacks a right to one of its sources, and to whoever asked, no more than that it waits. */
export type SeenApproval = Pick<Approval, 'id' | 'answerId' | 'reasons' | 'state' | 'requestedAt' | 'expiresAt' | 'decidedAt' | 'decidedBy' | 'why' | 'edited'> & { question: string | null; text: string | null; citations: Citation[] | null; proposals: Proposal[] | null };

export interface SeeApprovals {
  byIds(viewer: Viewer, ids: readonly ApprovalId[]): Promise<SeenApproval[]>;
  page(viewer: Viewer, state: ApprovalState | null, span: Span): Promise<SeenApproval[]>;
  policy(viewer: Viewer): Promise<ApprovalPolicy | null>;
}
interface Found { approvals: Approval[]; answers: Answer[]; isApprover: boolean }
const NONE: Found = { approvals: [], answers: [], isApprover: false };

export function seeApprovals({ look, knowledge }: { look: Look<Ports>; knowledge: Knowledge<Viewer> }): SeeApprovals {
  const shown = async (viewer: Viewer, { approvals, answers, isApprover }: Found): Promise<SeenApproval[]> => {
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    const pairs = approvals.flatMap((approval) => (byId.has(approval.answerId) ? [{ approval, answer: byId.get(approval.answerId)! }] : []));
    const wanted = [...new Set(pairs.flatMap(({ approval, answer }) => sourcesOf(answer, approval)))];
    const seen: ReadonlySet<ItemId> = isApprover ? await seenOf(viewer, wanted, knowledge) : new Set();
    return pairs.flatMap(({ approval, answer }) => {
      if (!isApprover && answer.owner !== viewer.id) return [];
      const says = isApprover && sourcesOf(answer, approval).every((id) => seen.has(id));
      return [{ ...fieldsOf(approval), question: says || answer.owner === viewer.id ? answer.question : null, text: says ? answer.text : null, citations: says ? answer.citations : null, proposals: says ? approval.proposals : null }];
    });
  };
  const withAnswers = async (viewer: Viewer, found: readonly Approval[], ports: Ports): Promise<Found> =>
    ({ approvals: [...found], answers: await ports.answers.anyByIds(found.map(({ answerId }) => answerId)), isApprover: await approves(viewer, ports.approvals) });
  return {
    byIds: async (viewer, ids) => shown(viewer, await look(viewer, async (ports) => withAnswers(viewer, await ports.approvals.byIds(ids), ports))),
    page: async (viewer, state, span) => shown(viewer, await look(viewer, async (ports) => (await approves(viewer, ports.approvals) ? withAnswers(viewer, await ports.approvals.page(state, span), ports) : NONE))),
    policy: (viewer) => look(viewer, ({ approvals }) => approvals.policy()),
  };
}

const fieldsOf = ({ id, answerId, reasons, state, requestedAt, expiresAt, decidedAt, decidedBy, why, edited }: Approval) =>
  ({ id, answerId, reasons, state, requestedAt, expiresAt, decidedAt, decidedBy, why, edited });

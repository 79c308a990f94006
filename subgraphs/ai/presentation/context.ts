/** What one request of this service carries: who asks, and what has been loaded for them already. */
import type DataLoader from 'dataloader';
import type { Reference } from '../../../platform/graph-guard.ts';
import { isId, type AnswerId, type ApprovalId, type ConversationId, type EvalRunId, type EvalSetId, type ItemId } from '../../../platform/ids.ts';
import { batched, byId } from '../../../platform/loader.ts';
import { check, type Rule } from '../../../platform/policy.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { SeenAnswer } from '../application/reveal.ts';
import type { SeeAnswers } from '../application/see-answers.ts';
import type { SeeApprovals, SeenApproval } from '../application/see-approvals.ts';
import type { SeeEvals } from '../application/see-evals.ts';
import type { SeeConversations } from '../application/see-conversations.ts';
import type { Enrichment } from '../domain/enrichment.ts';
import type { EvalRun } from '../domain/eval-run.ts';
import type { EvalSet } from '../domain/eval-set.ts';
import type { Conversation } from '../domain/conversation.ts';
import type { AskAndFollow } from './ask-cursors.ts';
import { policy } from './policy.ts';

export interface Context {
  viewer: Viewer;
  askAndFollow: AskAndFollow;
  /** Where following an answer from its beginning begins. */
  beginningOf(answerId: AnswerId): string;
  conversations: DataLoader<ConversationId, Conversation | null>;
  answers: DataLoader<AnswerId, SeenAnswer | null>;
  approvals: DataLoader<ApprovalId, SeenApproval | null>;
  evalSets: DataLoader<EvalSetId, EvalSet | null>;
  evalRuns: DataLoader<EvalRunId, EvalRun | null>;
  enrichments: DataLoader<ItemId, Enrichment | null>;
  /** Itself where the caller may see it at this moment. */
  items: DataLoader<ItemId, ItemId | null>;
}

export interface ContextGiven { seeConversations: SeeConversations; seeAnswers: SeeAnswers; seeApprovals: SeeApprovals; seeEvals: SeeEvals; enrichmentsOf(viewer: Viewer, ids: readonly ItemId[]): Promise<Enrichment[]>; askAndFollow: AskAndFollow; beginningOf(viewer: Viewer, answerId: AnswerId): string }

export const contextOver = (given: ContextGiven) => (viewer: Viewer): Context => ({
  viewer,
  askAndFollow: given.askAndFollow,
  beginningOf: (answerId) => given.beginningOf(viewer, answerId),
  conversations: batched<ConversationId, Conversation>(async (ids) => byId(await given.seeConversations.byIds(viewer, ids)) as ReadonlyMap<ConversationId, Conversation>),
  answers: batched<AnswerId, SeenAnswer>(async (ids) => byId(await given.seeAnswers.byIds(viewer, ids)) as ReadonlyMap<AnswerId, SeenAnswer>),
  enrichments: batched<ItemId, Enrichment>(async (ids) => new Map((await given.enrichmentsOf(viewer, ids)).map((one) => [one.itemId, one]))),
  evalSets: batched<EvalSetId, EvalSet>(async (ids) => byId(await given.seeEvals.sets(viewer, ids)) as ReadonlyMap<EvalSetId, EvalSet>),
  evalRuns: batched<EvalRunId, EvalRun>(async (ids) => byId(await given.seeEvals.runs(viewer, ids)) as ReadonlyMap<EvalRunId, EvalRun>),
  approvals: batched<ApprovalId, SeenApproval>(async (ids) => byId(await given.seeApprovals.byIds(viewer, ids)) as ReadonlyMap<ApprovalId, SeenApproval>),
  items: batched<ItemId, ItemId>(async (ids) => new Map([...await given.seeAnswers.items(viewer, ids)].map((id) => [id, id]))),
});

/** A typed id also wants the scope of the field that would show it. */
const reference = <P extends 'cnv' | 'ans' | 'apr' | 'evs' | 'evr'>(prefix: P, field: string, load: (context: Context, id: `${P}_${string}`) => Promise<object | null>): Reference<Context> =>
  async ({ id, nodeId }, context) => {
    const wanted = id ?? nodeId;
    return isId(prefix, wanted) && (id !== undefined || may(field, context.viewer)) && context.viewer.tenantId ? load(context, wanted) : null;
  };

export const references: Record<string, Reference<Context>> = {
  Conversation: reference('cnv', 'conversation', ({ conversations }, id) => conversations.load(id)),
  Answer: reference('ans', 'conversation', ({ answers }, id) => answers.load(id)),
  // What it says of itself looks at the rights.
  Item: async ({ id }) => (isId('itm', id) ? { id } : null),
  EvalSet: reference('evs', 'evalSets', ({ evalSets }, id) => evalSets.load(id)),
  EvalRun: reference('evr', 'evalRuns', ({ evalRuns }, id) => evalRuns.load(id)),
  Approval: reference('apr', 'approvals', ({ approvals }, id) => approvals.load(id)),
};

function may(field: string, viewer: Viewer): boolean {
  try {
    check(policy.Query![field] as Rule, viewer, null);
    return true;
  } catch {
    return false;
  }
}

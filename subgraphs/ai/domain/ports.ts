/** What answers need of what keeps them. Row-level security shows one tenant; within it each sees their own. */
import type { AnswerId, ApprovalId, ConversationId, EvalRunId, EvalSetId, TenantId } from '../../../platform/ids.ts';
import type { AnswerEvent, AnswerEventBody } from './answer-event.ts';
import type { Answer } from './answer.ts';
import type { ApprovalPolicy } from './approval-policy.ts';
import type { Approval, ApprovalState } from './approval.ts';
import type { Conversation } from './conversation.ts';
import type { Enrichments } from './enrichment.ts';
import type { EvalRun } from './eval-run.ts';
import type { EvalSet } from './eval-set.ts';
import type { ModelChoice } from './model-choice.ts';
import type { RememberedAnswers } from './recall.ts';

/** One page of a list: at most `first + 1` rows after the row with these key values. */
export interface Span { first: number; after: readonly string[] | null }

export interface Conversations {
  byIds(ids: readonly ConversationId[], owner: string): Promise<Conversation[]>;
  /** The one that was asked in last comes first. */
  page(owner: string, span: Span): Promise<Conversation[]>;
  locked(id: ConversationId, owner: string): Promise<Conversation | null>;
  count(owner: string): Promise<number>;
  add(conversation: Conversation): void;
  /** With all that was asked in it. */
  remove(conversation: Conversation): void;
}

export interface Answers {
  byIds(ids: readonly AnswerId[], owner: string): Promise<Answer[]>;
  /** Whoever's they are: for those who approve of them, and for the run itself. */
  anyByIds(ids: readonly AnswerId[]): Promise<Answer[]>;
  /** The oldest first. */
  page(conversationId: ConversationId, owner: string, span: Span): Promise<Answer[]>;
  /** The last ones that were completed before this one, the oldest first. */
  before(answer: Pick<Answer, 'id' | 'conversationId' | 'owner'>, max: number): Promise<Answer[]>;
  locked(id: AnswerId): Promise<Answer | null>;
  /** All of a conversation that are still being made or wait, for changing. */
  openIn(conversationId: ConversationId): Promise<Answer[]>;
  countOpen(owner: string): Promise<number>;
  count(conversationId: ConversationId): Promise<number>;
  idsIn(conversationId: ConversationId, owner: string): Promise<AnswerId[]>;
  add(answer: Answer): void;
}

/** The events of answers. They are numbered from 1 without a gap. */
export interface AnswerLog {
  after(answerId: AnswerId, seq: number, max: number): Promise<AnswerEvent[]>;
  /** Adds to the end, and wakes whoever follows. */
  append(answerId: AnswerId, events: readonly AnswerEventBody[]): Promise<AnswerEvent[]>;
}

/** A run belongs to one process at a time, and for as long as that one says that it is alive. */
export interface Runs {
  begin(answerId: AnswerId, holder: string): Promise<void>;
  /** Whether it is held by this one at this moment; nobody takes it away before the work is over. */
  hold(answerId: AnswerId, holder: string): Promise<boolean>;
  /** Those of these that are still held by this one, and are for a while longer. */
  renew(answerIds: readonly AnswerId[], holder: string): Promise<AnswerId[]>;
  /** One that nobody holds any more: how often it was begun; null when somebody else was faster. */
  take(answerId: AnswerId, holder: string): Promise<number | null>;
  /** Gives it up, for another to take at once. */
  release(answerId: AnswerId, holder: string): Promise<void>;
  /** It is over, whoever held it. */
  end(answerId: AnswerId): Promise<void>;
}

export interface Approvals {
  byIds(ids: readonly ApprovalId[]): Promise<Approval[]>;
  /** The newest first. */
  page(state: ApprovalState | null, span: Span): Promise<Approval[]>;
  ofAnswer(answerId: AnswerId): Promise<Approval | null>;
  locked(id: ApprovalId): Promise<Approval | null>;
  add(approval: Approval): void;
  policy(): Promise<ApprovalPolicy | null>;
  policyLocked(tenantId: TenantId): Promise<ApprovalPolicy | null>;
  addPolicy(policy: ApprovalPolicy): void;
}

/** One a tenant. */
export interface ModelChoices {
  chosen(): Promise<string | null>;
  locked(tenantId: TenantId): Promise<ModelChoice | null>;
  add(choice: ModelChoice): void;
}

/** Questions whose answers are known, and what came of asking them; the newest first. */
export interface Evals {
  sets(ids: readonly EvalSetId[]): Promise<EvalSet[]>;
  runs(ids: readonly EvalRunId[]): Promise<EvalRun[]>;
  setPage(span: Span): Promise<EvalSet[]>;
  runPage(span: Span): Promise<EvalRun[]>;
  finished(setId: EvalSetId, max: number): Promise<EvalRun[]>;
  setLocked(id: EvalSetId): Promise<EvalSet | null>;
  runLocked(id: EvalRunId): Promise<EvalRun | null>;
  countSets(): Promise<number>;
  addSet(set: EvalSet): void;
  addRun(run: EvalRun): void;
}

export interface Ports {
  conversations: Conversations; answers: Answers; log: AnswerLog; runs: Runs; approvals: Approvals; remembered: RememberedAnswers; evals: Evals; modelChoices: ModelChoices; enrichments: Enrichments;
  /** Writes what was added so far, for what refers to it. */
  flush(): Promise<void>;
}

/** What is due in any tenant: where there is work, and nothing of what it is about. */
export interface Due {
  abandonedRuns(max: number): Promise<{ tenantId: TenantId; answerId: AnswerId }[]>;
  expiredApprovals(max: number): Promise<{ tenantId: TenantId; approvalId: ApprovalId }[]>;
}

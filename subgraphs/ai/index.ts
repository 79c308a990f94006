/** The ai service: answers questions from what the tenant knows, as far as whoever asks may see it, and says where each sentence comes from. */
import { forgetOldResults, onceOver } from '../../platform/idempotency.ts';
import { graphOf, type Slice } from '../../platform/graph.ts';
import { pagesOf } from '../../platform/page.ts';
import type { Resources, Service } from '../../platform/service.ts';
import { openStems } from '../../platform/stems.ts';
import { deskOver } from '../../platform/work.ts';
import { enrichAnew, enrichItems } from './application/enrich-items.ts';
import { onItemsTold } from './application/on-items-told.ts';
import { runEval } from './application/run-eval.ts';
import { writeDrafts } from './application/write-drafts.ts';
import { saveEvalSet } from './application/save-eval-set.ts';
import { seeEvals } from './application/see-evals.ts';
import { startEvalRun, type JobPorts } from './application/start-eval-run.ts';
import { ask as askOver } from './application/ask.ts';
import { chooseModel, seeModelChoice } from './application/choose-model.ts';
import { cancelAnswer } from './application/cancel-answer.ts';
import { decideApproval } from './application/decide-approval.ts';
import { deleteConversation } from './application/delete-conversation.ts';
import { exportConversation } from './application/export-conversation.ts';
import { followAnswer } from './application/follow-answer.ts';
import { rateAnswer } from './application/rate-answer.ts';
import { regenerateAnswer } from './application/regenerate-answer.ts';
import { renameConversation } from './application/rename-conversation.ts';
import type { SeenAnswer } from './application/reveal.ts';
import { seeAnswers } from './application/see-answers.ts';
import { seeApprovals, type SeenApproval } from './application/see-approvals.ts';
import { seeConversations } from './application/see-conversations.ts';
import { seeCost } from './application/see-cost.ts';
import { setApprovalPolicy } from './application/set-approval-policy.ts';
import { waitForAnswer } from './application/wait-for-answer.ts';
import type { Conversation } from './domain/conversation.ts';
import type { EvalRun } from './domain/eval-run.ts';
import type { EvalSet } from './domain/eval-set.ts';
import { answersOver } from './index.answers.ts';
import { askedDrafts } from './infrastructure/asked-drafts.ts';
import { askedTexts } from './infrastructure/asked-texts.ts';
import { migrations } from './infrastructure/migrations/index.ts';
import { postgresDueEnrichments } from './infrastructure/postgres-enrichments.ts';
import { portsOver, tables, viewsOver } from './infrastructure/postgres-ports.ts';
import { AnswerType, ItemStub } from './presentation/answer.graph.ts';
import { AnswersResolver, CitationsResolver, ConversationAnswersResolver } from './presentation/answers.resolver.ts';
import { ApprovalType, UserStub } from './presentation/approval.graph.ts';
import { ApprovalPoliciesResolver, ApprovalsResolver, DraftItemsResolver } from './presentation/approvals.resolver.ts';
import { askAndFollow, askCursors } from './presentation/ask-cursors.ts';
import { askEventTypes } from './presentation/ask-event.graph.ts';
import { AskResolver } from './presentation/ask.resolver.ts';
import { contextOver, references } from './presentation/context.ts';
import { ConversationType } from './presentation/conversation.graph.ts';
import { ConversationsResolver } from './presentation/conversations.resolver.ts';
import { EnrichmentResolver } from './presentation/enrichment.resolver.ts';
import { JobStub, EvalRunType, EvalSetType } from './presentation/eval.graph.ts';
import { EvalRunsResolver, EvalSetsResolver } from './presentation/evals.resolver.ts';
import { ModelChoiceResolver } from './presentation/model-choice.resolver.ts';
import { policy } from './presentation/policy.ts';

export const slice: Slice = {
  name: 'ai',
  resolvers: [AskResolver, AnswersResolver, CitationsResolver, ConversationsResolver, ConversationAnswersResolver, ApprovalsResolver, ApprovalPoliciesResolver, DraftItemsResolver, ModelChoiceResolver, EvalSetsResolver, EvalRunsResolver, EnrichmentResolver],
  types: [ConversationType, AnswerType, ApprovalType, ItemStub, UserStub, EvalSetType, EvalRunType, JobStub, ...askEventTypes],
  policy,
};

const HOUR_MS = 3_600_000;

export async function start(resources: Resources): Promise<Service> {
  const { log, openDatabase, events, jobs, secret } = resources;
  const database = await openDatabase({ service: 'ai', tables, migrations });
  const { look } = deskOver(database, { ports: portsOver, views: viewsOver });
  const { work } = deskOver<JobPorts>(database, { ports: (em) => ({ ...portsOver(em), jobs: jobs.within(em) }), told: events.told });
  const { making, answers, flow, principals, stop } = answersOver({ resources, database, work, look });
  const given = { ...making, flow };
  const see = { seeConversations: seeConversations(given), seeAnswers: seeAnswers(given), seeApprovals: seeApprovals(given), seeEvals: seeEvals(given) };
  const ask = askOver({ ...given, making: answers });
  const cursors = askCursors(secret);
  const resolvers: object[] = [
    new AskResolver({ ask, cursors, seeCost: seeCost(given), wait: (viewer, id, forMs, signal) => waitForAnswer(viewer, id, { ...given, forMs, signal }) }),
    new AnswersResolver({ cancelAnswer: cancelAnswer({ ...given, making: answers }), regenerateAnswer: regenerateAnswer({ look, ask }), rateAnswer: rateAnswer(given) }),
    new CitationsResolver(),
    new ConversationsResolver({ renameConversation: renameConversation(given), deleteConversation: deleteConversation(given) }, see.seeConversations, pagesOf<Conversation>(secret, 'conversations', ({ updatedAt, id }) => [updatedAt.toISOString(), id])),
    new ConversationAnswersResolver(see.seeAnswers, pagesOf<SeenAnswer>(secret, 'answers', ({ id }) => [id]), exportConversation(see)),
    new ApprovalsResolver({ decideApproval: decideApproval({ ...given, work }), setApprovalPolicy: setApprovalPolicy(given) }, see.seeApprovals, pagesOf<SeenApproval>(secret, 'approvals', ({ id }) => [id])),
    new ApprovalPoliciesResolver(),
    new DraftItemsResolver(),
    new ModelChoiceResolver({ see: seeModelChoice(given), choose: chooseModel(given) }),
  ];
  resolvers.push(
    new EvalSetsResolver({ saveEvalSet: saveEvalSet(given), startEvalRun: startEvalRun({ work, prompt: making.prompt }) }, see.seeEvals, pagesOf<EvalSet>(secret, 'evaluation sets', ({ id }) => [id])),
    new EnrichmentResolver(),
    new EvalRunsResolver(see.seeEvals, pagesOf<EvalRun>(secret, 'evaluation runs', ({ id }) => [id])),
  );
  const context = contextOver({ ...see, enrichmentsOf: (viewer, ids) => look(viewer, ({ enrichments }) => enrichments.byIds(ids)), askAndFollow: askAndFollow({ ask, follow: followAnswer(given), cursors }), beginningOf: (viewer, answerId) => cursors.seal(viewer, { answerId, seq: 0 }) });
  const graph = graphOf({ slice, resolvers, references, context, once: onceOver(database, secret), log });

  events.listen([onItemsTold({ work })]);
  jobs.handle([runEval({ ...making, work, principals }), enrichItems({ work, look, texts: askedTexts(resources.ask), analyzer: openStems() }), writeDrafts({ work, look, principals, write: askedDrafts(resources.ask) })]);
  events.sweep({ name: 'ai enrichments by other rules', everyMs: HOUR_MS, round: enrichAnew({ work, due: postgresDueEnrichments(database) }) });
  events.sweep({ name: 'ai old results', everyMs: HOUR_MS, round: () => forgetOldResults(database) });
  return { name: 'ai', graph, ready: () => database.ping(), stop };
}

import { connectionFields } from '../../../platform/page.ts';
import { holder, member, type PolicyTable } from '../../../platform/policy.ts';

const page = { [connectionFields]: holder };
const edge = { 'cursor node': holder };
const answered = { 'answer userErrors': holder };

/** Who may see and do what in ai. What they are answered from is what collections shows them; what they asked is theirs alone. */
export const policy: PolicyTable = {
  Query: {
    // A line each: what is entered by its id wants what the field wants that would show it.
    conversations: member('MEMBER', 'ai:ask'),
    conversation: member('MEMBER', 'ai:ask'),
    // Who decides is said by the tenant's policy; whoever does not finds nothing here.
    approvals: member('MEMBER', null),
    'approvalPolicy modelChoice': member('ADMIN', 'tenants:admin'),
    // What is measured is measured over all that a person sees: no key does it.
    evalSets: member('ADMIN', null),
    evalRuns: member('ADMIN', null),
  },
  Mutation: {
    'ask cancelAnswer regenerateAnswer rateAnswer renameConversation deleteConversation': member('MEMBER', 'ai:ask'),
    decideApproval: member('MEMBER', null),
    'setApprovalPolicy chooseModel': member('ADMIN', 'tenants:admin'),
    'saveEvalSet startEvalRun': member('ADMIN', null),
  },
  Subscription: { ask: member('MEMBER', 'ai:ask') },
  Conversation: { 'id nodeId title createdAt updatedAt answers export': holder },
  Answer: { 'id nodeId question text answered state citations conversation regenerates model prompt usage cache error rating cursor createdAt finishedAt': holder },
  Citation: { 'id mark item version passage start end withheld': holder },
  AnswerUsage: { 'inputTokens outputTokens cost': holder },
  CacheUse: { 'hit similarity savedTokens saved': holder },
  Money: { 'amount currency': holder },
  // Asked for by whoever sees the item, which is looked at each time.
  Item: { 'id summary suggestedTags language': holder },
  User: { id: holder },
  Approval: { 'id nodeId state reasons question text citations drafts requestedAt expiresAt decidedAt decidedBy why edited': holder },
  DraftItem: { 'title body tags collectionId edited item error': holder },
  ApprovalPolicy: { 'minConfidence sensitiveTags approvers expiresHours': holder },
  ModelChoice: { 'model models': holder },
  EvalSet: { 'id nodeId name questions trend createdAt updatedAt': holder },
  EvalQuestion: { 'question itemIds mustSay mustNotSay': holder },
  EvalRun: { 'id nodeId evalSet job model prompt measures each cost latencyMsP50 latencyMsP95 startedAt finishedAt': holder },
  EvalMeasures: { 'recallAt5 ndcgAt10 citationPrecision citationRecall groundedness rightItems saysIt refusal': holder },
  Job: { id: holder },
  EvalSetConnection: page, EvalSetEdge: edge, EvalRunConnection: page, EvalRunEdge: edge,
  SaveEvalSetPayload: { 'evalSet userErrors': holder },
  StartEvalRunPayload: { 'evalRun userErrors': holder },
  AnswerStarted: { 'cursor answerId conversationId': holder },
  Step: { 'cursor name at detail': holder },
  Token: { 'cursor text': holder },
  Cited: { 'cursor citation': holder },
  CitationWithheld: { 'cursor citationId': holder },
  ApprovalRequested: { 'cursor approval': holder },
  AnswerCompleted: { 'cursor answer': holder },
  ConversationConnection: page, ConversationEdge: edge,
  AnswerConnection: page, AnswerEdge: edge,
  ApprovalConnection: page, ApprovalEdge: edge,
  AskPayload: answered, CancelAnswerPayload: answered, RegenerateAnswerPayload: answered, RateAnswerPayload: answered,
  RenameConversationPayload: { 'conversation userErrors': holder },
  DeleteConversationPayload: { 'conversationId userErrors': holder },
  DecideApprovalPayload: { 'approval userErrors': holder },
  SetApprovalPolicyPayload: { 'approvalPolicy userErrors': holder },
  ChooseModelPayload: { 'modelChoice userErrors': holder },
};

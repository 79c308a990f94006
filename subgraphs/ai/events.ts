/** What ai tells: that questions were asked and how they ended, what that used, and what people decided. Never what was asked or answered. Neighbours import this file and nothing else. */
import { defineEvent, described, flag, id, list, moment, nullable, oneOf, text, whole } from '../../platform/event.ts';

const conversationId = id('cnv');
const answerId = id('ans');
const approvalId = id('apr');

export const conversationStarted = defineEvent('ai.conversation-started', 1, { conversationId });
export const conversationRenamed = defineEvent('ai.conversation-renamed', 1, { conversationId });
export const conversationDeleted = defineEvent('ai.conversation-deleted', 1, { conversationId });

const ended = { answerId, conversationId, model: described(text, 'Which model said it.') };
export const answerAsked = defineEvent('ai.answer-asked', 1, { answerId, conversationId, collectionIds: described(nullable(list(id('col'))), 'Null: all that the asker sees.') });
export const answerCompleted = defineEvent('ai.answer-completed', 1, {
  ...ended, answered: described(flag, 'False: the knowledge holds no answer.'), itemIds: described(list(id('itm')), 'What it cites.'), cached: flag, latencyMs: whole,
});
export const answerCancelled = defineEvent('ai.answer-cancelled', 1, ended);
export const answerFailed = defineEvent('ai.answer-failed', 1, { ...ended, code: described(text, 'One of docs/errors.md.') });
export const answerStopped = defineEvent('ai.answer-stopped', 1, { ...ended, code: described(text, 'Why no more was said, one of docs/errors.md: BUDGET_EXCEEDED, or SUBGRAPH_UNAVAILABLE where nobody could say what was left.') });
export const answerRejected = defineEvent('ai.answer-rejected', 1, ended);
export const answerRated = defineEvent('ai.answer-rated', 1, { answerId, conversationId, rating: described(nullable(whole), 'From 1 to 5; null when it was taken back.') });

export const approvalRequested = defineEvent('ai.approval-requested', 1, { approvalId, answerId, reasons: described(list(text), 'LOW_CONFIDENCE, SENSITIVE_TAG, TOOL_WRITES.'), expiresAt: moment });
export const approvalDecided = defineEvent('ai.approval-decided', 1, { approvalId, answerId, decision: oneOf('APPROVED', 'REJECTED') });
export const approvalExpired = defineEvent('ai.approval-expired', 1, { approvalId, answerId });
export const evalSetSaved = defineEvent('ai.eval-set-saved', 1, { evalSetId: id('evs'), questions: described(whole, 'How many there are.') });
export const evalRunStarted = defineEvent('ai.eval-run-started', 1, { evalRunId: id('evr'), evalSetId: id('evs'), jobId: id('job') });
export const evalRunCompleted = defineEvent('ai.eval-run-completed', 1, { evalRunId: id('evr'), evalSetId: id('evs'), questions: described(whole, 'How many were asked.') });
export const evalRunStopped = defineEvent('ai.eval-run-stopped', 1, { evalRunId: id('evr'), evalSetId: id('evs'), questions: described(whole, 'How many were asked.'), code: described(text, 'Why no more were, one of docs/errors.md.') });
export const modelChosen = defineEvent('ai.model-chosen', 1, { tenantId: id('tnt'), model: described(nullable(text), 'Which is asked first; null: as whoever runs Atlas has ordered them.') });
export const approvalPolicySet = defineEvent('ai.approval-policy-set', 1, { tenantId: id('tnt') });

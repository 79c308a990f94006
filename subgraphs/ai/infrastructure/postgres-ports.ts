import type { EntityManager } from '@mikro-orm/postgresql';
import { groundOf, groundWithin, type Ground, type Rows } from '../../../platform/database/statement.ts';
import type { Ports } from '../domain/ports.ts';
import { AnswerTable } from './answer.table.ts';
import { ApprovalPolicyTable, ApprovalTable } from './approval.table.ts';
import { ConversationTable } from './conversation.table.ts';
import { PostgresAnswerLog } from './postgres-answer-log.ts';
import { PostgresAnswers } from './postgres-answers.ts';
import { PostgresApprovals } from './postgres-approvals.ts';
import { PostgresConversations } from './postgres-conversations.ts';
import { EvalRunTable, EvalSetTable } from './eval.table.ts';
import { PostgresEnrichments } from './postgres-enrichments.ts';
import { PostgresEvals } from './postgres-evals.ts';
import { ModelChoiceTable } from './model-choice.table.ts';
import { PostgresModelChoices } from './postgres-model-choices.ts';
import { PostgresRemembered } from './postgres-remembered.ts';
import { PostgresRuns } from './postgres-runs.ts';

export const tables = [ConversationTable, AnswerTable, ApprovalTable, ApprovalPolicyTable, EvalSetTable, EvalRunTable, ModelChoiceTable];

const portsOn = (on: Ground): Ports => ({
  conversations: new PostgresConversations(on),
  answers: new PostgresAnswers(on),
  log: new PostgresAnswerLog(on),
  runs: new PostgresRuns(on),
  approvals: new PostgresApprovals(on),
  remembered: new PostgresRemembered(on),
  evals: new PostgresEvals(on),
  modelChoices: new PostgresModelChoices(on),
  enrichments: new PostgresEnrichments(on),
  flush: () => on.em.flush(),
});
export const portsOver = (em: EntityManager): Ports => portsOn(groundWithin(em));
export const viewsOver = (rows: Rows): Ports => portsOn(groundOf(rows));

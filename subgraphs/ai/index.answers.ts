/** How answers are made in this process, wired: what finds, what says, what keeps, and the loops that see to it that each one ends. */
import { AsyncResource } from 'node:async_hooks';
import { billingOver } from '../../platform/billing/door.ts';
import { openPrices } from '../../platform/billing/prices.ts';
import type { Database } from '../../platform/database/database.ts';
import { newId, isId } from '../../platform/ids.ts';
import { loop } from '../../platform/loop.ts';
import { withRequest } from '../../platform/request.ts';
import type { Resources } from '../../platform/service.ts';
import { openStems } from '../../platform/stems.ts';
import type { Look, Work } from '../../platform/work.ts';
import { onKnowledgeChanged } from './application/on-knowledge-changed.ts';
import { openBoard } from './application/board.ts';
import { expireApprovals } from './application/expire-approvals.ts';
import { makeAnswers } from './application/make-answers.ts';
import type { Making } from './application/run-context.ts';
import { enriched } from './domain/enriching.ts';
import { languageIn } from './domain/language.ts';
import { likeness } from './domain/same-question.ts';
import type { Ports } from './domain/ports.ts';
import { termsBy } from './domain/terms.ts';
import { askedBudgets, noBudgets } from './infrastructure/asked-budgets.ts';
import { askedKnowledge } from './infrastructure/asked-knowledge.ts';
import { askedPrincipals } from './infrastructure/asked-principals.ts';
import { forgetOldRuns } from './infrastructure/forgotten-runs.ts';
import { langGraphFlow } from './infrastructure/langgraph/answer-flow.ts';
import { openModels } from './infrastructure/models/open.ts';
import { ANSWERS_CHANNEL } from './infrastructure/postgres-answer-log.ts';
import { postgresDue } from './infrastructure/postgres-runs.ts';
import { openPrompts } from './infrastructure/prompts.ts';

const RENEW_MS = 1_000;
const TAKE_UP_MS = 1_000;
const EXPIRE_MS = 10_000;
const HOUR_MS = 3_600_000;
/** A language that nobody recognises is taken for this one. */
const LANGUAGE = 'en';

export function answersOver({ resources, database, work, look }: { resources: Resources; database: Database; work: Work<Ports>; look: Look<Ports> }) {
  const { settings, ask, events, log } = resources;
  const billing = billingFor(resources);
  const analyzer = openStems();
  const flow = langGraphFlow(database);
  const due = postgresDue(database);
  const principals = askedPrincipals(ask);
  const prompts = openPrompts();
  const making: Making = {
    work, look, knowledge: askedKnowledge(ask), board: openBoard(), holder: newId('req'), ...promptOf('answer', prompts), rewriting: promptOf('rewrite', prompts),
    recalling: settings.AI_CACHE ? { likeness: (a, b) => likeness(a, b, analyzer) } : null,
    models: openModels(settings, analyzer, log), budgets: billing.budgets,
    summarise: (item) => enriched(item, [], analyzer).summary,
    termsFor: (text) => termsBy(analyzer, languageIn(text, analyzer) ?? LANGUAGE),
  };
  // Bound here, where nobody asks yet: a run inherits neither a deadline nor an idempotency record.
  const detached = AsyncResource.bind((body: () => Promise<void>) => void withRequest({ requestId: newId('req'), address: null, userAgent: null, idempotencyKey: null }, body), 'atlas answer');
  const answers = makeAnswers({
    ...making, flow, due, detached, principals,
    noted: (answerId, error) => log.warn({ err: error, answerId }, 'An answer could not be made.'),
  });
  const unhear = events.hear(ANSWERS_CHANNEL, (said) => {
    if (said === 'missed') return making.board.hintAll();
    const [answerId, seq] = said.word.split(' ');
    if (!isId('ans', answerId)) return;
    making.board.hint(answerId, Number(seq));
    answers.hint(answerId);
  });
  const renewing = loop({ name: 'ai held runs', everyMs: RENEW_MS, log, round: () => answers.renew() });
  events.listen([onKnowledgeChanged({ work })]);
  events.sweep({ name: 'ai abandoned runs', everyMs: TAKE_UP_MS, round: () => answers.takeUp() });
  events.sweep({ name: 'ai expired approvals', everyMs: EXPIRE_MS, round: expireApprovals({ ...making, due }) });
  events.sweep({ name: 'ai old runs', everyMs: HOUR_MS, round: () => forgetOldRuns(database) });
  return {
    making, answers, flow, principals,
    stop: async () => {
      unhear();
      await renewing.stop();
      await answers.stop();
      await billing.stop();
    },
  };
}

/** A start without billing answers without budgets. */
function billingFor({ reaches, ask, events, log }: Resources) {
  if (!reaches.has('billing')) return { budgets: noBudgets, stop: async () => undefined };
  const door = billingOver(ask, 'ai');
  const prices = openPrices({ billing: door, tail: (...given) => events.tail(...given), log });
  return { budgets: askedBudgets({ door, prices, log }), stop: () => prices.stop() };
}

/** What a model is told, and which version of that. */
function promptOf(name: string, prompts: ReturnType<typeof openPrompts>): { system: string; prompt: string } {
  const { text, version } = prompts.get(name)!;
  return { system: text, prompt: `${name}.v${version}` };
}

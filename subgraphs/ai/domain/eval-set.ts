import { Aggregate } from '../../../platform/aggregate.ts';
import { isId, newId, type EvalSetId, type TenantId } from '../../../platform/ids.ts';
import { invalid, lineOf } from '../../../platform/text.ts';
import { evalSetSaved } from '../events.ts';
import type { GoldenQuestion } from './evaluating.ts';
import { textWithin } from './question.ts';

const NAME_MAX = 200;
const QUESTIONS_MAX = 500;
const QUESTION_MAX = 4_000;
const ITEMS_MAX = 20;
const SAID_MAX = 20;
const SAID_CHARACTERS_MAX = 200;

export interface AskedOf { question: string; itemIds?: readonly string[] | null; mustSay?: readonly string[] | null; mustNotSay?: readonly string[] | null }

/** Questions whose answers somebody knows: where each stands, what it has to say and what it must not. One without an item has none. */
export class EvalSet extends Aggregate {
  readonly id: EvalSetId = newId('evs');
  readonly tenantId: TenantId;
  name = '';
  questions: GoldenQuestion[] = [];
  readonly createdAt: Date = new Date();
  updatedAt: Date = this.createdAt;

  constructor(tenantId: TenantId) {
    super();
    this.tenantId = tenantId;
  }

  save(name: string, questions: readonly AskedOf[]): void {
    if (questions.length === 0 || questions.length > QUESTIONS_MAX) throw invalid(`From 1 to ${QUESTIONS_MAX} questions.`, 'questions');
    this.name = lineOf(name, 'name', NAME_MAX);
    this.questions = questions.map(goldenOf);
    this.updatedAt = new Date();
    // What is asked there may be as private as what people ask.
    this.record(evalSetSaved({ evalSetId: this.id, questions: questions.length }, { audit: { entityType: 'EvalSet', entityId: this.id, after: { name: this.name, questions: questions.length } } }));
  }
}

function goldenOf({ question, itemIds, mustSay, mustNotSay }: AskedOf, at: number): GoldenQuestion {
  const items = itemIds ?? [];
  if (items.length > ITEMS_MAX || !items.every((id) => isId('itm', id))) throw invalid(`At most ${ITEMS_MAX} ids of items.`, 'questions');
  return { id: String(at + 1), question: textWithin(question, 'questions', QUESTION_MAX), items: [...items], mustSay: saidOf(mustSay ?? []), mustNotSay: saidOf(mustNotSay ?? []) };
}
function saidOf(all: readonly string[]): string[] {
  if (all.length > SAID_MAX) throw invalid(`At most ${SAID_MAX} texts that an answer has to say, and as many that it must not.`, 'questions');
  return all.map((one) => lineOf(one, 'questions', SAID_CHARACTERS_MAX));
}

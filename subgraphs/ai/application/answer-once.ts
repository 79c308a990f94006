/** Answers a question outside of any conversation, as somebody, through the same steps: for whoever measures what comes of it. */
import type { Viewer } from '../../../platform/viewer.ts';
import { checkDraft } from '../domain/checking.ts';
import { choosePassages } from '../domain/choosing.ts';
import type { GivenAnswer } from '../domain/evaluating.ts';
import { NO_ANSWER } from '../domain/extracting.ts';
import type { FoundPassage } from '../domain/flow.ts';
import type { Price } from '../domain/models.ts';
import { needOfCall, needOfSaid, type Need } from '../domain/need.ts';
import { soFar } from '../domain/so-far.ts';
import { estimatedUsage, NOTHING, spentOf, type Spent } from '../domain/usage.ts';
import { BudgetReached } from './keep-within-budgets.ts';
import { Reading } from './reading.ts';
import type { Making } from './run-context.ts';

const FOUND_MAX = 20;
export type Once = Pick<Making, 'knowledge' | 'models' | 'system' | 'termsFor'>;
export interface GivenOnce extends Omit<GivenAnswer, 'cost'> { readonly spent: Spent; readonly model: string }

/** `within`: throws BudgetReached where no more may be used. */
export async function answerOnce(given: Once, viewer: Viewer, question: string, { signal, within }: { signal: AbortSignal; within: (need: Need) => void | Promise<void> }): Promise<GivenOnce> {
  const began = performance.now();
  const termsOf = given.termsFor(question);
  const found = await given.knowledge.find(viewer, { query: question, collectionIds: null, first: FOUND_MAX });
  const passages = choosePassages(question, await given.knowledge.texts(viewer, found), termsOf);
  const said = passages.length === 0 ? { text: NO_ANSWER, answered: false, citations: [], model: 'none', spent: NOTHING } : await hear({ ...given, within }, question, passages, signal);
  const { text, answered, citations, spent, model } = checkDraft(said, passages, termsOf);
  const cited = citations.map(({ mark, itemId, version, start, end }) => {
    const passage = passages.find((one) => one.itemId === itemId && one.version === version && one.start <= start && one.end >= end)!;
    return { mark, itemId, text: `${passage.title} ${passage.headings.join(' ')}\n${passage.text}` };
  });
  const most = Math.max(0, ...cited.map(({ mark }) => mark));
  const byMark = Array.from({ length: most }, (_, at) => cited.find(({ mark }) => mark === at + 1) ?? { itemId: '', text: '' });
  return { found, text, answered, citations: byMark, spent, model, latencyMs: performance.now() - began };
}

async function hear(given: Once & { within: (need: Need) => void | Promise<void> }, question: string, passages: readonly FoundPassage[], signal: AbortSignal) {
  const reading = new Reading({ passages, before: soFar([]), isHeld: false, termsOf: given.termsFor(question) });
  const prompt = { system: given.system, turns: [], passages, question };
  const { inputTokens } = estimatedUsage(prompt, '');
  let [model, text, pieces, spent] = ['', '', 0, NOTHING];
  let price: Price | null = null;
  await given.within(needOfCall(inputTokens, given.models.dearest));
  try {
    for await (const one of given.models.say(prompt, signal)) {
      if (one.kind === 'speaker') ({ model, price } = one);
      if (one.kind === 'text') {
        text += one.text;
        const room = given.within(needOfSaid(inputTokens, { pieces: pieces + 1, text }, price ?? given.models.dearest));
        if (room) await room;
        pieces += 1;
        reading.read(one.text);
      }
      if (one.kind === 'end' && price) spent = spentOf(one.usage, price);
    }
  } catch (error) {
    if (error instanceof BudgetReached && price) error.spent = spentOf({ inputTokens, outputTokens: pieces }, price);
    throw error;
  }
  reading.finish();
  return { text: reading.text, answered: reading.answered, citations: reading.citations, model, spent };
}

/** What an answer is made of, step by step: whoever asked is asked for at each, with the rights that they have then. */
import { checkDraft } from '../domain/checking.ts';
import { choosePassages } from '../domain/choosing.ts';
import { NO_ANSWER } from '../domain/extracting.ts';
import type { Draft, FoundPassage, Steps } from '../domain/flow.ts';
import { foundIn, soFar } from '../domain/so-far.ts';
import { answerStep } from './answer-step.ts';
import { recallStep } from './recall-step.ts';
import { chosenModels } from './choose-model.ts';
import { reveal } from './reveal.ts';
import { rewriteStep } from './rewrite-step.ts';
import { append, sourcesChanged, step, wholeLog, type Run } from './run-context.ts';
import { saveStep } from './save-step.ts';

const FOUND_MAX = 20;
const TURNS_MAX = 3;

export function stepsOf(run: Run): Steps {
  let asked: Promise<Run> | undefined;
  /** With the models as the tenant has them asked: looked up once, so that an answer is kept under those that were asked. */
  const asking = (): Promise<Run> => (asked ??= chosenModels(run, run.viewer).then((models) => ({ ...run, models })));
  return {
    ...stepsWithout(run),
    async rewrite() { return rewriteStep(await asking(), await turnsBefore(run)); },
    async recall() { return recallStep(await asking(), { isFirst: (await turnsBefore(run)).length === 0 }); },
    async answer(_search, passages) {
      if (passages.length === 0) return unanswered(run);
      // It may have waited for another process: what was theirs to see then may not be now.
      if (run.isTakenUp) await refuseLost(run, [...passages, ...foundIn(soFar(await wholeLog(run)).rounds)]);
      return answerStep(await asking(), { passages, turns: await turnsBefore(run) });
    },
  };
}

/** Those in which no model has a part. */
const stepsWithout = (run: Run): Pick<Steps, 'retrieve' | 'check' | 'save'> => ({
  async retrieve(search) {
    const { viewer, knowledge, answer: { collectionIds }, termsOf } = run;
    await append(run, [step('retrieve')]);
    const ids = await knowledge.find(viewer, { query: search, collectionIds, first: FOUND_MAX });
    const texts = await knowledge.texts(viewer, ids);
    const passages = choosePassages(search, texts, termsOf);
    await append(run, [{ kind: 'sources', itemIds: [...new Set(passages.map(({ itemId }) => itemId))] }, step('answer', `passages: ${passages.length}`)]);
    return passages;
  },
  async check(draft, passages) {
    const checked = checkDraft(draft, passages, run.termsOf);
    await append(run, [step('check', checked.cut === 0 ? null : `${checked.cut} ${checked.cut === 1 ? 'sentence' : 'sentences'} cut`)]);
    return checked;
  },
  save: (checked, passages, recalled) => saveStep(run, checked, passages, recalled),
});

/** What was said before and may still be seen: what somebody has lost is told to no model either. */
async function turnsBefore(run: Run): Promise<{ question: string; text: string }[]> {
  const before = await run.look(run.viewer, ({ answers }) => answers.before(run.answer, TURNS_MAX));
  const seen = await reveal(run.viewer, before, run);
  return seen.flatMap(({ question, text }) => (text === null ? [] : [{ question, text }]));
}

async function refuseLost({ knowledge, viewer }: Run, passages: readonly FoundPassage[]): Promise<void> {
  const ids = [...new Set(passages.map(({ itemId }) => itemId))];
  const seen = await knowledge.seen(viewer, ids);
  if (ids.some((id) => !seen.has(id))) throw sourcesChanged();
}

/** Nothing was found that they may see: no model is asked, and nobody pays but for what put the question into words. */
async function unanswered(run: Run): Promise<Draft> {
  const { spentByRounds: spent, rewrittenBy } = soFar(await wholeLog(run));
  await append(run, [{ kind: 'token', text: NO_ANSWER, raw: '', pieces: 0 }]);
  return { text: NO_ANSWER, answered: false, citations: [], model: rewrittenBy ?? 'none', spent };
}

/**
 * Gives an answer again that was made before from the same for somebody who sees the same. Everything it was made from is
 * looked at as the caller at that moment, at the very version: what they may not read, or what says something else by now,
 * is in no answer, however late this service hears of a change.
 */
import { newId, type ItemId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Answer } from '../domain/answer.ts';
import type { AnswerEventBody } from '../domain/answer-event.ts';
import type { Draft, Recalled } from '../domain/flow.ts';
import type { CacheUse, Reach } from '../domain/reach.ts';
import { isAsThen, keyOf, type Remembered } from '../domain/recall.ts';
import { NOTHING } from '../domain/usage.ts';
import { append, sourcesChanged, step, wholeLog, type Run } from './run-context.ts';

const LOOKED_AT_MAX = 50;
const NONE: Recalled = { key: null, reach: null, draft: null, passages: [] };

/** A question, as far as it decides whether it was answered before. */
export interface Asking extends Pick<Answer, 'question' | 'collectionIds' | 'regenerates' | 'tools'> { isFirst: boolean }
type Given = Pick<Run, 'knowledge' | 'models' | 'look' | 'recalling' | 'prompt'>;

export async function recallStep(run: Run, { isFirst }: { isFirst: boolean }): Promise<Recalled> {
  const { viewer, knowledge } = run;
  const { question, collectionIds, regenerates, tools } = run.answer;
  const asking = { question, collectionIds, regenerates, tools, isFirst };
  if (!mayRecall(run, asking)) return NONE;
  const reach = await knowledge.reach(viewer);
  const key = keyIn(run, reach, asking);
  const begun = await toldBefore(run);
  const found = begun ?? await best(run, viewer, asking, key);
  if (!found || !await mayRead(run, viewer, found.kept)) {
    if (begun) throw sourcesChanged();
    return { key, reach, draft: null, passages: [] };
  }
  const draft = begun ? begun.draft : await tell(run, found.kept, found.similarity);
  return { key: null, reach: null, draft, passages: found.kept.passages };
}

/** Whether it would be answered without a model at this moment. */
export async function isRemembered(given: Given, viewer: Viewer, asking: Asking): Promise<boolean> {
  return mayRecall(given, asking) && await best(given, viewer, asking, keyIn(given, await given.knowledge.reach(viewer), asking)) !== null;
}

/** What leans on what was said before is no question of its own, who asks anew wants it made anew, and what is done for one is not done for another. */
const mayRecall = ({ recalling }: Given, { isFirst, regenerates, tools }: Asking): boolean => recalling !== null && isFirst && regenerates === null && tools.length === 0;
const keyIn = ({ models, prompt }: Given, reach: Reach, { collectionIds }: Asking): string => keyOf({ reach, collectionIds, models: models.names, prompt });

interface Found { kept: Remembered; similarity: number }

async function best(given: Given, viewer: Viewer, { question }: Asking, key: string): Promise<Found | null> {
  for (const kept of await given.look(viewer, ({ remembered }) => remembered.under(key, LOOKED_AT_MAX))) {
    const { isSame, similarity } = given.recalling!.likeness(question, kept.question);
    if (isSame && await mayRead(given, viewer, kept)) return { kept, similarity };
  }
  return null;
}
async function mayRead({ knowledge }: Pick<Given, 'knowledge'>, viewer: Viewer, { passages }: Remembered): Promise<boolean> {
  const ids: ItemId[] = [...new Set(passages.map(({ itemId }) => itemId))];
  return isAsThen(passages, await knowledge.versions(viewer, ids));
}

/** Written in one piece: a run that dies has told all of it or nothing. */
async function tell(run: Run, kept: Remembered, similarity: number): Promise<Draft> {
  const isHeld = (await run.look(run.viewer, ({ approvals }) => approvals.policy()))?.isOn() ?? false;
  const cached: CacheUse = { similarity, savedTokens: kept.inputTokens + kept.outputTokens, saved: kept.cost, currency: kept.currency };
  const citations = kept.citations.map((citation) => ({ ...citation, id: newId('cit') }));
  await append(run, [
    step('recall', `similarity: ${similarity.toFixed(2)}`), { kind: 'sources', itemIds: [...new Set(kept.passages.map(({ itemId }) => itemId))] },
    { kind: 'recalled', answerId: kept.answerId, model: kept.model, cached }, { kind: isHeld ? 'held' : 'token', text: kept.text, raw: '', pieces: 0 },
    ...citations.map((citation): AnswerEventBody => ({ kind: 'cited', citation, held: isHeld })),
  ]);
  return { text: kept.text, answered: true, citations, model: kept.model, spent: NOTHING, cached };
}

/** By this run, before it was taken up here. */
async function toldBefore(run: Run): Promise<(Found & { draft: Draft }) | null> {
  if (!run.isTakenUp) return null;
  const events = (await wholeLog(run)).map(({ body }) => body);
  const said = events.find((body) => body.kind === 'recalled');
  if (!said) return null;
  const kept = await run.look(run.viewer, ({ remembered }) => remembered.byId(said.answerId));
  if (!kept) throw sourcesChanged();
  const citations = events.flatMap((body) => (body.kind === 'cited' ? [body.citation] : []));
  return { kept, similarity: said.cached.similarity, draft: { text: kept.text, answered: true, citations, model: said.model, spent: NOTHING, cached: said.cached } };
}

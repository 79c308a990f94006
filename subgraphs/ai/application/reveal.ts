/** Answers as whoever reads them may see them at this moment: one that cites something that they lost says nothing any more. */
import type { ItemId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Answer, AnswerState } from '../domain/answer.ts';
import type { Citation } from '../domain/citation.ts';
import type { Knowledge } from '../domain/knowledge.ts';

export interface SeenCitation extends Omit<Citation, 'passage'> { passage: string | null; withheld: boolean }
export interface SeenAnswer {
  id: Answer['id']; conversationId: Answer['conversationId']; question: string; regenerates: Answer['regenerates']; text: string | null; answered: boolean; state: AnswerState | 'WITHHELD';
  citations: SeenCitation[]; model: string; prompt: string; inputTokens: number; outputTokens: number; cost: string; currency: string; cacheSimilarity: number | null; savedTokens: number; saved: string; code: string | null; rating: number | null; createdAt: Date; finishedAt: Date | null;
}
/** What is not shown before somebody has approved of it, or at all. */
const UNSHOWN: ReadonlySet<AnswerState> = new Set(['AWAITING_APPROVAL', 'REJECTED']);

export async function reveal(viewer: Viewer, answers: readonly Answer[], { knowledge }: { knowledge: Knowledge<Viewer> }): Promise<SeenAnswer[]> {
  const cited = [...new Set(answers.flatMap(({ citations }) => citations.map(({ itemId }) => itemId)))];
  const seen = await seenOf(viewer, cited, knowledge);
  return answers.map((answer) => shown(answer, seen));
}

function shown({ id, conversationId, question, regenerates, text, answered, state, citations, model, prompt, inputTokens, outputTokens, cost, currency, cacheSimilarity, savedTokens, saved, code, rating, createdAt, finishedAt }: Answer, seen: ReadonlySet<ItemId>): SeenAnswer {
  const said = { id, conversationId, question, regenerates, answered, model, prompt, inputTokens, outputTokens, cost, currency, cacheSimilarity, savedTokens, saved, code, rating, createdAt, finishedAt };
  if (UNSHOWN.has(state)) return { ...said, state, text: null, citations: [] };
  const isWithheld = citations.some(({ itemId }) => !seen.has(itemId));
  return { ...said, text: isWithheld ? null : text, state: isWithheld ? 'WITHHELD' : state, citations: citations.map((citation) => shownCitation(citation, seen)) };
}
export const shownCitation = (citation: Citation, seen: ReadonlySet<ItemId>): SeenCitation =>
  (seen.has(citation.itemId) ? { ...citation, withheld: false } : { ...citation, passage: null, withheld: true });

const ASKED_AT_ONCE = 100;

/** Which of these they may see; asked in portions that the other service takes. */
export async function seenOf(viewer: Viewer, ids: readonly ItemId[], knowledge: Knowledge<Viewer>): Promise<ReadonlySet<ItemId>> {
  const portions = Array.from({ length: Math.ceil(ids.length / ASKED_AT_ONCE) }, (_, at) => ids.slice(at * ASKED_AT_ONCE, (at + 1) * ASKED_AT_ONCE));
  const found = await Promise.all(portions.map((portion) => knowledge.seen(viewer, portion)));
  return new Set(found.flatMap((one) => [...one]));
}

import type { Viewer } from '../../../platform/viewer.ts';
import type { Conversation } from '../domain/conversation.ts';
import type { SeeAnswers } from './see-answers.ts';

const ANSWERS_MAX = 1_000;
const PAGE = 100;

export type ExportConversation = (viewer: Viewer, conversation: Conversation) => Promise<object>;

/** A conversation as a document of its own, with what its owner may see of it at this moment. */
export const exportConversation = ({ seeAnswers }: { seeAnswers: SeeAnswers }): ExportConversation => async (viewer, { id, title, createdAt, updatedAt }) => {
  const answers: object[] = [];
  for (let after: readonly string[] | null = null; answers.length < ANSWERS_MAX;) {
    const page = await seeAnswers.page(viewer, id, { first: PAGE, after });
    answers.push(...page.slice(0, PAGE).map(({ question, text, state, answered, model, createdAt: askedAt, rating, citations }) => ({
      question, text, state, answered, model, askedAt: askedAt.toISOString(), rating,
      citations: citations.map(({ mark, itemId, version, start, end, passage, withheld }) => ({ mark, itemId, version, start, end, passage, withheld })),
    })));
    if (page.length <= PAGE) break;
    after = [page[PAGE - 1]!.id];
  }
  return { id, title, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString(), answers };
};

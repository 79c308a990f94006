import type { AnswerId, ConversationId, ItemId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Knowledge } from '../domain/knowledge.ts';
import type { Ports, Span } from '../domain/ports.ts';
import { reveal, seenOf, type SeenAnswer } from './reveal.ts';

/** Each sees their own, as far as they still see what it was made from. */
export interface SeeAnswers {
  byIds(viewer: Viewer, ids: readonly AnswerId[]): Promise<SeenAnswer[]>;
  page(viewer: Viewer, conversationId: ConversationId, span: Span): Promise<SeenAnswer[]>;
  /** Which of these they may see at this moment. */
  items(viewer: Viewer, ids: readonly ItemId[]): Promise<ReadonlySet<ItemId>>;
}

export const seeAnswers = ({ look, knowledge }: { look: Look<Ports>; knowledge: Knowledge<Viewer> }): SeeAnswers => ({
  byIds: async (viewer, ids) => reveal(viewer, await look(viewer, ({ answers }) => answers.byIds(ids, viewer.id)), { knowledge }),
  page: async (viewer, conversationId, span) => reveal(viewer, await look(viewer, ({ answers }) => answers.page(conversationId, viewer.id, span)), { knowledge }),
  items: (viewer, ids) => seenOf(viewer, ids, knowledge),
});

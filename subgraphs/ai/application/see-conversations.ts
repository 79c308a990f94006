import type { ConversationId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Conversation } from '../domain/conversation.ts';
import type { Ports, Span } from '../domain/ports.ts';

/** Each sees their own. */
export interface SeeConversations {
  byIds(viewer: Viewer, ids: readonly ConversationId[]): Promise<Conversation[]>;
  page(viewer: Viewer, span: Span): Promise<Conversation[]>;
}

export const seeConversations = ({ look }: { look: Look<Ports> }): SeeConversations => ({
  byIds: (viewer, ids) => look(viewer, ({ conversations }) => conversations.byIds(ids, viewer.id)),
  page: (viewer, span) => look(viewer, ({ conversations }) => conversations.page(viewer.id, span)),
});

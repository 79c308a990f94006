import { AtlasError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Conversation } from '../domain/conversation.ts';
import type { Conversations, Ports } from '../domain/ports.ts';

export type RenameConversation = ReturnType<typeof renameConversation>;

export const renameConversation = ({ work }: { work: Work<Ports> }) => (viewer: Viewer, { id, title }: { id: string; title: string }): Promise<{ conversation: Conversation }> =>
  work(viewer, async ({ conversations }) => {
    const conversation = await ownConversation(viewer, id, conversations);
    conversation.rename(title);
    return { conversation };
  });

export async function ownConversation(viewer: Viewer, id: string, conversations: Conversations, field = 'id'): Promise<Conversation> {
  const conversation = isId('cnv', id) ? await conversations.locked(id, viewer.id) : null;
  if (!conversation) throw new AtlasError('NOT_FOUND', undefined, { path: ['input', field] });
  return conversation;
}

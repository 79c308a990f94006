import type { ConversationId } from '../../../platform/ids.ts';
import { isId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Flow } from '../domain/flow.ts';
import { endedByAsker } from './cancel-answer.ts';
import { ownConversation } from './rename-conversation.ts';
import type { Making } from './run-context.ts';
import { tenantOf } from './tenant-of.ts';

export type DeleteConversation = ReturnType<typeof deleteConversation>;

/** With every question and answer in it, and what was kept of how they were made. What is still being made is cancelled, and paid for. */
export const deleteConversation = ({ work, look, flow }: Pick<Making, 'work' | 'look'> & { flow: Pick<Flow, 'forget'> }) => async (viewer: Viewer, { id }: { id: string }): Promise<{ conversationId: ConversationId }> => {
  const tenantId = tenantOf(viewer);
  const answerIds = isId('cnv', id) ? await look(viewer, ({ answers }) => answers.idsIn(id, viewer.id)) : [];
  const deleted = await work(viewer, async (ports) => {
    const conversation = await ownConversation(viewer, id, ports.conversations);
    for (const answerId of answerIds) await ports.runs.end(answerId);
    for (const answer of await ports.answers.openIn(conversation.id)) await endedByAsker(answer, ports);
    await ports.flush();
    conversation.delete();
    ports.conversations.remove(conversation);
    return { conversationId: conversation.id };
  });
  await flow.forget({ tenantId, answerIds });
  return deleted;
};

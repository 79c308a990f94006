import { AtlasError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Answer } from '../domain/answer.ts';
import type { Ports } from '../domain/ports.ts';
import type { Ask } from './ask.ts';

export type RegenerateAnswer = ReturnType<typeof regenerateAnswer>;

/** The same question once more, in the same conversation: the first answer stays. */
export const regenerateAnswer = ({ look, ask }: { look: Look<Ports>; ask: Ask }) => async (viewer: Viewer, { id }: { id: string }): Promise<{ answer: Answer }> => {
  const [answer] = isId('ans', id) ? await look(viewer, ({ answers }) => answers.byIds([id], viewer.id)) : [];
  if (!answer) throw new AtlasError('NOT_FOUND', undefined, { path: ['input', 'id'] });
  if (answer.isOpen()) throw new AtlasError('WRONG_STATE', 'It is not finished yet.', { path: ['input', 'id'] });
  const { question, collectionIds, conversationId, tools, draftsIn } = answer;
  return ask(viewer, { question, collectionIds, conversationId, tools, draftsIn }, answer.id);
};

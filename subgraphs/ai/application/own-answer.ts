import { AtlasError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Answer } from '../domain/answer.ts';
import type { Answers } from '../domain/ports.ts';

/** To be changed. Somebody else's is not there. */
export async function ownAnswer(viewer: Viewer, id: string, answers: Pick<Answers, 'locked'>, field = 'id'): Promise<Answer> {
  const answer = isId('ans', id) ? await answers.locked(id) : null;
  if (answer?.owner !== viewer.id) throw new AtlasError('NOT_FOUND', undefined, { path: ['input', field] });
  return answer;
}

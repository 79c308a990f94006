import { isId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { DeadLetter } from '../domain/dead-letter.ts';
import type { Ports } from '../domain/ports.ts';
import { notFound, tenantOf } from './act-in-tenant.ts';

export type ReplayDeadLetter = ReturnType<typeof replayDeadLetter>;

/** Whichever process consumes as its consumer takes it soon; an event that was handled after all has no second effect. */
export const replayDeadLetter = (given: { work: Work<Ports> }) => (viewer: Viewer, input: { id: string }): Promise<{ deadLetter: DeadLetter }> => {
  const tenantId = tenantOf(viewer);
  return given.work(viewer, async ({ deadLetters }) => {
    const deadLetter = isId('ded', input.id) ? await deadLetters.askAgain(tenantId, input.id) : null;
    if (!deadLetter) throw notFound('id');
    return { deadLetter };
  });
};

import { AtlasError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import { EvalSet, type AskedOf } from '../domain/eval-set.ts';
import type { Ports } from '../domain/ports.ts';
import { tenantOf } from './tenant-of.ts';

const SETS_MAX = 50;
export interface SaveEvalSetInput { id?: string | null; name: string; questions: readonly AskedOf[] }
export type SaveEvalSet = ReturnType<typeof saveEvalSet>;

/** A new one, or all of one instead of what it was before. */
export const saveEvalSet = ({ work }: { work: Work<Ports> }) => (viewer: Viewer, { id, name, questions }: SaveEvalSetInput): Promise<{ evalSet: EvalSet }> =>
  work(viewer, async ({ evals }) => {
    const kept = id == null ? null : isId('evs', id) ? await evals.setLocked(id) : null;
    if (id != null && !kept) throw new AtlasError('NOT_FOUND', undefined, { path: ['input', 'id'] });
    if (!kept && await evals.countSets() >= SETS_MAX) throw new AtlasError('LIMIT_REACHED', `At most ${SETS_MAX} sets of questions.`);
    const evalSet = kept ?? new EvalSet(tenantOf(viewer));
    evalSet.save(name, questions);
    if (!kept) evals.addSet(evalSet);
    return { evalSet };
  });

import { AtlasError } from '../../../platform/errors.ts';
import { isId, type JobId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import { Reindexing } from '../domain/reindexing.ts';
import type { Rights } from '../domain/document-ports.ts';
import { reindexJob } from './index-jobs.ts';
import type { IndexPorts } from './on-collections-told.ts';
import { tenantOf } from './tenant-of.ts';

export interface ReindexInput { collectionId?: string | null }
export type Reindex = ReturnType<typeof reindex>;

interface Given { work: Work<IndexPorts & { witness(subject: Reindexing): void }>; rights: Pick<Rights<Viewer>, 'collection'> }

/** One at a time: while one of the same waits or runs, that one is answered. */
export const reindex = ({ work, rights }: Given) => async (viewer: Viewer, { collectionId }: ReindexInput): Promise<{ job: { id: JobId } }> => {
  const tenantId = tenantOf(viewer);
  const wanted = collectionId ?? null;
  if (wanted !== null && !(isId('col', wanted) && await rights.collection(viewer, wanted))) throw new AtlasError('NOT_FOUND', undefined, { path: ['input', 'collectionId'] });
  return work(viewer, async ({ jobs, witness }) => {
    const job = await jobs.enqueue(reindexJob, { collectionId: wanted }, { by: viewer, once: wanted ?? 'all' });
    witness(Reindexing.asked({ tenantId, jobId: job.id, collectionId: wanted }));
    return { job: { id: job.id } };
  });
};

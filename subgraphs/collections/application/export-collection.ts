import { isId } from '../../../platform/ids.ts';
import type { Job } from '../../../platform/jobs/jobs.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { TransferFormat } from '../domain/transfer.ts';
import type { JobPorts } from './job-ports.ts';
import { notFound, rolesIn } from './reach-collection.ts';
import { exportCollectionJob } from './transfer-jobs.ts';
import { refuseTooManyWaiting } from './waiting-jobs.ts';

export interface ExportCollectionInput { collectionId: string; format: TransferFormat }
export type ExportCollection = ReturnType<typeof exportCollection>;

/** Whoever may read it item by item may have it whole. */
export const exportCollection = (given: { work: Work<JobPorts> }) => (viewer: Viewer, { collectionId, format }: ExportCollectionInput): Promise<{ job: Job }> =>
  given.work(viewer, async (ports) => {
    const [collection] = isId('col', collectionId) ? await ports.collections.byIds([collectionId]) : [];
    if (!collection || !(await rolesIn(viewer, [collection.id], ports))(collection.id)) throw notFound('collectionId');
    await refuseTooManyWaiting(viewer, exportCollectionJob, 'exports', ports);
    return { job: await ports.jobs.enqueue(exportCollectionJob, { collectionId: collection.id, format, until: new Date().toISOString() }, { by: viewer }) };
  });

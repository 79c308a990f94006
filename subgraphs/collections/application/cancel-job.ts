import { isId } from '../../../platform/ids.ts';
import type { Job } from '../../../platform/jobs/jobs.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { JobPorts } from './job-ports.ts';
import { notFound } from './reach-collection.ts';
import { seesJob } from './see-jobs.ts';

export type CancelJob = ReturnType<typeof cancelJob>;

/** What it has done until then stays. */
export const cancelJob = (given: { work: Work<JobPorts> }) => (viewer: Viewer, { id }: { id: string }): Promise<{ job: Job }> =>
  given.work(viewer, async (ports) => {
    await refuseUnseen(viewer, id, ports);
    return { job: await ports.jobs.cancel(id) };
  });

/** Part of a work: a job that the caller does not see sounds like one that is not there. */
export async function refuseUnseen(viewer: Viewer, id: string, { jobs }: JobPorts): Promise<void> {
  const job = isId('job', id) ? await jobs.byId(id) : null;
  if (!job || !seesJob(viewer, job)) throw notFound('id');
}

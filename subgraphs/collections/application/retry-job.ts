import type { Job } from '../../../platform/jobs/jobs.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import { refuseUnseen } from './cancel-job.ts';
import type { JobPorts } from './job-ports.ts';

export type RetryJob = ReturnType<typeof retryJob>;

/** From where it stood; in the name of whoever started it, whose rights are asked again. */
export const retryJob = (given: { work: Work<JobPorts> }) => (viewer: Viewer, { id }: { id: string }): Promise<{ job: Job }> =>
  given.work(viewer, async (ports) => {
    await refuseUnseen(viewer, id, ports);
    return { job: await ports.jobs.retry(id) };
  });

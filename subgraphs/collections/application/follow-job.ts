import { AtlasError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import type { Job } from '../../../platform/jobs/jobs.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Scope } from '../../../platform/work.ts';
import type { SeeJobs } from './see-jobs.ts';

export type FollowJob = ReturnType<typeof followJob>;
type Follow = (scope: Scope, id: string, signal: AbortSignal) => AsyncIterable<Job>;

/** As it is and as it changes, until it has ended. Whoever was cut off asks again and is shown how it is by then. */
export const followJob = (given: { follow: Follow; seeJobs: SeeJobs }) => async (viewer: Viewer, { id, signal }: { id: string; signal: AbortSignal }): Promise<AsyncIterable<Job>> => {
  const [job] = isId('job', id) ? await given.seeJobs.byIds(viewer, [id]) : [];
  if (!job) throw new AtlasError('NOT_FOUND');
  return given.follow(viewer, job.id, signal);
};

/** The jobs of a tenant, of every service: each to whoever started it, and all to who administers the tenant. */
import { isId, type CollectionId, type JobId } from '../../../platform/ids.ts';
import type { Job, JobState, ListedJob } from '../../../platform/jobs/jobs.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { all, type Glance } from '../../../platform/work.ts';
import type { Span } from '../domain/ports.ts';
import { administers } from '../domain/role.ts';
import type { JobPorts, TransferFiles } from './job-ports.ts';
import { exportCollectionJob, importItemsJob, type ExportResult, type ImportResult, type KeptFile } from './transfer-jobs.ts';

const URL_MS = 15 * 60_000;

export interface JobFilter { kinds?: readonly string[] | null; states?: readonly JobState[] | null }
export interface SeeJobs {
  byIds(viewer: Viewer, ids: readonly JobId[]): Promise<Job[]>;
  page(viewer: Viewer, span: Span, filter: JobFilter): Promise<ListedJob[]>;
  /** As whoever reads it may have it: URLs are made for who sees the collection, and work for a short while. */
  result(job: Job, seesCollection: (id: CollectionId) => Promise<boolean>): Promise<unknown>;
}

/** A key is its scopes, whoever made it; one that is held to collections is told nothing of what is done in others, and a job may be about any. */
const seesAll = (viewer: Viewer): boolean => (viewer.kind === 'key' ? viewer.scopes.includes('tenants:admin') && viewer.collectionIds === null : administers(viewer));
export const seesJob = (viewer: Viewer, { startedBy }: Job): boolean => startedBy.id === viewer.id || seesAll(viewer);

export const seeJobs = ({ glance, files }: { glance: Glance<JobPorts>; files: TransferFiles }): SeeJobs => ({
  byIds: (viewer, ids) => glance(viewer, async ({ jobs }) => (await jobs.byIds(ids)).filter((job) => seesJob(viewer, job)), all(ids)),
  page: (viewer, { first, after }, { kinds, states }) => glance(viewer, ({ jobs }) => jobs.page({
    first: first + 1, ...(isId('job', after?.[0]) && { after: after[0] }), ...(kinds && { kinds }), ...(states && { states }), ...(!seesAll(viewer) && { startedBy: viewer.id }),
  })),
  async result({ kind, result }, seesCollection) {
    if (result === null || (kind !== importItemsJob.name && kind !== exportCollectionJob.name)) return result;
    const { collectionId } = result as ImportResult | ExportResult;
    const shown = async (file: KeptFile) => ({ bytes: file.bytes, keptUntil: file.keptUntil, ...(await seesCollection(collectionId) && await linkTo(file, files) || { url: null, expiresAt: null }) });
    if (kind === importItemsJob.name) {
      const { report, ...rest } = result as ImportResult;
      return { ...rest, report: report && await shown(report) };
    }
    const { file, ...rest } = result as ExportResult;
    return { ...rest, ...await shown(file) };
  },
});

/** Null when its time is over: whether it has been deleted already is nobody's business. */
async function linkTo({ key, name, type, keptUntil }: KeptFile, files: TransferFiles): Promise<{ url: string; expiresAt: string } | null> {
  const expiresAt = new Date(Math.min(Date.now() + URL_MS, Date.parse(keptUntil)));
  if (expiresAt.getTime() <= Date.now()) return null;
  return { url: await files.urlOf({ key, name, type, expiresAt }), expiresAt: expiresAt.toISOString() };
}

/** Jobs, wired: those of this service and what they do, and the jobs of every service as their tenant sees them. */
import type { Database } from '../../platform/database/database.ts';
import type { Handler, ListedJob } from '../../platform/jobs/jobs.ts';
import { pagesOf } from '../../platform/page.ts';
import type { Resources } from '../../platform/service.ts';
import { deskOver } from '../../platform/work.ts';
import { cancelJob } from './application/cancel-job.ts';
import { exportCollection } from './application/export-collection.ts';
import { followJob } from './application/follow-job.ts';
import { importItems } from './application/import-items.ts';
import type { JobPorts } from './application/job-ports.ts';
import { retryJob } from './application/retry-job.ts';
import { runExport } from './application/run-export.ts';
import { runImport } from './application/run-import.ts';
import { seeJobs } from './application/see-jobs.ts';
import { askedStarters } from './infrastructure/asked-starters.ts';
import { conflicts, portsOver } from './infrastructure/postgres-ports.ts';
import { CsvRows } from './infrastructure/transfer/csv-rows.ts';
import { JsonlRows } from './infrastructure/transfer/jsonl-rows.ts';
import { MarkdownRows } from './infrastructure/transfer/markdown-rows.ts';
import { transferFiles } from './infrastructure/transfer-files.ts';
import { JobType } from './presentation/job.graph.ts';
import { JobsResolver } from './presentation/jobs.resolver.ts';
import { TransfersResolver } from './presentation/transfers.resolver.ts';

export const jobResolvers = [JobsResolver, TransfersResolver];
export const jobTypes = [JobType];

/** `more` are handlers that do not stand here. */
export function jobsOver({ jobs, objects, ask, events, secret }: Pick<Resources, 'jobs' | 'objects' | 'ask' | 'events' | 'secret'>, database: Database, more: readonly Handler[] = []) {
  const { work, look, glance } = deskOver<JobPorts>(database, { ports: (em, witness) => ({ ...portsOver(em), jobs: jobs.within(em), witness }), conflicts, told: events.told });
  const files = transferFiles(objects, database);
  const rows = { JSONL: new JsonlRows(), CSV: new CsvRows(), MARKDOWN_ZIP: new MarkdownRows() };
  const given = { work, look, glance, files, readers: rows, writers: rows, starters: askedStarters(ask) };
  const see = seeJobs(given);
  jobs.handle([runImport(given), runExport(given), ...more]);
  return {
    /** For the context of a request. */
    see: { seeJobs: see, followJob: followJob({ follow: (scope, id, signal) => jobs.follow(scope, id, signal), seeJobs: see }) },
    resolvers: [
      new JobsResolver({ cancelJob: cancelJob(given), retryJob: retryJob(given) }, see, pagesOf<ListedJob>(secret, 'jobs', ({ id }) => [id])),
      new TransfersResolver({ importItems: importItems(given), exportCollection: exportCollection(given) }),
    ],
  };
}

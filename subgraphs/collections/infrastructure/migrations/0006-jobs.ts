import type { Migration } from '../../../../platform/database/migrate.ts';
import { jobAdministration, jobRights } from '../../../../platform/jobs/tables.ts';

/** Collections has jobs of its own, and shows a tenant the jobs of every service. */
export const jobs: Migration = { name: '0006-jobs', sql: `${jobRights('collections')}${jobAdministration('collections')}` };

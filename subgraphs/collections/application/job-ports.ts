/** What use cases about jobs need beside the ports of the domain. */
import type { Jobs } from '../../../platform/jobs/jobs.ts';
import type { Ports } from '../domain/ports.ts';

export type JobPorts = Ports & { jobs: Jobs };

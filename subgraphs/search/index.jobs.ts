/** What takes longer than a request: a collection that has changed read again, and everything indexed anew. */
import type { Resources } from '../../platform/service.ts';
import type { Look, Work } from '../../platform/work.ts';
import { runRefresh } from './application/run-refresh.ts';
import { runReindex } from './application/run-reindex.ts';
import type { HearItems } from './application/hear-items.ts';
import type { IndexPorts } from './application/on-collections-told.ts';
import type { Items, Ports } from './domain/document-ports.ts';
import type { Engines } from './index.engines.ts';

interface Given { work: Work<IndexPorts>; look: Look<Ports>; items: Items; hearItems: HearItems<IndexPorts>; engines: Engines }

export function handleJobs(jobs: Resources['jobs'], { engines: { indexes, holds }, ...hear }: Given): void {
  jobs.handle([runRefresh(hear), runReindex({ ...hear, indexes, holds })]);
}

import { AtlasError } from '../../../platform/errors.ts';
import type { JobKind } from '../../../platform/jobs/jobs.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { JobPorts } from './job-ports.ts';

const WAITING_MAX = 100;
/** So that nobody alone takes what all of a tenant have. */
const OWN_MAX = 20;

/** Part of a work that asks for another of this kind. */
export async function refuseTooManyWaiting(viewer: Viewer, { name }: JobKind, what: string, { jobs }: JobPorts): Promise<void> {
  const waiting = async (first: number, startedBy?: string) => (await jobs.page({ first, kinds: [name], states: ['QUEUED'], ...(startedBy !== undefined && { startedBy }) })).length;
  if (await waiting(OWN_MAX, viewer.id) >= OWN_MAX) throw new AtlasError('LIMIT_REACHED', `At most ${OWN_MAX} ${what} of yours that wait.`);
  if (await waiting(WAITING_MAX) >= WAITING_MAX) throw new AtlasError('LIMIT_REACHED', `At most ${WAITING_MAX} ${what} of a tenant that wait.`);
}

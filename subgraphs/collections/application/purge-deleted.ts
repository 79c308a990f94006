import { defineJob, perform, type Attempt, type Handler, type Run } from '../../../platform/jobs/jobs.ts';
import type { TenantId } from '../../../platform/ids.ts';
import type { Scope, Work } from '../../../platform/work.ts';
import type { AttachedFiles, Clearing, DueTenants } from '../domain/attachment-ports.ts';
import { Purged } from '../domain/purged.ts';
import type { JobPorts } from './job-ports.ts';

/** An item may have a long history, and all of it goes in the same statement. */
const BATCH_MAX = 100;

export interface Cleared { items: number; collections: number; uploads: number; files: number }
type Given = { work: Work<JobPorts>; attached: AttachedFiles };

export const purgeDeleted = defineJob<object, Cleared>('collections.purge-deleted', { atOnce: 1, perTenant: 1 });
/** What removeAttachment leaves to be done. */
export const removeFiles = defineJob<object, Cleared>('collections.remove-files', { atOnce: 1, perTenant: 1 });

const STEPS = [['items', 'items'], ['itemsOfCollections', 'items'], ['collections', 'collections'], ['uploads', 'uploads']] as const satisfies readonly (readonly [keyof Clearing, keyof Cleared])[];

/** Batch by batch, each with what has been cleared so far: whoever goes on after a crash counts nothing twice. */
export const purgeHandler = (given: Given): Handler => perform(purgeDeleted, async (attempt, run) => {
  let cleared = before(attempt);
  for (const [step, what] of STEPS) {
    for (let more = 1; more > 0;) {
      run.signal.throwIfAborted();
      more = await given.work(attempt.scope, async ({ clearing, jobs, witness }) => {
        const found = await clearing[step](BATCH_MAX);
        if (typeof found !== 'number' && found.length > 0) witness(Purged.by(attempt.id, found));
        const gone = typeof found === 'number' ? found : found.reduce((sum, { rows }) => sum + rows, 0);
        if (gone > 0) await jobs.checkpoint({ ...cleared, [what]: cleared[what] + gone });
        return gone;
      });
      cleared = { ...cleared, [what]: cleared[what] + more };
    }
  }
  return clearFiles(given, attempt, run, cleared);
});

export const removeFilesHandler = (given: Given): Handler => perform(removeFiles, (attempt, run) => clearFiles(given, attempt, run, before(attempt)));

const before = ({ checkpoint }: Attempt): Cleared => (checkpoint as Cleared | null) ?? { items: 0, collections: 0, uploads: 0, files: 0 };

/** The store first, and then the list of what it is to let go of: what is deleted twice is deleted. */
async function clearFiles({ work, attached }: Given, { scope }: Attempt, run: Run, was: Cleared): Promise<Cleared> {
  let cleared = was;
  for (;;) {
    run.signal.throwIfAborted();
    const keys = await work(scope, ({ clearing }) => clearing.unwanted(BATCH_MAX));
    if (keys.length === 0) return cleared;
    for (const key of keys) await attached.remove(key);
    const now = { ...cleared, files: cleared.files + keys.length };
    await work(scope, async ({ clearing, jobs }) => {
      await clearing.forget(keys);
      await jobs.checkpoint(now);
    });
    cleared = now;
  }
}

/** One job for each tenant in which something is due, and none where one waits or runs. */
export const askToPurge = (given: { work: Work<JobPorts>; dueTenants: DueTenants }) => async (signal: AbortSignal): Promise<void> => {
  for (const tenantId of await given.dueTenants()) {
    signal.throwIfAborted();
    const scope: Scope & { tenantId: TenantId } = { kind: 'system', id: 'system:collections', userId: null, tenantId };
    await given.work(scope, ({ jobs }) => jobs.enqueue(purgeDeleted, {}, { by: scope, once: 'purge' }));
  }
};

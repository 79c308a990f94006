/** Holds every work of a handler to the job that it is for. In the same transaction: whoever takes the job over waits for it, or comes first. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { along } from '../along.ts';
import { AtlasError } from '../errors.ts';
import type { JobId } from '../ids.ts';

export interface Held {
  readonly service: string; readonly id: JobId; readonly fence: number; readonly leaseMs: number;
  /** What was said of its progress and is not yet written is out of date. */
  forgetStep(): void;
}

const held = along<Held>();

/** This process has the job no longer: it was given to another, or ended. */
export class JobLost extends AtlasError {
  constructor() { super('WRONG_STATE', 'This job runs here no longer.'); }
}

export const heldJob = (): Held | undefined => held.get();
export const holding = <T>(job: Held, body: () => T): T => held.run(job, body);

/**
 * Part of every work. KEY SHARE stands in the way of who takes the job (FOR UPDATE) until this work is over, and in
 * nobody else's: leases are renewed and progress is written meanwhile. A work that stands still for as long as a lease is
 * ended by the server, so that nobody waits for a process that hangs. A neighbour that is asked does its own work.
 */
export async function holdFence(em: EntityManager, service: string): Promise<void> {
  const job = held.get();
  if (!job || job.service !== service) return;
  const rows = await em.execute<unknown[]>(
    `SELECT set_config('idle_in_transaction_session_timeout', ?, true) FROM jobs.job WHERE id = ? AND fence = ? AND state = 'RUNNING' FOR KEY SHARE`, [String(job.leaseMs), job.id, job.fence]);
  if (rows.length === 0) throw new JobLost();
}

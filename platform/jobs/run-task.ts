/** Housekeeping whose time has come: whoever gets its ticket does it. One that fails is tried again some seconds later, three times. */
import type { Log } from '../log.ts';
import type { Schedule } from './jobs.ts';
import type { Tickets } from './tickets.ts';

const TASK_MAX_MS = 14 * 60_000;

export type Tasks = Map<string, { stop(): void; ended: Promise<void> }>;

/** Begins it, unless it runs here already; does not wait for its end. */
export async function runTask(task: Schedule, given: { tickets: Tickets; tasks: Tasks; log: Log }): Promise<void> {
  const { tickets, tasks, log } = given;
  if (tasks.has(task.name)) return;
  const ticket = await tickets.takeTask(task.name);
  if (!ticket) return;
  const stopping = new AbortController();
  const failed = (error: unknown): Error => {
    log.warn({ err: error, schedule: task.name }, 'Scheduled housekeeping failed; it is tried again.');
    return error instanceof Error ? error : new Error(String(error));
  };
  const ended = task.run(AbortSignal.any([stopping.signal, AbortSignal.timeout(TASK_MAX_MS)])).then(() => null, failed)
    .then((failure) => tickets.endTask(task.name, ticket, failure))
    .catch((error: unknown) => log.debug({ err: error, schedule: task.name }, 'The end of housekeeping could not be written; it may be done once more.'))
    .finally(() => tasks.delete(task.name));
  tasks.set(task.name, { stop: () => stopping.abort(), ended });
}

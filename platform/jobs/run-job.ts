/**
 * One attempt at a job: its handler, what may cut it short, and what becomes of the job afterwards. What a person has to
 * mend fails at once; anything else is tried again after a rest.
 */
import { ExponentialBackoff, handleAll, retry } from 'cockatiel';
import type pg from 'pg';
import { AtlasError } from '../errors.ts';
import type { Log } from '../log.ts';
import { withRequest } from '../request.ts';
import { sayable } from '../text.ts';
import { inSpan } from '../telemetry/trace.ts';
import { holding, JobLost } from './fence.ts';
import { letGo, type Ending, type Step, type Taken } from './hold.ts';
import { NOTE_MAX, type Attempt, type Handler, type Limits, type Run } from './jobs.ts';

/** A handler that goes on although its job was cancelled is not waited for any longer than this. */
const CANCEL_GRACE_MS = 10_000;
const WRITE_TRIES = 5;

/** This process stops. */
export class Stopping extends Error {}

export interface Running {
  readonly job: Taken;
  /** On this process's own clock: from then on another may have taken it. */
  heldUntilMs: number;
  /** What is not yet written of its progress. */
  takeStep(): Step | null;
  /** Cuts it short: an AtlasError CANCELLED, a JobLost, or Stopping. */
  cut(reason: Error, graceMs?: number): void;
  /** Resolves when what became of it has been written, as far as it could be. Never rejects. */
  readonly ended: Promise<Ending['as'] | 'lost'>;
}

export function runJob(given: { job: Taken; handler: Handler; pool: pg.Pool; leaseMs: number; heldUntilMs: number; log: Log }): Running {
  const { job, handler, pool, leaseMs, log } = given;
  const cutting = new AbortController();
  let step: Step | null = null;
  let over: (reason: Error) => void;
  const abandoned = new Promise<never>((_, reject) => { over = reject; });
  abandoned.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;

  const run: Run = {
    signal: cutting.signal,
    progress: (part, note) => { step = { id: job.id, fence: job.fence, progress: Math.min(1, Math.max(0, Number(part) || 0)), note: note === undefined ? null : sayable(note, NOTE_MAX) }; },
  };
  const attempt: Attempt = {
    id: job.id, input: job.input, attempt: job.attempts, fence: job.fence, checkpoint: job.checkpoint, startedBy: job.startedBy,
    scope: { kind: 'system', id: `system:${job.service}`, userId: null, tenantId: job.tenantId },
  };
  const handle = () => inItsName(job, () => holding({ service: job.service, id: job.id, fence: job.fence, leaseMs, forgetStep: () => { step = null; } }, () => Promise.race([handler.handle(attempt, run), abandoned])));
  const ended = handle()
    .then((result): Ending => ({ as: 'succeeded', result }), (error: unknown) => endingOf(error, cutting.signal.reason, job, handler.kind))
    .then((ending) => settle(pool, job, ending, log))
    .finally(() => clearTimeout(timer));

  return {
    job, ended, heldUntilMs: given.heldUntilMs,
    takeStep() { const taken = step; step = null; return taken; },
    cut(reason, graceMs = CANCEL_GRACE_MS) {
      if (cutting.signal.aborted && !(reason instanceof JobLost)) return;
      cutting.abort(reason);
      clearTimeout(timer);
      timer = setTimeout(() => over(reason), graceMs);
    },
  };
}

/** Null: it is no longer ours to say. */
function endingOf(error: unknown, cut: unknown, job: Taken, kind: Limits): Ending | null {
  if (error instanceof JobLost || cut instanceof JobLost) return null;
  if (cut instanceof AtlasError) return { as: 'cancelled', error: cut };
  if (cut instanceof Stopping) return { as: 'given back' };
  if (isMendable(error) || job.attempts >= job.attemptsMax) return { as: 'failed', error };
  return { as: 'retried', error, restMs: restMs(kind, job.attempts) };
}

/** Whoever asked has to change something first: another try would find the same. */
const isMendable = (error: unknown): boolean => error instanceof AtlasError && !error.retryable && error.status < 500;

/** Twice as long each time, and between half of it and all, so that what failed together does not come back together. */
export const restMs = ({ firstRestMs, restMaxMs }: Pick<Limits, 'firstRestMs' | 'restMaxMs'>, attempts: number): number =>
  Math.min(restMaxMs, firstRestMs * 2 ** (attempts - 1)) * (0.5 + Math.random() * 0.5);

async function settle(pool: pg.Pool, job: Taken, ending: Ending | null, log: Log, plain = false): Promise<Ending['as'] | 'lost'> {
  if (!ending) return 'lost';
  const about = { job: job.id, kind: job.kind, attempt: job.attempts };
  if ('error' in ending && ending.as !== 'cancelled') log[ending.as === 'failed' && !isMendable(ending.error) ? 'error' : 'warn']({ err: ending.error, ...about }, ending.as === 'failed' ? 'A job failed.' : 'An attempt at a job failed; it is tried again.');
  const patient = retry(handleAll, { maxAttempts: WRITE_TRIES - 1, backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 2_000 }) });
  try {
    return await patient.execute(() => letGo(pool, job, ending)) ? ending.as : 'lost';
  } catch (error) {
    // What the database refuses to hold is the handler's fault, and is said in our own words; a database that is away leaves the job to whoever finds its lease run out.
    if (!isAway(error) && !plain) return settle(pool, job, { ...(ending.as === 'retried' ? ending : { as: 'failed' }), error: new AtlasError('INTERNAL', undefined, { cause: error }) }, log, true);
    log.warn({ err: error, ...about }, 'What became of a job could not be written; it is taken up again when its lease has run out.');
    return 'lost';
  }
}

/** What a server says of a value has classes of its own: data exceptions, and rules that it breaks. */
const isAway = (error: unknown): boolean => !/^2[23]/.test((error as { code?: string }).code ?? '');

const inItsName = <T>(job: Taken, body: () => Promise<T>): Promise<T> =>
  withRequest({ requestId: job.requestId ?? job.id, address: null, userAgent: null, idempotencyKey: null, tenantId: job.tenantId, principal: `system:${job.service}` }, () =>
    inSpan(`job ${job.kind}`, { kind: 'consumer', parent: job.traceparent, attributes: { 'atlas.service': job.service, 'atlas.job': job.id } }, body));

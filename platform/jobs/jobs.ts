/**
 * Jobs: what is asked for now and done later, by whichever process runs jobs of that kind. Asking is part of the work
 * that has the reason (`Jobs`, a port of that work): the job is there when the work commits, and only then. A handler may
 * be begun more than once, so its effects are works that write where to go on in the same transaction (`checkpoint`);
 * every work in a handler is held to the job's fence, so that who has lost the job changes nothing any more.
 */
import type { ErrorCode } from '../errors.ts';
import type { JobId, TenantId } from '../ids.ts';
import type { Viewer } from '../viewer.ts';

export type JobState = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED';
/** Who asks for it, as a Viewer or a Scope says it. */
export type Starter = Pick<Viewer, 'kind' | 'id' | 'userId'>;

export interface Limits {
  /** How many one process runs at once. */
  atOnce: number;
  /** How many of one tenant run at once, in all processes together: fewer than one process has places for, so that those of one tenant, however long they take, leave room for another's. */
  perTenant: number;
  /** How often it is begun in all; what is given back by a process that stops does not count. */
  attemptsMax: number;
  /** How long it rests after its first failure; twice as long after each further one, with jitter. */
  firstRestMs: number;
  restMaxMs: number;
}

export interface JobKind<Input = any, Result = any> extends Limits {
  /** Begins with the name of its service, and is never renamed while jobs of it wait. */
  readonly name: `${string}.${string}`;
  /** For the compiler alone. */
  readonly of?: { input: Input; result: Result };
}

const LIMITS: Limits = { atOnce: 4, perTenant: 2, attemptsMax: 5, firstRestMs: 2_000, restMaxMs: 300_000 };

/** `defineJob<{ fileId: string }, { items: number }>('collections.import-items', { perTenant: 1 })`. Input and result are JSON. */
export const defineJob = <Input, Result = null>(name: `${string}.${string}`, limits: Partial<Limits> = {}): JobKind<Input, Result> => {
  const kind = { ...LIMITS, ...limits, name };
  // Where there is a single place it is taken in turn, and its handlers have an end to their time.
  if (kind.atOnce > 1 && kind.perTenant >= kind.atOnce) throw new Error(`${name}: one tenant could take every place.`);
  return kind;
};

export interface Job<Result = unknown> {
  readonly id: JobId;
  readonly tenantId: TenantId;
  readonly kind: string;
  readonly state: JobState;
  /** From 0 to 1. */
  readonly progress: number;
  readonly note: string | null;
  readonly attempts: number;
  readonly attemptsMax: number;
  /** Why it failed; of one that is to be tried again, why its last attempt did. */
  readonly error: { code: ErrorCode; message: string } | null;
  readonly result: Result | null;
  readonly startedBy: Starter;
  readonly createdAt: Date;
  readonly runAfter: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly cancelAskedAt: Date | null;
}

/** As a list shows it: a result may be long, and few look at it. */
export type ListedJob = Omit<Job, 'result'>;

/** What is longer is cut. */
export const NOTE_MAX = 500;
export interface Progress { progress?: number; note?: string }

/** The jobs of one tenant, as part of a work or a look. A service sees those of its own kinds; whoever administers jobs, all. */
export interface Jobs {
  /** `once`: while another of this kind with the same key waits or runs, that one is answered and none is made. */
  enqueue<Input>(kind: JobKind<Input>, input: Input, given: { by: Starter & Pick<Viewer, 'tenantId'>; once?: string; afterMs?: number }): Promise<Job>;
  byId(id: string): Promise<Job | null>;
  byIds(ids: readonly string[]): Promise<Job[]>;
  /** The newest first; `after` is the id of the last one seen, `startedBy` that of who asked for them. */
  page(given: { first: number; after?: string; kinds?: readonly string[]; states?: readonly JobState[]; startedBy?: string }): Promise<ListedJob[]>;
  /** One that waits is FAILED at once with CANCELLED; one that runs is told to stop, and is FAILED when it has. */
  cancel(id: string): Promise<Job>;
  /** One that FAILED is tried again, from its last checkpoint. */
  retry(id: string): Promise<Job>;
  /** In a handler: where the next attempt would go on. It commits with what this work changes. */
  checkpoint(state: unknown, progress?: Progress): Promise<void>;
}

/** What a handler is handed. */
export interface Attempt<Input = any> {
  readonly id: JobId;
  readonly input: Input;
  /** 1 the first time. */
  readonly attempt: number;
  readonly fence: number;
  /** What the last attempt wrote down; null at the beginning. */
  readonly checkpoint: unknown;
  /** Who asked for it. What they may do today is for the handler to ask. */
  readonly startedBy: Starter;
  /** The service in its own name in the tenant of the job: a handler's works are in no other. */
  readonly scope: Starter & { readonly kind: 'system'; readonly tenantId: TenantId };
}

export interface Run {
  /** Aborts when the job is cancelled, taken over by another process, or this one stops. A handler then ends, with an error or without. */
  readonly signal: AbortSignal;
  /** As often as it likes: it is written a few times a second. From 0 to 1. */
  progress(part: number, note?: string): void;
}

export interface Handler { kind: JobKind; handle(attempt: Attempt, run: Run): Promise<unknown> }

/** Puts a kind of job and what does it together. What it answers is the job's result. */
export const perform = <Input, Result>(kind: JobKind<Input, Result>, handle: (attempt: Attempt<Input>, run: Run) => Promise<Result>): Handler => ({ kind, handle });

/** Housekeeping that one process does for all when its time comes. It may be begun twice when a process dies in it, and it is ended after a quarter of an hour: what takes longer is for jobs. */
export interface Schedule {
  /** Begins with the name of its service. */
  name: `${string}.${string}`;
  /** Five fields, in UTC. */
  cron: string;
  run(signal: AbortSignal): Promise<void>;
}

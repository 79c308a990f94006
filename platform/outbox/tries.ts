/**
 * A few tries, soon after each other: long enough for a lost race or a neighbour's restart, short enough that what is
 * about the same subject does not wait more than some seconds. Waiting for a turn is no try and costs no time of it.
 */
import { ExponentialBackoff, handleAll, retry } from 'cockatiel';
import type { LimitFunction } from 'p-limit';

export interface Patience { tries: number; withinMs: number }
export const PATIENT: Patience = { tries: 5, withinMs: 4_500 };
/** For a consumer that has just given up on another event: what stands behind a row of bad ones does not wait for each of them. */
export const IMPATIENT: Patience = { tries: 1, withinMs: 1_000 };
/** For what has rested: the next rest is its next try. */
export const ONE_TRY: Patience = { tries: 1, withinMs: PATIENT.withinMs };

const FIRST_WAIT_MS = 100;
const WAIT_MAX_MS = 1_500;

export interface Failure { error: unknown; tries: number }

/**
 * Null once a try has succeeded; what happened at the last one otherwise. One that hangs is no longer waited for and
 * gives its turn back, and after the signal no further one is begun.
 */
export async function tryAgain(once: () => Promise<void>, given: { room: LimitFunction; patience: Patience; onFailure: () => void; signal: AbortSignal }): Promise<Failure | null> {
  const { room, patience, onFailure } = given;
  const clock = stopwatch(patience.withinMs);
  const over = AbortSignal.any([clock.signal, given.signal]);
  let tries = 0;
  let last: unknown;
  const oneTry = () => room(async () => {
    over.throwIfAborted();
    clock.run();
    tries += 1;
    await Promise.race([once(), clock.out]).catch((error: unknown) => { last = error; onFailure(); throw error; });
  });
  const policy = retry(handleAll, { maxAttempts: patience.tries - 1, backoff: new ExponentialBackoff({ initialDelay: FIRST_WAIT_MS, maxDelay: WAIT_MAX_MS, exponent: 3 }) });
  try {
    await Promise.race([clock.out, policy.execute(() => { clock.rest(); return oneTry(); }, over)]);
    return null;
  } catch (error) {
    return { error: last ?? error, tries };
  } finally {
    clock.stop();
  }
}

/** Runs out after so long, not counting while it rests. */
function stopwatch(withinMs: number) {
  const late = new AbortController();
  let left = withinMs;
  let since = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const out = new Promise<never>((_, reject) => {
    late.signal.addEventListener('abort', () => reject(late.signal.reason as Error), { once: true });
  });
  out.catch(() => undefined); // whoever waits for it is told; nobody may
  const rest = () => {
    if (timer) left -= performance.now() - since;
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    out, rest, signal: late.signal,
    run() {
      if (stopped || timer) return;
      since = performance.now();
      timer = setTimeout(() => late.abort(new Error(`It was not done within ${withinMs} ms.`)), Math.max(0, left));
    },
    stop() {
      stopped = true;
      rest();
    },
  };
}

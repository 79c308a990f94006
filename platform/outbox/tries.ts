/**
 * A few tries, soon after each other: long enough for a restart of the database or a lost race, short enough that what
 * is about the same subject does not wait more than some seconds.
 */
import { ExponentialBackoff, handleAll, retry } from 'cockatiel';

const TRIES_MAX = 5;
const WITHIN_MS = 4_500;
const FIRST_WAIT_MS = 100;
const WAIT_MAX_MS = 1_500;

export interface Failure { error: unknown; tries: number }

class TooSlow extends Error {
  constructor() { super(`It was not done within ${WITHIN_MS} ms.`); }
}

/**
 * Null once a try has succeeded; what happened at the last one otherwise. One that hangs is no longer waited for, and
 * after the signal no further one is begun.
 */
export async function tryAgain(once: () => Promise<void>, given: { onFailure: () => void; signal: AbortSignal }): Promise<Failure | null> {
  let tries = 0;
  const policy = retry(handleAll, { maxAttempts: TRIES_MAX - 1, backoff: new ExponentialBackoff({ initialDelay: FIRST_WAIT_MS, maxDelay: WAIT_MAX_MS, exponent: 3 }) });
  const late = new AbortController();
  const over = AbortSignal.any([late.signal, given.signal]);
  let timer: NodeJS.Timeout | undefined;
  const tooSlow = new Promise<never>((_, reject) => { timer = setTimeout(() => { late.abort(); reject(new TooSlow()); }, WITHIN_MS); });
  try {
    await Promise.race([tooSlow, policy.execute(async () => {
      tries += 1;
      await once().catch((error: unknown) => { given.onFailure(); throw error; });
    }, over)]);
    return null;
  } catch (error) {
    return { error, tries };
  } finally {
    clearTimeout(timer);
  }
}

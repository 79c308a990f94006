/**
 * What fails is tried again after a while, twice as long each time, and not by all at one moment; until it succeeds or
 * nobody waits for it any more. No wait keeps a process alive that has nothing else to do.
 */
import { setTimeout as sleep } from 'node:timers/promises';

interface Tried {
  firstMs?: number;
  maxMs?: number;
  failed(error: unknown): void;
  /** Ends the tries; what runs is finished. */
  signal: AbortSignal;
}

/** False when it was ended before it had succeeded. */
export async function untilDone(work: () => Promise<void>, { firstMs = 100, maxMs = 5_000, failed, signal }: Tried): Promise<boolean> {
  for (let wait = firstMs; !signal.aborted; wait = Math.min(maxMs, wait * 2)) {
    try {
      await work();
      return true;
    } catch (error) {
      failed(error);
      await sleep(wait * (0.75 + Math.random() / 2), undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
  return false;
}

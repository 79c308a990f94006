/** Every repeated task has a name, an interval and an end: there are no other timers in the house. */
import { AsyncResource } from 'node:async_hooks';
import type { Log } from './log.ts';

export interface Loop {
  /** Runs a round soon, without waiting for the interval. */
  nudge(): void;
  /** Lets a running round finish; none begins afterwards. */
  stop(): Promise<void>;
}

/** `round` answers true when there is more to do at once. A round that fails is logged and tried again after the interval. */
export function loop(given: { name: string; everyMs: number; log: Log; round: () => Promise<boolean | void> }): Loop {
  let stopped = false;
  let wanted = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  // Whoever nudges may be in the middle of a request: a round inherits neither its name nor its idempotency record.
  const begin = AsyncResource.bind(() => {
    clearTimeout(timer);
    running = run().finally(() => {
      running = undefined;
      if (stopped) return;
      if (wanted) return begin();
      timer = setTimeout(begin, given.everyMs * (0.9 + Math.random() * 0.2));
      timer.unref();
    });
  }, 'atlas loop');
  const run = async () => {
    wanted = false;
    try {
      while (!stopped && (await given.round()) === true);
    } catch (error) {
      given.log.warn({ err: error, loop: given.name }, 'A round of a loop failed; it will be tried again.');
    }
  };
  timer = setTimeout(begin, 0);
  return {
    nudge() {
      wanted = true;
      if (!running && !stopped) begin();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

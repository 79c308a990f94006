/**
 * A breaker for one subgraph. After so many failures in a row nobody asks it any more: each caller is refused at once
 * and its connections are left alone. Only a small question of our own goes there now and then; when that is answered,
 * the subgraph is used again. No caller ever pays for finding out.
 */
import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen } from 'cockatiel';
import type { Log } from '../log.ts';
import { loop, type Loop } from '../loop.ts';
import { breakerState } from '../telemetry/metrics.ts';

export interface Breaker {
  /** While this is true nothing may be asked. */
  readonly open: boolean;
  /** Runs it, and counts how it ended. */
  run<T>(body: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

export interface BreakerSettings {
  /** This many failures in a row open it. */
  failuresMax: number;
  /** How often an open one tries whether the subgraph is back. */
  probeMs: number;
}

export function openBreaker(given: BreakerSettings & { service: string; log: Log; counts: (error: Error) => boolean; probe: () => Promise<unknown> }): Breaker {
  const { service, log, probeMs } = given;
  const policy = circuitBreaker(handleWhen(given.counts), {
    breaker: new ConsecutiveBreaker(given.failuresMax),
    // A loop's rounds come up to a tenth early, and none of them may be missed.
    halfOpenAfter: probeMs * 0.8,
  });
  let probing: Loop | undefined;
  let stopped = false;

  breakerState.set({ service }, 0);
  policy.onStateChange((state) => breakerState.set({ service }, state === CircuitState.Closed ? 0 : state === CircuitState.HalfOpen ? 0.5 : 1));
  policy.onBreak((reason) => {
    if (probing || stopped) return; // a probe that failed opens it again
    log.warn({ service, err: 'error' in reason ? reason.error : undefined }, 'A subgraph does not answer: it is left alone until it does.');
    probing = loop({
      name: `probe ${service}`, everyMs: probeMs, log,
      round: () => policy.execute(given.probe).then(() => undefined, () => undefined), // the breaker has counted it
    });
  });
  policy.onReset(() => {
    log.info({ service }, 'A subgraph answers again.');
    void probing?.stop(); // this runs within its round, which ends by itself
    probing = undefined;
  });

  return {
    get open() { return policy.state !== CircuitState.Closed; },
    async run(body) {
      // Whoever came while it was closed and tries again now would be its probe: that is not a caller's business.
      if (policy.state !== CircuitState.Closed) throw new BrokenCircuitError();
      return policy.execute(body);
    },
    async stop() {
      stopped = true;
      await probing?.stop();
    },
  };
}

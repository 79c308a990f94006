/** How far behind the consumers of this process are, looked at now and then, for /metrics and /ready. */
import type { Bus, Lag } from '../bus/bus.ts';
import type { DeadLetters } from '../bus/dead-letters.ts';
import type { Log } from '../log.ts';
import { loop } from '../loop.ts';
import { consumerOldestSeconds, consumerWaiting, deadLettersGauge } from '../telemetry/metrics.ts';

const EVERY_MS = 5_000;

export interface LagWatch {
  /** One sentence about all of them; null before the first look. */
  said(): string | null;
  stop(): Promise<void>;
}

/** `groups` are those that are listened to here: a closed list, whatever others the bus remembers. */
export function watchLag(given: { groups: readonly string[]; bus: Bus; deadLetters: DeadLetters; log: Log }): LagWatch {
  let said: string | null = null;
  const watching = loop({ name: 'lag of consumers', everyMs: EVERY_MS, log: given.log, round: async () => {
    const [lags, dead] = await Promise.all([given.bus.lag(), given.deadLetters.count(given.groups)]);
    const mine = lags.filter(({ group }) => given.groups.includes(group));
    for (const { group, waiting, oldestMs } of mine) {
      consumerWaiting.set({ group }, waiting);
      consumerOldestSeconds.set({ group }, oldestMs / 1_000);
    }
    for (const group of given.groups) deadLettersGauge.set({ group }, dead.get(group) ?? 0);
    said = sentenceOf(mine, [...dead.values()].reduce((sum, count) => sum + count, 0));
  } });
  return { said: () => said, stop: () => watching.stop() };
}

function sentenceOf(lags: readonly Lag[], dead: number): string {
  const waiting = lags.reduce((sum, lag) => sum + lag.waiting, 0);
  const oldestSeconds = Math.round(Math.max(0, ...lags.map(({ oldestMs }) => oldestMs)) / 1_000);
  const behind = waiting === 0 ? 'nothing waits' : `${waiting} wait, the oldest for ${oldestSeconds} s`;
  return dead === 0 ? behind : `${behind}; ${dead} set aside`;
}

/** Nobody misses a change of their own, at length. `npm run test:full replica [disturbances] [seed]`. */
import { figuresOf, replicaRun } from '../faults/replica.ts';
import { launchRedis, whyNoRedis } from '../kit/redis-server.ts';

const DISTURBANCES = 100;
const CALLERS = 12;

export async function run([disturbances = String(DISTURBANCES), seed = String(Date.now() % 1_000_000)]: readonly string[]): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  say(`seed ${seed}`);
  const why = whyNoRedis();
  if (why) say(`In one process: ${why}.`);
  const redis = why ? null : await launchRedis();
  try {
    const found = await replicaRun({ seed: Number(seed), disturbances: Number(disturbances), callers: CALLERS, redisUrl: redis?.url, say });
    for (const fault of [...found.missed, ...found.failed].slice(0, 50)) say(fault);
    say(`read your writes (seed ${seed}) ${figuresOf(found)}`);
    if (found.missed.length + found.failed.length > 0) process.exitCode = 1;
  } finally {
    redis?.stop();
  }
}

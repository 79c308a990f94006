/** Events that come three times, shuffled, and once more from the beginning, at length. `npm run test:full replay [times] [events]` */
import { runSuites } from '../kit/run-suites.ts';

export async function run([times = '100', events = '500']: readonly string[]): Promise<void> {
  if (!await runSuites(['platform/outbox/replay'], { REPLAY_RUNS: times, REPLAY_EVENTS: events })) throw new Error('What is left is not what one pass in order leaves; the lines above say where.');
}

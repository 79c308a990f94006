/** Events that come three times, shuffled, and once more from the beginning, at length. `npm run test:full replay [times] [events]` */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export async function run([times = '100', events = '500']: readonly string[]): Promise<void> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const jest = spawn(process.execPath, ['--import', 'tsx', 'node_modules/jest/bin/jest.js', 'platform/outbox/replay'], { cwd: root, stdio: 'inherit', env: { ...process.env, REPLAY_RUNS: times, REPLAY_EVENTS: events } });
  const [code] = await once(jest, 'exit') as [number | null];
  if (code !== 0) throw new Error('What is left is not what one pass in order leaves; the lines above say where.');
}

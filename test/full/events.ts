/** R1 at length. `npm run test:full events [kills] [seed]` */
import { figuresOf, killRun } from '../faults/kills.ts';

const KILLS = 200;

export async function run([kills = String(KILLS), seed = String(Date.now() % 1_000_000)]: readonly string[]): Promise<void> {
  process.stdout.write(`seed ${seed}\n`);
  const found = await killRun({ victims: Number(kills), seed: Number(seed), say: (line) => void process.stdout.write(`${line}\n`) });
  for (const fault of found.faults) process.stdout.write(`${fault}\n`);
  process.stdout.write(`R1 (seed ${seed}) ${figuresOf(found)}\n`);
  if (found.faults.length > 0) process.exitCode = 1;
}

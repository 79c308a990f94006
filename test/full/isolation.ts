/** S1 at length: random things done by random people of two tenants, every answer judged. `npm run test:full isolation [operations] [seed] [worlds] [minutes]` */
import start from '../database.ts';
import stop from '../database-stop.ts';
import { figuresOf, isolationRun, spentIn } from '../isolation/run.ts';
import { ISOLATION_ENV } from '../isolation/world.ts';
import { startServices, WHOLE } from '../kit/services.ts';

const OPERATIONS = 50_000;
/** Pairs of tenants at the same time: while one waits, another is asked something. */
const WORLDS = 4;

export async function run([operations = String(OPERATIONS), seed = String(Date.now() % 1_000_000), worlds = String(WORLDS), minutes = 'Infinity']: readonly string[]): Promise<void> {
  process.stdout.write(`seed ${seed}\n`);
  await start();
  const kit = await startServices(WHOLE, { env: ISOLATION_ENV });
  const since = performance.now();
  try {
    const found = await isolationRun({ kit, seed: Number(seed), operations: Number(operations), worlds: Number(worlds), minutes: Number(minutes), say: (line) => void process.stdout.write(`${Math.round((performance.now() - since) / 1_000)} s: ${line}\n`) });
    process.stdout.write(`${perOperation(found.operations, since)}\nS1 (seed ${seed}, ${Math.round((performance.now() - since) / 1_000)} s) ${figuresOf(found)}\n`);
    process.stdout.write(`waited for, in ms: ${spentIn(found)}\n`);
    if (found.faults.length > 0) process.exitCode = 1;
  } finally {
    await kit.stop();
    await stop();
  }
}

function perOperation(operations: number, since: number): string {
  const { user, system } = process.cpuUsage();
  return `an operation: ${((performance.now() - since) / operations).toFixed(1)} ms of time, ${((user + system) / 1_000 / operations).toFixed(1)} ms of this process`;
}

/** R1 at length. `npm run test:full events [kills] [seed] [kafka]`: with a real Kafka, which is away for a minute each time it is ended. */
import { figuresOf, killRun } from '../faults/kills.ts';
import { startKafka } from '../kit/kafka.ts';

const KILLS = 200;
const AWAY_MS = 60_000;

export async function run([kills = String(KILLS), seed = String(Date.now() % 1_000_000), kafka]: readonly string[]): Promise<void> {
  process.stdout.write(`seed ${seed}\n`);
  const broker = kafka ? await startKafka() : null;
  try {
    const found = await killRun({ victims: Number(kills), seed: Number(seed), ...(broker && { kafka: { broker, awayMs: AWAY_MS } }), say: (line) => void process.stdout.write(`${line}\n`) });
    for (const fault of found.faults) process.stdout.write(`${fault}\n`);
    process.stdout.write(`R1 (seed ${seed}) ${figuresOf(found)}\n`);
    if (found.faults.length > 0) process.exitCode = 1;
  } finally {
    await broker?.stop();
  }
}

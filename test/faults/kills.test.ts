/** R1 and R2 in short: what was acknowledged is there, what was refused is not, and each is told once. */
import { expect, it } from '@jest/globals';
import { startKafka } from '../kit/kafka.ts';
import { figuresOf, killRun, VICTIMS, type KillRun } from './kills.ts';

const expectNothingLost = async (given: Omit<KillRun, 'seed'>) => {
  const seed = Date.now() % 1_000_000;
  const found = await killRun({ ...given, seed });
  process.stdout.write(`R1 (seed ${seed}${given.kafka ? ', over Kafka' : ''}) ${figuresOf(found)}\n`);
  expect(found.faults).toEqual([]);
  expect(found.acknowledged).toBeGreaterThan(20);
};

/** One or the other: npm test has no Kafka, and npm run test:real has one for those that want it. */
const hasKafka = Boolean(process.env.KAFKA_BROKERS);

(hasKafka ? it.skip : it)('loses nothing and doubles nothing, whichever process is ended', () => expectNothingLost({ victims: VICTIMS }), 600_000);

(hasKafka ? it : it.skip)('loses nothing and doubles nothing over Kafka, which is ended too', async () => {
  const broker = await startKafka(); // one of its own: other suites need theirs
  try {
    await expectNothingLost({ victims: ['kafka', 'tenants:consumers'], kafka: { broker, awayMs: 5_000 } });
  } finally {
    await broker.stop();
  }
}, 600_000);

/**
 * `npm run test:real`: the contracts and the journeys on the real systems that this machine can have, started here and
 * ended here; KAFKA_BROKERS, REDIS_TEST_URL and the S3_… settings name others instead. What could not be had is said at the beginning and
 * at the end; with ATLAS_TEST_REAL=1 it fails the run.
 */
import { startKafka, whyNoKafka } from '../kit/kafka.ts';
import { launchRedis, whyNoRedis } from '../kit/redis-server.ts';
import { runSuites } from '../kit/run-suites.ts';
import { startS3, whyNoS3 } from '../kit/s3.ts';

const SUITES = ['platform/bus/kafka', 'platform/cache.test', 'platform/objects/s3', 'test/journeys', 'test/faults/kills'];
const say = (line: string) => process.stdout.write(`== ${line}\n`);

const stops: (() => unknown)[] = [];
const missing: string[] = [];
const env: Record<string, string> = {};
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const { KAFKA_BROKERS, REDIS_TEST_URL, S3_ENDPOINT } = process.env;
const noKafka = KAFKA_BROKERS ? null : whyNoKafka();
if (noKafka) missing.push(`Kafka: ${noKafka}`);
else if (!KAFKA_BROKERS) {
  const kafka = await startKafka();
  env.KAFKA_BROKERS = kafka.settings.KAFKA_BROKERS.join(',');
  stops.push(() => kafka.stop());
}
const noRedis = REDIS_TEST_URL ? null : whyNoRedis();
if (noRedis) missing.push(`Redis: ${noRedis}`);
else {
  const redis = REDIS_TEST_URL ? { url: REDIS_TEST_URL, stop: () => undefined } : await launchRedis();
  env.REDIS_TEST_URL = redis.url;
  env.REDIS_URL = redis.url;
  stops.push(redis.stop);
}
const noS3 = S3_ENDPOINT ? null : whyNoS3();
if (noS3) missing.push(`S3: ${noS3}`);
else if (!S3_ENDPOINT) {
  const s3 = await startS3();
  Object.assign(env, s3.env);
  stops.push(() => s3.stop());
}

const report = () => {
  for (const [name, value] of Object.entries({ Kafka: KAFKA_BROKERS ?? env.KAFKA_BROKERS, Redis: env.REDIS_URL, S3: S3_ENDPOINT ?? env.S3_ENDPOINT })) if (value) say(`${name}: real, at ${new URL(value.includes('://') ? value : `kafka://${value}`).host}`);
  for (const each of missing) say(`NOT TRIED, ${each}`);
};
report();
let passed = true;
if (Object.keys(env).length > 0 || KAFKA_BROKERS || S3_ENDPOINT) {
  passed = await runSuites([...SUITES, ...process.argv.slice(2)], env);
}
await Promise.all(stops.map((stop) => stop()));
report();
process.exit(!passed || (missing.length > 0 && process.env.ATLAS_TEST_REAL) ? 1 : 0);

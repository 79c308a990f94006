/** A process that only reaches a Kafka: whom it trusts is settled as it starts (NODE_EXTRA_CA_CERTS). What it is set to comes as JSON. */
import { openKafka, type KafkaSettings } from '../../platform/bus/kafka/client.ts';
import { openLog } from '../../platform/log.ts';

const client = openKafka(JSON.parse(process.argv[2]!) as KafkaSettings, openLog({ level: 'silent', pretty: false }));
const TOPIC = 'reached.over.tls';
try {
  await client.reach();
  await client.ensure([TOPIC]);
  await client.send([{ topic: TOPIC, key: 'one', value: 'said', at: Date.now() }]);
  process.stdout.write(`${(await client.bounds(TOPIC)).high.reduce((sum, each) => sum + each, 0)} said\n`);
} catch (error) {
  process.stdout.write(`${(error as Error).message}\n`);
} finally {
  await client.close();
}

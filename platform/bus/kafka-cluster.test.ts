/** Several brokers: what was told is on all of them, and whichever is ended the others go on. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/kit/eventually.ts';
import { startKafkaCluster, whyNoKafka, type Cluster } from '../../test/kit/kafka.ts';
import { openKafkaTrial, type KafkaTrial } from '../../test/kit/kafka-trial.ts';
import { envelopeFor } from './bus.contract.ts';

const why = process.env.KAFKA_BROKERS ? whyNoKafka() : 'there is no KAFKA_BROKERS (npm run test:real starts a Kafka)';
if (why) process.stderr.write(`Three brokers of which one is away are not tried: ${why}.\n`);
const SUBJECTS = 20;

(why ? describe.skip : describe)('three brokers', () => {
  let cluster: Cluster;
  let trial: KafkaTrial;
  beforeAll(async () => { cluster = await startKafkaCluster(3); }, 180_000);
  afterAll(async () => { await trial?.close(); await cluster?.stop(); }, 60_000);

  it('of which each is ended in turn, whoever leads, go on with the other two: nothing is lost, doubled in effect or out of order', async () => {
    trial = await openKafkaTrial(cluster.settings);
    const versionsOf = new Map<string, number[]>();
    trial.bus.group('users:counters', ['*'], async (event) => {
      await trial.effect(event.id);
      const versions = versionsOf.get(event.subject) ?? [];
      if (!versions.includes(event.subjectVersion)) versionsOf.set(event.subject, [...versions, event.subjectVersion]);
    });
    const told: string[] = [];
    const tell = async () => {
      const version = told.length / SUBJECTS + 1;
      const more = Array.from({ length: SUBJECTS }, (_, subject) => envelopeFor(`thing-${subject}`, version));
      told.push(...more.map(({ id }) => id));
      await trial.tell(more);
    };
    const handled = (when: string) => eventually(`every effect ${when}`, async () => (await trial.effects()).length >= told.length, 90_000);
    await tell();
    await handled('with all three');
    for (const [at, node] of cluster.nodes.entries()) {
      await tell();
      await node.kill();
      await tell();
      await tell();
      await handled(`without broker ${at + 1}`);
      await node.start();
      await tell();
      await handled(`with broker ${at + 1} back`);
    }
    expect((await trial.effects()).sort()).toEqual([...told].sort());
    const all = Array.from({ length: told.length / SUBJECTS }, (_, n) => n + 1);
    for (let subject = 0; subject < SUBJECTS; subject += 1) expect(versionsOf.get(`thing-${subject}`)).toEqual(all);
  }, 480_000);
});

/**
 * The bus where there is a Kafka: the log in the database keeps what is told, and a group of the log hands it on to
 * Kafka, where the groups listen. As with any group its lanes are shared among the processes, each lane in order, and
 * its place moves once Kafka has the event on every replica that counts: at least once, and in the order of its subject.
 * Tails stay with the log: it alone can say how far behind they are, and its places can be compared, which is what lets a
 * gateway remember who somebody is until it hears otherwise.
 */
import type { Bus } from './bus.ts';
import type { KafkaBus } from './kafka-bus.ts';

const FORWARDER = 'to-kafka';

export function kafkaAfterLog({ log, kafka }: { log: Bus; kafka: KafkaBus }): Bus {
  const forwarding = log.group(FORWARDER, ['*'], (event) => kafka.send([event]));
  let closing: Promise<void> | undefined;
  const close = async () => {
    await Promise.all([kafka.close(), forwarding.stop()]);
    await log.close();
  };
  return {
    told: (service) => log.told(service),
    group: (name, types, handler) => kafka.group(name, types, handler),
    tail: (types, handler, after, gone) => log.tail(types, handler, after, gone),
    lag: async () => [...(await log.lag()).filter(({ group }) => group === FORWARDER), ...await kafka.lag()],
    rewind: (group, to) => (group === FORWARDER ? log : kafka).rewind(group, to),
    async ready() {
      await log.ready();
      await kafka.ready();
    },
    close: () => (closing ??= close()),
  };
}

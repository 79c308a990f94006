/**
 * The one file that knows kafkajs, which nobody maintains any more (docs/decisions/0014): what the bus needs of a Kafka
 * client and no more, so that another can take its place. Whatever it opens it opens late, and anew after it has broken:
 * a Kafka that is away keeps nobody from starting.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AssignerProtocol, Kafka, logLevel, Partitioners, type Admin, type Consumer, type PartitionAssigner, type Producer, type SASLOptions } from 'kafkajs';
import type { Settings } from '../../config.ts';
import type { Log } from '../../log.ts';
import { shareOut } from './assignment.ts';
import type { Commit, KafkaClient, Place, Reader, Reading, Sent, Spot } from './records.ts';

export type KafkaSettings = Pick<Settings, 'KAFKA_BROKERS' | 'KAFKA_PARTITIONS' | 'KAFKA_REPLICATION' | 'KAFKA_SSL' | 'KAFKA_USERNAME' | 'KAFKA_PASSWORD' | 'KAFKA_MECHANISM'>;

const CONNECT_MS = 2_000;
const ANSWER_MS = 10_000;
/** Who says nothing for so long is taken for dead, and its partitions go to others: the least that a broker allows. */
const SESSION_MS = 6_000;
const HEARTBEAT_MS = 1_000;
const REJOIN_MS = 10_000;
/** How long a broker may hold an answer back when there is nothing new: it also bounds how soon a pause is over. */
const FETCH_WAIT_MS = 250;
const FETCH_BYTES = 256 * 1_024;
const EVENT_BYTES_MAX = 8 * 1_024 * 1_024;
const REPLICAS_MAX = 3;
const AGAIN_MS = 500;
const LEAVE_MS = 5_000;
/** Here a few tries; what has to last goes on in loops of ours, with connections made anew. */
const RETRY = { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: async () => false };
const ALONE = 'alone';

const { MemberMetadata, MemberAssignment } = AssignerProtocol;

export function openKafka(settings: KafkaSettings, log: Log): KafkaClient {
  const kafka = new Kafka({
    brokers: settings.KAFKA_BROKERS, clientId: 'atlas', connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS, retry: RETRY, ...security(settings),
    logLevel: logLevel.WARN, logCreator: () => ({ log: entry, namespace }) => log.debug({ kafka: namespace, ...entry }, 'The Kafka client has something to say.'),
  });
  const producers = oneOf(() => kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false, createPartitioner: Partitioners.DefaultPartitioner }));
  const admins = oneOf(() => kafka.admin());
  const { KAFKA_PARTITIONS: numPartitions, KAFKA_REPLICATION: replicas } = settings;

  return {
    send: (records) => producers.use(async (producer) => void await producer.sendBatch({ acks: -1, timeout: ANSWER_MS, topicMessages: byTopic(records) })),
    read: (reading) => read(kafka, reading, log),
    ensure: (topics) => admins.use(async (admin) => {
      const there = await admin.listTopics();
      const missing = topics.filter((topic) => !there.includes(topic));
      if (missing.length === 0) return;
      const replicationFactor = replicas ?? Math.min(REPLICAS_MAX, (await admin.describeCluster()).brokers.length);
      const configEntries = [{ name: 'min.insync.replicas', value: String(Math.max(1, replicationFactor - 1)) }, { name: 'max.message.bytes', value: String(EVENT_BYTES_MAX) }];
      await admin.createTopics({ topics: missing.map((topic) => ({ topic, numPartitions, replicationFactor, configEntries })) });
    }),
    bounds: (topic) => admins.use(async (admin) => {
      const all = (await admin.fetchTopicOffsets(topic)).sort((a, b) => a.partition - b.partition);
      return { low: all.map(({ low }) => Number(low)), high: all.map(({ high }) => Number(high)) };
    }),
    offsetsAt: (topic, at) => admins.use(async (admin) =>
      (await admin.fetchTopicOffsetsByTimestamp(topic, at.getTime())).sort((a, b) => a.partition - b.partition).map(({ offset }) => Number(offset))),
    groups: (prefix) => admins.use(async (admin) => (await admin.listGroups()).groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(prefix))),
    groupState: (group) => admins.use(async (admin) => {
      const { groups: [described] } = await admin.describeGroups([group]);
      const offsets = await admin.fetchOffsets({ groupId: group });
      const wanted = (described?.members ?? []).flatMap(({ memberMetadata }) => memberMetadata.length > 0 ? MemberMetadata.decode(memberMetadata)?.topics ?? [] : []);
      return {
        topics: [...new Set([...wanted, ...offsets.map(({ topic }) => topic)])].sort(),
        committed: offsets.flatMap(({ topic, partitions }) => partitions.map(({ partition, offset }) => ({ topic, partition, offset: Number(offset) }))),
      };
    }),
    forget: (group) => admins.use(async (admin) => void await admin.deleteGroups([group])),
    reach: () => admins.use(async (admin) => void await admin.describeCluster()),
    close: async () => void await Promise.all([producers.close(), admins.close()]),
  };
}

function security({ KAFKA_SSL: ssl, KAFKA_USERNAME: username, KAFKA_PASSWORD: password, KAFKA_MECHANISM: mechanism }: KafkaSettings): { ssl: boolean; sasl?: SASLOptions } {
  return { ssl, ...(username !== undefined && { sasl: { mechanism, username, password: password! } as SASLOptions }) };
}

/** One that is opened when it is first used. After a failure the next use opens another: a producer that has lost count stays lost. */
function oneOf<T extends Producer | Admin>(make: () => T) {
  let current: Promise<T> | null = null;
  const end = (one: Promise<T>) => one.then((opened) => opened.disconnect()).catch(() => undefined);
  return {
    async use<R>(what: (one: T) => Promise<R>): Promise<R> {
      const mine = (current ??= (async () => { const one = make(); await one.connect().catch((error: unknown) => { void one.disconnect().catch(() => undefined); throw error; }); return one; })());
      try {
        return await what(await mine);
      } catch (error) {
        if (current === mine) current = null;
        void end(mine);
        throw error;
      }
    },
    async close() { if (current) await end(current); },
  };
}

function byTopic(records: readonly Sent[]) {
  const topics = new Map<string, { key: string; value: string; timestamp: string; headers: Record<string, string> }[]>();
  for (const { topic, key, value, at } of records) {
    const messages = topics.get(topic) ?? [];
    messages.push({ key, value, timestamp: String(at), headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' } });
    topics.set(topic, messages);
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
}

/** Lives as often as it must: what breaks is closed and made anew, until somebody stops it. */
function read(kafka: Kafka, reading: Reading, log: Log): Reader {
  const stopped = new AbortController();
  const { signal } = stopped;
  let current: Consumer | null = null;
  const life = (async () => {
    while (!signal.aborted) {
      await liveOnce(kafka, reading, signal, (consumer) => { current = consumer; }).catch((error: unknown) => {
        log.debug({ err: error, group: reading.group }, 'A reader of Kafka broke; it is made anew.');
      });
      reading.assigned([], async () => undefined);
      await sleep(AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  })();
  const only = ({ topic, partition }: Spot) => [{ topic, partitions: [partition] }];
  return {
    pause: (spot) => current?.pause(only(spot)),
    resume: (spot) => current?.resume(only(spot)),
    async stop() {
      stopped.abort();
      await Promise.race([life, sleep(LEAVE_MS, undefined, { ref: false })]);
    },
  };
}

async function liveOnce(kafka: Kafka, reading: Reading, signal: AbortSignal, tell: (consumer: Consumer | null) => void): Promise<void> {
  await reading.before?.();
  const consumer = kafka.consumer({
    groupId: reading.group, partitionAssigners: [assigner(reading.alone ?? false)], allowAutoTopicCreation: false,
    sessionTimeout: SESSION_MS, heartbeatInterval: HEARTBEAT_MS, rebalanceTimeout: REJOIN_MS, maxWaitTimeInMs: FETCH_WAIT_MS, maxBytesPerPartition: FETCH_BYTES,
  });
  const ended = new AbortController();
  const over = new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(), { once: true, signal: ended.signal });
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
  });
  over.catch(() => undefined);
  // A commit before it runs would be dropped without a word.
  let begun: () => void = () => undefined;
  const runs = new Promise<void>((resolve) => { begun = resolve; });
  // Told before anything of the new share is fetched: a place to begin at is known in time.
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    const spots = Object.entries(payload.memberAssignment).flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic, partition })));
    consumer.resume(consumer.paused());
    for (const { topic, partition, offset } of reading.assigned(spots, async (places) => { await runs; await consumer.commitOffsets(places.map(written)); })) consumer.seek({ topic, partition, offset: String(offset) });
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...reading.topics], fromBeginning: true });
    if (signal.aborted) return;
    tell(consumer);
    await consumer.run({
      autoCommit: false,
      // It keeps nobody waiting, so that one partition that is slow holds up neither the others nor the heartbeats.
      eachBatch: async ({ batch: { topic, partition, messages }, commitOffsetsIfNecessary }) => {
        const commit: Commit = (places) => commitOffsetsIfNecessary({ topics: [...new Set(places.map((place) => place.topic))].map((of) => ({ topic: of, partitions: places.filter((place) => place.topic === of).map(written) })) });
        reading.received(messages.map(({ offset, value }) => ({ topic, partition, offset: Number(offset), value: value?.toString('utf8') ?? '' })), commit);
      },
    });
    begun();
    await over;
  } finally {
    tell(null);
    ended.abort();
    await Promise.race([consumer.disconnect().catch(() => undefined), sleep(LEAVE_MS, undefined, { ref: false })]);
  }
}

const written = ({ topic, partition, offset }: Place) => ({ topic, partition, offset: String(offset) });

const assigner = (alone: boolean): PartitionAssigner => ({ cluster }) => ({
  name: 'atlas', version: 0,
  protocol: ({ topics }) => ({ name: 'atlas', metadata: MemberMetadata.encode({ version: 0, topics, userData: Buffer.from(alone ? ALONE : '') }) }),
  async assign({ members }) {
    const known = members.map(({ memberId: id, memberMetadata }) => {
      const said = MemberMetadata.decode(memberMetadata);
      return { id, topics: said?.topics ?? [], alone: said?.userData?.toString() === ALONE };
    });
    const shares = shareOut(known, (topic) => cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId));
    return [...shares].map(([memberId, assignment]) => ({ memberId, memberAssignment: MemberAssignment.encode({ version: 0, assignment, userData: Buffer.alloc(0) }) }));
  },
});

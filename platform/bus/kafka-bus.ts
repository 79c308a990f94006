/**
 * The bus over Kafka: a topic a service, the subject as key, CloudEvents as values. It is fed from the log in the
 * database (`send`), which holds what is told while Kafka is away. A group's place is committed after its events were
 * handled; a tail has a group of its own that commits nothing and is forgotten when it stops.
 */
import { randomUUID } from 'node:crypto';
import { fromCloudEvent, toCloudEvent, type CloudEvent } from '../cloud-event.ts';
import type { Envelope } from '../event.ts';
import type { Log } from '../log.ts';
import { loop } from '../loop.ts';
import type { Bus, Handler, Listening, Position, Tail, Types } from './bus.ts';
import { keepListening } from './kept.ts';
import { lagOf } from './kafka/lag.ts';
import { openLanes } from './kafka/lanes.ts';
import { fromPosition, topicOf, toPosition } from './kafka/places.ts';
import { nameOf, type Commit, type KafkaClient, type Place, type Reader, type Received } from './kafka/records.ts';
import { rewind } from './kafka/rewind.ts';
import { openSending } from './kafka/sending.ts';

const COMMIT_AGAIN_MS = 500;
const READY_MS = 1_500;

export interface KafkaBus extends Omit<Bus, 'told'> {
  /** Resolves once Kafka has them; waits while it is away. What is about one subject travels in the order in which it is sent. */
  send(events: readonly Envelope[]): Promise<void>;
}

export interface KafkaBusGiven {
  kafka: KafkaClient;
  /** What its topics and groups begin with: another Atlas on the same Kafka has another. */
  prefix: string;
  /** Whose topics `*` means. */
  services: readonly string[];
  log: Log;
}

export function kafkaBus(given: KafkaBusGiven): KafkaBus {
  const { kafka, prefix, log } = given;
  const groupPrefix = `${prefix}.group.`;
  const topicFor = (type: string) => topicOf(prefix, type.split('.')[0]!);
  const topicsFor = (types: Types) => types.includes('*') ? given.services.map((service) => topicOf(prefix, service)) : [...new Set(types.map(topicFor))];
  let there = new Set<string>();
  const sending = openSending(async (records) => {
    const missing = [...new Set(records.map(({ topic }) => topic))].filter((topic) => !there.has(topic));
    if (missing.length > 0) await kafka.ensure(missing);
    there = new Set([...there, ...missing]);
    await kafka.send(records).catch((error: unknown) => { there = new Set(); throw error; });
  }, log);
  const { keep, stop } = keepListening();
  const listeningAs = new Map<string, readonly string[]>();
  const reading = { kafka, prefix, log };

  return {
    send: (events) => sending.send(events.map((event) => ({ topic: topicFor(event.type), key: event.subject, value: JSON.stringify(toCloudEvent(event)), at: Date.parse(event.at) }))),
    group(name, types, handler) {
      listeningAs.set(name, topicsFor(types));
      return keep(listenAsGroup({ ...reading, id: `${groupPrefix}${name}`, topics: topicsFor(types), types, handler }));
    },
    tail: (types, handler, after) => keep(listenAsTail({ ...reading, id: `${prefix}.tail.${randomUUID()}`, topics: topicsFor(types), types, handler, after })),
    lag: () => lagOf(kafka, groupPrefix),
    rewind: (group, to) => rewind(kafka, { id: `${groupPrefix}${group}`, group, prefix, to, topics: listeningAs.get(group) ?? [] }),
    async ready() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('It said nothing.')), READY_MS); });
      await Promise.race([kafka.reach(), late]).catch((error: unknown) => {
        throw new Error('Kafka does not answer at KAFKA_BROKERS: events wait in the database and travel once it does.', { cause: error });
      }).finally(() => clearTimeout(timer));
    },
    async close() {
      await Promise.all([sending.close(), stop()]);
      await kafka.close();
    },
  };
}

interface Listened { kafka: KafkaClient; prefix: string; log: Log; id: string; topics: readonly string[]; types: Types; handler: Handler }

/** Gives a record to the handler if it is of a type that was asked for. What is no event of ours is passed over: it would stand in the way for ever. */
async function handIn({ types, handler, log }: Listened, record: Received, position: () => Position): Promise<void> {
  let event: Envelope;
  try {
    event = fromCloudEvent(JSON.parse(record.value) as CloudEvent);
  } catch (error) {
    log.error({ err: error, topic: record.topic, partition: record.partition, offset: record.offset }, 'There is something in a topic of Atlas that is no event of Atlas; it is passed over.');
    return;
  }
  if (types.includes('*') || types.includes(event.type)) await handler(event, position());
}

function listenAsGroup(listened: Listened): Listening {
  const { kafka, prefix, log, id, topics } = listened;
  const handled = new Map<string, Place>();
  let commit: Commit | null = null;
  const commitHandled = async (): Promise<void> => {
    if (handled.size === 0 || !commit) return;
    const places = [...handled.values()];
    const now = commit;
    await now(places).then(() => {
      for (const place of places) if (handled.get(nameOf(place)) === place) handled.delete(nameOf(place));
    }, (error: unknown) => log.debug({ err: error, group: id }, 'A place could not be committed; it will be tried again, here or by whoever has the partition then.'));
  };
  const commits = loop({ name: `commits ${id}`, everyMs: COMMIT_AGAIN_MS, log, round: commitHandled });
  const lanes = openLanes({
    handle: (record) => handIn(listened, record, () => toPosition(prefix, [{ ...record, offset: record.offset + 1 }])),
    failed: (error, { topic, partition, offset }) => log.warn({ err: error, group: id, topic, partition, offset }, 'An event could not be taken over; it is handed over again.'),
    handled: (place) => { handled.set(nameOf(place), place); commits.nudge(); },
    pause: (spot) => reader.pause(spot),
    resume: (spot) => reader.resume(spot),
  });
  const reader: Reader = kafka.read({
    group: id, topics,
    before: () => kafka.ensure(topics),
    assigned(spots) {
      lanes.assign(spots);
      handled.clear();
      commit = null;
      return [];
    },
    received(records, commitNow) {
      commit = commitNow;
      lanes.take(records);
    },
  });
  return {
    async stop() {
      await lanes.close();
      await commits.stop();
      await commitHandled();
      await reader.stop();
    },
  };
}

function listenAsTail(listened: Listened & { after: Position | undefined }): Tail {
  const { kafka, prefix, log, id, topics, after } = listened;
  const since = new Date();
  /** Everything before is seen. */
  const seen = new Map<string, Place>((after === undefined ? [] : fromPosition(prefix, after)).map((place) => [nameOf(place), place]));
  const lanes = openLanes({
    handle: (record) => {
      const next = { ...record, offset: record.offset + 1 };
      if (record.offset < (seen.get(nameOf(record))?.offset ?? 0)) return Promise.resolve();
      return handIn(listened, record, () => toPosition(prefix, [...new Map(seen).set(nameOf(next), next).values()])).catch((error: unknown) =>
        log.warn({ err: error, topic: record.topic, offset: record.offset }, 'Somebody who follows events failed on one; it goes on with the next.'));
    },
    failed: () => undefined,
    handled: (place) => { if (place.offset > (seen.get(nameOf(place))?.offset ?? 0)) seen.set(nameOf(place), place); },
    pause: (spot) => reader.pause(spot),
    resume: (spot) => reader.resume(spot),
  });
  const reader = kafka.read({
    group: id, topics,
    async before() {
      await kafka.ensure(topics);
      for (const topic of topics) {
        const begins = await kafka.offsetsAt(topic, since);
        begins.forEach((offset, partition) => { if (!seen.has(nameOf({ topic, partition }))) seen.set(nameOf({ topic, partition }), { topic, partition, offset }); });
      }
    },
    assigned(spots) {
      lanes.assign(spots);
      return spots.map((spot) => seen.get(nameOf(spot)) ?? { ...spot, offset: 0 });
    },
    received: (records) => lanes.take(records),
  });
  return {
    place: () => toPosition(prefix, seen.values()),
    // What was told and is still on its way to Kafka cannot be known here.
    behindMs: () => Infinity,
    async stop() {
      await lanes.close();
      await reader.stop();
      await kafka.forget(id).catch((error: unknown) => log.debug({ err: error, group: id }, 'The group of a tail could not be deleted; Kafka forgets it by itself.'));
    },
  };
}

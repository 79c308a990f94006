import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/kit/eventually.ts';
import { kafkaOfRun } from '../../test/kit/kafka.ts';
import { openKafkaTrial, type KafkaTrial } from '../../test/kit/kafka-trial.ts';
import type { Envelope } from '../event.ts';
import { openLog } from '../log.ts';
import { busContract, envelopeFor } from './bus.contract.ts';
import type { Bus } from './bus.ts';
import { kafkaBus } from './kafka-bus.ts';
import { openKafka } from './kafka/client.ts';
import { fromPosition, toPosition } from './kafka/places.ts';
import { shareOut } from './kafka/assignment.ts';

const log = openLog({ level: 'silent', pretty: false });
const settings = kafkaOfRun('the contract of the bus over Kafka');
const rounds = (from: number, to: number, subjects = 20) => Array.from({ length: to - from + 1 }, (_, n) => Array.from({ length: subjects }, (__, s) => envelopeFor(`thing-${s}`, from + n))).flat();
const pause = (ms: number) => new Promise((resolve) => { setTimeout(resolve, ms); });

if (settings) {
  busContract('Kafka', () => openKafkaTrial(settings));

  describe('the bus over Kafka', () => {
    let trial: KafkaTrial;
    afterEach(() => trial?.close(), 60_000);
    const countIn = (bus: Bus, group: string, slowMs = 0) => bus.group(group, ['*'], async (event) => { await pause(slowMs); await trial.effect(event.id); });

    it('loses nothing and doubles no effect when others join and leave in the middle', async () => {
      trial = await openKafkaTrial(settings);
      countIn(trial.bus, 'users:counters', 3);
      const told: Envelope[] = [];
      const others = await Promise.all([trial.another(), trial.another()]);
      for (let version = 1; version <= 24; version += 1) {
        const more = rounds(version, version);
        told.push(...more);
        await trial.tell(more);
        if (version === 6) countIn(others[0]!, 'users:counters', 3);
        if (version === 12) countIn(others[1]!, 'users:counters', 3);
        if (version === 18) await others[0]!.close();
        await pause(150);
      }
      await eventually('every effect', async () => (await trial.effects()).length >= told.length, 40_000);
      expect((await trial.effects()).sort()).toEqual(told.map(({ id }) => id).sort());
    }, 120_000);

    it('keeps the partition of a handler that takes longer than a session, and handles the others meanwhile', async () => {
      trial = await openKafkaTrial(settings);
      const another = await trial.another();
      const begun: string[] = [];
      const done: string[] = [];
      let open: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => { open = resolve; });
      const handle = async (event: Envelope) => {
        begun.push(event.id);
        if (event.subject === 'thing-0') await gate;
        done.push(event.id);
      };
      trial.bus.group('users:sleepers', ['*'], handle);
      await trial.tell(rounds(1, 1));
      await eventually('the slow one to begin', () => begun.length > 10, 40_000);
      await pause(8_000); // a session is six seconds
      await trial.tell(rounds(2, 2));
      await eventually('others to be handled', () => done.length > 15, 40_000);
      const slow = begun.length - done.length;
      open();
      await eventually('all of it', () => new Set(done).size === 40, 40_000);
      expect([slow, begun.length]).toEqual([1, 40]);
      await another.close();
    }, 120_000);

    it('rewinds a group while it works, in whichever process', async () => {
      trial = await openKafkaTrial(settings);
      const another = await trial.another();
      const seen: Envelope[] = [];
      trial.bus.group('users:again', ['*'], async (event) => void seen.push(event));
      await trial.tell(rounds(1, 2));
      await eventually('all of it', () => seen.length >= 40, 40_000);
      seen.length = 0;
      await another.rewind('users:again', 'start');
      await eventually('all of it again', () => new Set(seen.map(({ id }) => id)).size === 40, 40_000);
      await expect(another.rewind('users:nobody', 'start')).rejects.toThrow('Nobody has ever listened as users:nobody');
    }, 120_000);

    it('takes more than it can hold, and stops reading until there is room', async () => {
      trial = await openKafkaTrial(settings);
      let open: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => { open = resolve; });
      const seen = new Set<string>();
      trial.bus.group('users:full', ['*'], async (event) => { await gate; seen.add(event.id); });
      for (let version = 1; version <= 5; version += 1) await trial.tell(rounds(version, version, 1_000));
      await eventually('all of it to be in Kafka', async () => (await trial.bus.lag()).find(({ group }) => group === 'users:full')?.waiting === 5_000, 60_000);
      open();
      await eventually('all of it', () => seen.size === 5_000, 60_000);
      await eventually('nothing to wait', async () => (await trial.bus.lag()).every(({ waiting }) => waiting === 0), 20_000);
    }, 120_000);
  });
}

describe('a bus whose Kafka is away', () => {
  it('starts, says so when it is asked, and stops', async () => {
    const away = openKafka({ KAFKA_BROKERS: ['127.0.0.1:1'], KAFKA_PARTITIONS: 4, KAFKA_REPLICATION: undefined, KAFKA_SSL: false, KAFKA_USERNAME: undefined, KAFKA_PASSWORD: undefined, KAFKA_MECHANISM: 'plain' }, log);
    const bus = kafkaBus({ kafka: away, prefix: 'atlas', services: ['users'], log });
    bus.group('users:readers', ['*'], async () => undefined);
    const tail = bus.tail(['*'], async () => undefined);
    const sent = bus.send([envelopeFor('thing-1', 1)]);
    sent.catch(() => undefined);
    await expect(bus.ready()).rejects.toThrow('Kafka does not answer at KAFKA_BROKERS');
    expect(tail.behindMs()).toBe(Infinity);
    await bus.close();
    await expect(sent).rejects.toThrow('The bus is closed.');
  }, 60_000);
});

describe('a place in Kafka', () => {
  it('comes back as it was written, and nothing else is taken for one', () => {
    const places = [{ topic: 'atlas.users.v1', partition: 0, offset: 17 }, { topic: 'atlas.users.v1', partition: 3, offset: 0 }, { topic: 'atlas.tenants.v1', partition: 1, offset: 5 }];
    expect(toPosition('atlas', places)).toBe('users:0=17,3=0;tenants:1=5');
    expect(fromPosition('atlas', toPosition('atlas', places))).toEqual(places);
    for (const text of ['', '17', 'users:0=17;', 'users:0=-1', 'users:0', 'users:0=1,']) expect(() => fromPosition('atlas', text)).toThrow('This is no position of Kafka.');
  });
});

describe('the partitions of a group', () => {
  const partitionsOf = () => [0, 1, 2, 3];
  it('are shared out among those who want the topic, every one to one', () => {
    const shares = shareOut([{ id: 'b', topics: ['t', 'u'], alone: false }, { id: 'a', topics: ['t'], alone: false }], partitionsOf);
    expect(Object.fromEntries(shares)).toEqual({ a: { t: [0, 2] }, b: { t: [1, 3], u: [0, 1, 2, 3] } });
  });
  it('all go to the one who wants to be alone', () => {
    const shares = shareOut([{ id: 'a', topics: ['t'], alone: false }, { id: 'b', topics: ['t'], alone: true }, { id: 'c', topics: ['t'], alone: true }], partitionsOf);
    expect(Object.fromEntries(shares)).toEqual({ b: { t: [0, 1, 2, 3] } });
  });
});

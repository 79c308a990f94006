import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/kit/eventually.ts';
import { LOGIN, startKafka, whyNoKafka, type Broker } from '../../test/kit/kafka.ts';
import { openKafkaTrial, type KafkaTrial } from '../../test/kit/kafka-trial.ts';
import { SELF_SIGNED } from '../../test/kit/self-signed.ts';
import type { Envelope } from '../event.ts';
import { openLog } from '../log.ts';
import { envelopeFor } from './bus.contract.ts';
import { openKafka } from './kafka/client.ts';

/** A broker of its own, since it is killed: only where a Kafka is tried at all, for it takes a while. */
const why = process.env.KAFKA_BROKERS ? whyNoKafka() : 'there is no KAFKA_BROKERS (npm run test:real starts a Kafka)';
if (why) process.stderr.write(`A Kafka that goes down is not tried: ${why}.\n`);

(why ? describe.skip : describe)('a Kafka that goes down', () => {
  let broker: Broker;
  let trial: KafkaTrial;
  beforeAll(async () => { broker = await startKafka(); }, 120_000);
  afterAll(async () => { await trial?.close(); await broker?.stop(); }, 60_000);

  it('with SIGKILL and comes back loses nothing, doubles no effect, and keeps the order of every subject', async () => {
    trial = await openKafkaTrial(broker.settings);
    const inOrder = new Map<string, number[]>();
    trial.bus.group('users:counters', ['*'], async (event) => {
      await trial.effect(event.id);
      const versions = inOrder.get(event.subject) ?? [];
      if (!versions.includes(event.subjectVersion)) inOrder.set(event.subject, [...versions, event.subjectVersion]);
    });
    const tailed = new Set<string>();
    trial.bus.tail(['*'], async (event) => void tailed.add(event.id));
    const told: Envelope[] = [];
    const tell = async (version: number) => {
      const more = Array.from({ length: 20 }, (_, subject) => envelopeFor(`thing-${subject}`, version));
      told.push(...more);
      await trial.tell(more);
    };
    await tell(1);
    await eventually('the first effects', async () => (await trial.effects()).length === 20, 40_000);
    await eventually('the tail to listen', async () => { await trial.tell([envelopeFor('a-sign', 1)]); return tailed.size > 0; }, 40_000);
    const before = told.length;
    for (let time = 0; time < 2; time += 1) {
      await tell(2 + time * 3);
      await broker.kill();
      await tell(3 + time * 3);
      await expect(trial.bus.ready()).rejects.toThrow('Kafka does not answer');
      await broker.start();
      await tell(4 + time * 3);
    }
    const isTold = new Set<string>(told.map(({ id }) => id));
    const ours = async () => (await trial.effects()).filter((id) => isTold.has(id));
    await eventually('every effect', async () => (await ours()).length >= told.length, 60_000);
    await eventually('the tail to have seen all', () => told.slice(before).every(({ id }) => tailed.has(id)), 60_000);
    await eventually('Kafka to answer again', () => trial.bus.ready().then(() => true, () => false));
    expect((await ours()).sort()).toEqual([...isTold].sort());
    for (let subject = 0; subject < 20; subject += 1) expect(inOrder.get(`thing-${subject}`)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  }, 240_000);

  it.each(['plain', 'scram-sha-512'] as const)('lets in who logs in with the right password by %s, and nobody else', async (mechanism) => {
    const log = openLog({ level: 'silent', pretty: false });
    const [known, stranger] = [openKafka(broker.withLogin({ ...LOGIN, mechanism }), log), openKafka(broker.withLogin({ ...LOGIN, mechanism, password: 'another' }), log)];
    await known.reach();
    await expect(stranger.reach()).rejects.toThrow(/authentication/i);
    await Promise.all([known.close(), stranger.close()]);
  }, 60_000);

  it('is spoken to over TLS by whoever trusts its authority, and not by others', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'atlas-authority-'));
    const authority = join(folder, 'authority.pem');
    writeFileSync(authority, SELF_SIGNED.cert);
    const reach = async (env: Record<string, string>) => (await promisify(execFile)(process.execPath, ['--import', 'tsx', join(import.meta.dirname, '../../test/kit/kafka-reach.ts'), JSON.stringify(broker.overTls(LOGIN))], { env: { PATH: process.env.PATH, ...env } })).stdout.trim();
    expect(await reach({ NODE_EXTRA_CA_CERTS: authority })).toBe('1 said');
    expect(await reach({})).toMatch(/self-signed certificate/);
    rmSync(folder, { recursive: true });
  }, 90_000);
});

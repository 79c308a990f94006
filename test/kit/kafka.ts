/**
 * A real Kafka for a suite, without Docker: the broker of docker/kafka/pom.xml, fetched once by Maven and run by Java as
 * one node on loopback. It can be killed and started again on the same data, as a machine that lost its power would be.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKafka, type KafkaSettings } from '../../platform/bus/kafka/client.ts';
import { readSettings } from '../../platform/config.ts';
import { openLog } from '../../platform/log.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { SELF_SIGNED } from './self-signed.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const POM = join(ROOT, 'docker', 'kafka', 'pom.xml');
const CACHE = join(ROOT, 'node_modules', '.cache', 'atlas-kafka');
const JVM = ['-Xms128m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
export const LOGIN = { username: 'atlas', password: 'a-password-of-the-suites' };

export interface Broker {
  /** What a client is set to that speaks to it without a login. */
  settings: KafkaSettings;
  /** Another door of the same broker, for clients that log in. */
  withLogin(login: { username: string; password: string; mechanism: KafkaSettings['KAFKA_MECHANISM'] }): KafkaSettings;
  /** A third door: with a login, and over TLS with the certificate of self-signed.ts. */
  overTls(login: { username: string; password: string }): KafkaSettings;
  /** As if the power had gone. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and deletes its data. */
  stop(): Promise<void>;
}

/** Why there can be no broker here; null when there can. */
export function whyNoKafka(): string | null {
  if (spawnSync('java', ['-version']).status !== 0) return 'there is no Java (17 or newer)';
  if (existsSync(jars())) return null;
  return spawnSync('mvn', ['--version']).status === 0 ? null : 'there is no Maven to fetch the broker with';
}

const jars = (): string => join(CACHE, createHash('sha256').update(readFileSync(POM)).digest('hex').slice(0, 16));

/** Beside its place first and renamed then, because suites run at once. */
function fetched(): string {
  const folder = jars();
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const fresh = mkdtempSync(join(CACHE, 'fetching-'));
  const maven = spawnSync('mvn', ['-q', '-B', '-f', POM, 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${fresh}`], { encoding: 'utf8' });
  if (maven.status !== 0) throw new Error(`Maven could not fetch the Kafka broker:\n${maven.stdout}${maven.stderr}`);
  if (existsSync(folder)) rmSync(fresh, { recursive: true });
  else renameSync(fresh, folder);
  return folder;
}

export async function startKafka(): Promise<Broker> {
  const libraries = join(fetched(), '*');
  const folder = mkdtempSync(join(tmpdir(), 'atlas-kafka-'));
  const [open, login, tls, controller] = [await freePort(), await freePort(), await freePort(), await freePort()] as const;
  const file = join(folder, 'server.properties');
  writeFileSync(file, properties({ folder, open, login, tls, controller }));
  const formatted = spawnSync('java', [...JVM, '-cp', libraries, 'kafka.tools.StorageTool', 'format', '-t', randomBytes(16).toString('base64url'), '-c', file, '--add-scram', `SCRAM-SHA-512=[name=${LOGIN.username},password=${LOGIN.password}]`], { encoding: 'utf8' });
  if (formatted.status !== 0) throw new Error(`Kafka could not prepare its folder:\n${formatted.stdout}${formatted.stderr}`);

  const plain = { KAFKA_PARTITIONS: 4, KAFKA_REPLICATION: undefined, KAFKA_SSL: false, KAFKA_MECHANISM: 'plain' } as const;
  const settings: KafkaSettings = { ...plain, KAFKA_BROKERS: [`127.0.0.1:${open}`], KAFKA_USERNAME: undefined, KAFKA_PASSWORD: undefined };
  let broker: ChildProcess | undefined;
  const start = async () => {
    const printed: string[] = [];
    broker = spawn('java', [...JVM, '-cp', libraries, 'kafka.Kafka', file], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [broker.stdout!, broker.stderr!]) stream.on('data', (text: Buffer) => { printed.push(String(text)); if (printed.length > 200) printed.shift(); });
    await eventually('Kafka to answer', () => {
      if (broker!.exitCode !== null) throw new Error(`Kafka stopped with ${broker!.exitCode}:\n${printed.join('')}`);
      return answers(settings);
    }, 60_000);
  };
  const end = () => new Promise<void>((resolve) => {
    if (!broker || broker.exitCode !== null || broker.signalCode !== null) return resolve();
    broker.once('exit', () => resolve());
    broker.kill('SIGKILL');
  });
  const onExit = () => { broker?.kill('SIGKILL'); rmSync(folder, { recursive: true, force: true }); };
  process.once('exit', onExit);
  await start();
  return {
    settings, start, kill: end,
    withLogin: ({ username, password, mechanism }) => ({ ...plain, KAFKA_MECHANISM: mechanism, KAFKA_BROKERS: [`127.0.0.1:${login}`], KAFKA_USERNAME: username, KAFKA_PASSWORD: password }),
    overTls: ({ username, password }) => ({ ...plain, KAFKA_SSL: true, KAFKA_MECHANISM: 'scram-sha-512', KAFKA_BROKERS: [`localhost:${tls}`], KAFKA_USERNAME: username, KAFKA_PASSWORD: password }),
    async stop() {
      process.off('exit', onExit);
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(settings: KafkaSettings): Promise<boolean> {
  const client = openKafka(settings, openLog({ level: 'silent', pretty: false }));
  return client.reach().then(() => true, () => false).finally(() => client.close());
}

/** One node that is broker and controller; every internal topic as small as it can be. */
const properties = (given: { folder: string; open: number; login: number; tls: number; controller: number }): string => Object.entries({
  'process.roles': 'broker,controller',
  'node.id': 1,
  'controller.quorum.voters': `1@127.0.0.1:${given.controller}`,
  listeners: `OPEN://127.0.0.1:${given.open},LOGIN://127.0.0.1:${given.login},SEALED://127.0.0.1:${given.tls},CONTROLLER://127.0.0.1:${given.controller}`,
  'advertised.listeners': `OPEN://127.0.0.1:${given.open},LOGIN://127.0.0.1:${given.login},SEALED://localhost:${given.tls}`,
  'listener.security.protocol.map': 'OPEN:PLAINTEXT,LOGIN:SASL_PLAINTEXT,SEALED:SASL_SSL,CONTROLLER:PLAINTEXT',
  'inter.broker.listener.name': 'OPEN',
  'controller.listener.names': 'CONTROLLER',
  'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-512',
  'listener.name.login.scram-sha-512.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
  'listener.name.login.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required user_${LOGIN.username}="${LOGIN.password}";`,
  'listener.name.sealed.sasl.enabled.mechanisms': 'SCRAM-SHA-512',
  'listener.name.sealed.scram-sha-512.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
  'listener.name.sealed.ssl.keystore.type': 'PEM',
  'listener.name.sealed.ssl.keystore.certificate.chain': inOneLine(SELF_SIGNED.cert),
  'listener.name.sealed.ssl.keystore.key': inOneLine(SELF_SIGNED.key),
  'log.dirs': join(given.folder, 'data'),
  'auto.create.topics.enable': false,
  'offsets.topic.num.partitions': 1,
  'offsets.topic.replication.factor': 1,
  'transaction.state.log.num.partitions': 1,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'share.coordinator.state.topic.num.partitions': 1,
  'share.coordinator.state.topic.replication.factor': 1,
  'group.initial.rebalance.delay.ms': 0,
  'num.network.threads': 2,
  'num.io.threads': 2,
  'background.threads': 2,
}).map(([name, value]) => `${name}=${value}`).join('\n');

/** As a file of properties writes what has several lines. */
const inOneLine = (pem: string): string => pem.trim().replaceAll('\n', '\\n');

/** The Kafka that the run has started, or whoever started the run named; where there is none, the suite says so. */
export function kafkaOfRun(what: string): KafkaSettings | null {
  const { KAFKA_BROKERS } = process.env;
  if (KAFKA_BROKERS) return { ...readSettings({ KAFKA_BROKERS, KAFKA_PARTITIONS: '4' }) };
  process.stderr.write(`No KAFKA_BROKERS: ${what} is left out (npm run test:real starts a Kafka and tries it).\n`);
  return null;
}

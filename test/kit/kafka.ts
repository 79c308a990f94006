/**
 * A real Kafka for a suite, without Docker: the broker of docker/kafka/pom.xml, fetched once by Maven and run by Java on
 * loopback, as one node or as several.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openKafka, type KafkaSettings } from '../../platform/bus/kafka/client.ts';
import { readSettings } from '../../platform/config.ts';
import { openLog } from '../../platform/log.ts';
import { freePort } from './free-port.ts';
import { newCluster, nodeOf, prepareNode, type Node } from './kafka-nodes.ts';
import { SELF_SIGNED } from './self-signed.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const POM = join(ROOT, 'docker', 'kafka', 'pom.xml');
const CACHE = join(ROOT, 'node_modules', '.cache', 'atlas-kafka');
export const LOGIN = { username: 'atlas', password: 'a-password-of-the-suites' };

export interface Broker extends Node {
  /** What a client is set to that speaks to it without a login. */
  settings: KafkaSettings;
  /** Another door of the same broker, for clients that log in. */
  withLogin(login: { username: string; password: string; mechanism: KafkaSettings['KAFKA_MECHANISM'] }): KafkaSettings;
  /** A third door: with a login, and over TLS with the certificate of self-signed.ts. */
  overTls(login: { username: string; password: string }): KafkaSettings;
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
  const [open, login, tls, controller] = [await freePort(), await freePort(), await freePort(), await freePort()] as const;
  const settings = openTo([open]);
  const node = prepareNode({
    libraries: fetched(), cluster: newCluster(), login: LOGIN, isThere: () => answers(settings),
    properties: {
      ...nodeOf({ id: 1, controllers: [controller], replicas: 1 }),
      listeners: `OPEN://127.0.0.1:${open},LOGIN://127.0.0.1:${login},SEALED://127.0.0.1:${tls},CONTROLLER://127.0.0.1:${controller}`,
      'advertised.listeners': `OPEN://127.0.0.1:${open},LOGIN://127.0.0.1:${login},SEALED://localhost:${tls}`,
      'listener.security.protocol.map': 'OPEN:PLAINTEXT,LOGIN:SASL_PLAINTEXT,SEALED:SASL_SSL,CONTROLLER:PLAINTEXT',
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-512',
      'listener.name.login.scram-sha-512.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
      'listener.name.login.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required user_${LOGIN.username}="${LOGIN.password}";`,
      'listener.name.sealed.sasl.enabled.mechanisms': 'SCRAM-SHA-512',
      'listener.name.sealed.scram-sha-512.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
      'listener.name.sealed.ssl.keystore.type': 'PEM',
      'listener.name.sealed.ssl.keystore.certificate.chain': inOneLine(SELF_SIGNED.cert),
      'listener.name.sealed.ssl.keystore.key': inOneLine(SELF_SIGNED.key),
    },
  });
  await node.start();
  return {
    ...node, settings,
    withLogin: ({ username, password, mechanism }) => ({ ...openTo([login]), KAFKA_MECHANISM: mechanism, KAFKA_USERNAME: username, KAFKA_PASSWORD: password }),
    overTls: ({ username, password }) => ({ ...openTo([]), KAFKA_SSL: true, KAFKA_MECHANISM: 'scram-sha-512', KAFKA_BROKERS: [`localhost:${tls}`], KAFKA_USERNAME: username, KAFKA_PASSWORD: password }),
  };
}

export interface Cluster { settings: KafkaSettings; nodes: readonly Node[]; stop(): Promise<void> }

/** Several nodes, each broker and controller: what is written is on all of them, and one may be away. */
export async function startKafkaCluster(count: number): Promise<Cluster> {
  const [ports, controllers]: [number[], number[]] = [[], []];
  for (let n = 0; n < count; n += 1) {
    ports.push(await freePort());
    controllers.push(await freePort());
  }
  const [libraries, cluster] = [fetched(), newCluster()];
  const nodes = ports.map((port, at) => prepareNode({
    libraries, cluster, isThere: () => answers(openTo([port])),
    properties: {
      ...nodeOf({ id: at + 1, controllers, replicas: count }),
      listeners: `OPEN://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllers[at]}`,
      'advertised.listeners': `OPEN://127.0.0.1:${port}`,
      'listener.security.protocol.map': 'OPEN:PLAINTEXT,CONTROLLER:PLAINTEXT',
    },
  }));
  const stop = async () => { await Promise.all(nodes.map((node) => node.stop())); };
  await Promise.all(nodes.map((node) => node.start())).catch(async (error: unknown) => { await stop(); throw error; });
  return { settings: openTo(ports), nodes, stop };
}

/** Without a login. */
const openTo = (ports: readonly number[]): KafkaSettings =>
  ({ KAFKA_BROKERS: ports.map((port) => `127.0.0.1:${port}`), KAFKA_PARTITIONS: 4, KAFKA_REPLICATION: undefined, KAFKA_SSL: false, KAFKA_MECHANISM: 'plain', KAFKA_USERNAME: undefined, KAFKA_PASSWORD: undefined });

async function answers(settings: KafkaSettings): Promise<boolean> {
  const client = openKafka(settings, openLog({ level: 'silent', pretty: false }));
  return client.reach().then(() => true, () => false).finally(() => client.close());
}

/** As a file of properties writes what has several lines. */
const inOneLine = (pem: string): string => pem.trim().replaceAll('\n', '\\n');

/** The Kafka that the run has started, or whoever started the run named; where there is none, the suite says so. */
export function kafkaOfRun(what: string): KafkaSettings | null {
  const { KAFKA_BROKERS } = process.env;
  if (KAFKA_BROKERS) return { ...readSettings({ KAFKA_BROKERS, KAFKA_PARTITIONS: '4' }) };
  process.stderr.write(`No KAFKA_BROKERS: ${what} is left out (npm run test:real starts a Kafka and tries it).\n`);
  return null;
}

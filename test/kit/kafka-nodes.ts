/** One node of a Kafka: can be killed and started again on the same data, as a machine that lost its power would be. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';

const JVM = ['-Xms128m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

export interface Node {
  /** As if the power had gone. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and deletes its data. */
  stop(): Promise<void>;
}
type Properties = Record<string, string | number | boolean>;

/** Never with a dash in front, as Kafka itself makes none: its command would take it for an option. */
export function newCluster(): string {
  const id = randomBytes(16);
  id[0]! &= 0x7f;
  return id.toString('base64url');
}

export function prepareNode(given: { libraries: string; cluster: string; properties: Properties; login?: { username: string; password: string }; isThere: () => Promise<boolean> }): Node {
  const classes = join(given.libraries, '*');
  const folder = mkdtempSync(join(tmpdir(), 'atlas-kafka-'));
  const file = join(folder, 'server.properties');
  writeFileSync(file, Object.entries({ ...given.properties, 'log.dirs': join(folder, 'data') }).map(([name, value]) => `${name}=${value}`).join('\n'));
  const login = given.login ? ['--add-scram', `SCRAM-SHA-512=[name=${given.login.username},password=${given.login.password}]`] : [];
  const formatted = spawnSync('java', [...JVM, '-cp', classes, 'kafka.tools.StorageTool', 'format', '-t', given.cluster, '-c', file, ...login], { encoding: 'utf8' });
  if (formatted.status !== 0) throw new Error(`Kafka could not prepare its folder:\n${formatted.stdout}${formatted.stderr}`);
  let node: ChildProcess | undefined;
  const kill = () => new Promise<void>((resolve) => {
    if (!node || node.exitCode !== null || node.signalCode !== null) return resolve();
    node.once('exit', () => resolve());
    node.kill('SIGKILL');
  });
  const onExit = () => { node?.kill('SIGKILL'); rmSync(folder, { recursive: true, force: true }); };
  process.once('exit', onExit);
  return {
    kill,
    async start() {
      const printed: string[] = [];
      const started = spawn('java', [...JVM, '-cp', classes, 'kafka.Kafka', file], { stdio: ['ignore', 'pipe', 'pipe'] });
      node = started;
      for (const stream of [started.stdout, started.stderr]) stream.on('data', (text: Buffer) => { printed.push(String(text)); if (printed.length > 200) printed.shift(); });
      await eventually('Kafka to answer', () => {
        if (started.exitCode !== null) throw new Error(`Kafka stopped with ${started.exitCode}:\n${printed.join('')}`);
        return given.isThere();
      }, 60_000);
    },
    async stop() {
      process.off('exit', onExit);
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Broker and controller at once; every topic of its own as small as it can be. */
export const nodeOf = ({ id, controllers, replicas }: { id: number; controllers: readonly number[]; replicas: number }): Properties => ({
  'process.roles': 'broker,controller',
  'node.id': id,
  'controller.quorum.voters': controllers.map((port, at) => `${at + 1}@127.0.0.1:${port}`).join(','),
  'inter.broker.listener.name': 'OPEN',
  'controller.listener.names': 'CONTROLLER',
  'auto.create.topics.enable': false,
  'offsets.topic.num.partitions': 1,
  'offsets.topic.replication.factor': replicas,
  'transaction.state.log.num.partitions': 1,
  'transaction.state.log.replication.factor': replicas,
  'transaction.state.log.min.isr': 1,
  'share.coordinator.state.topic.num.partitions': 1,
  'share.coordinator.state.topic.replication.factor': replicas,
  'group.initial.rebalance.delay.ms': 0,
  'num.network.threads': 2,
  'num.io.threads': 2,
  'background.threads': 2,
});

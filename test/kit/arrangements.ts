/**
 * Atlas as its users meet it, in the two arrangements: everything in one process, and every service a process of its own
 * behind real HTTP. Both are started through the same command as `npm start`; mail is read from the folder it is written to.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AtlasClient } from '../../clients/typescript/client.ts';
import type { Part } from '../../platform/parts.ts';
import { SUBGRAPHS, type ServiceName, type SubgraphName } from '../../platform/service.ts';
import { freePort } from './free-port.ts';
import { freshDatabase, type TestDatabase } from './databases.ts';
import { eventually } from './eventually.ts';

const START = fileURLToPath(new URL('../../platform/start.mjs', import.meta.url));
/** A process that takes the question and says nothing is asked once more. */
const READY_MS = 10_000;

/** What a process is started as: a service, or one part of it. */
export type Word = ServiceName | `${SubgraphName}:${Part}`;
const serviceOf = (word: Word) => word.split(':')[0] as ServiceName;

export interface Running {
  url: string;
  /** The process that runs this service. */
  process(word: Word): ChildProcess;
  /** Starts it again, after a test has ended it. */
  restart(word: Word): Promise<void>;
  /** Runs another command beside it, over the same data, to its end; what it printed. */
  run(...words: string[]): Promise<string>;
  /** What of this form stands in the newest letter to this address that has it: a token. */
  tokenTo(address: string, form: RegExp): Promise<string>;
  /** Everything that was printed so far. */
  printed(): string;
  client(more?: Partial<ConstructorParameters<typeof AtlasClient>[0]>): AtlasClient;
  stop(): Promise<void>;
}

export const ARRANGEMENTS: Record<'in one process' | 'a process a service', readonly (readonly ServiceName[])[]> = {
  'in one process': [[...SUBGRAPHS, 'gateway']],
  'a process a service': [...SUBGRAPHS.map((name): ServiceName[] => [name]), ['gateway']],
};

/** What an arrangement's processes are going to stand on. */
export interface Started { database: Brought; ports: Record<ServiceName, number> }
type Brought = Pick<TestDatabase, 'url' | 'ownerUrl' | 'drop'>;

/** Over a fresh database of the test run, or over one that the test brings and may end. */
export async function startArrangement(groups: readonly (readonly Word[])[], given: Record<string, string> | ((at: Started) => Promise<Record<string, string>>) = {}, brought?: Brought): Promise<Running> {
  const database = brought ?? await freshDatabase();
  const data = mkdtempSync(join(tmpdir(), 'atlas journey '));
  const ports = Object.fromEntries(await Promise.all([...SUBGRAPHS, 'gateway' as const].map(async (name): Promise<[ServiceName, number]> => [name, await freePort()]))) as Record<ServiceName, number>;
  const env = typeof given === 'function' ? await given({ database, ports }) : given;
  const apart = groups.length > 1;
  const printed: string[] = [];
  const running = new Map<Word, ChildProcess>();

  const base = { PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl, ATLAS_DATA: data, PORT: String(ports.gateway), DRAIN_NOTICE_MS: '100', LOG_LEVEL: 'info', ...realSystems() };
  const startGroup = async (names: readonly Word[]) => {
    // Whoever only handles events is asked by nobody: it listens beside the one that answers.
    const aside = names.length === 1 && /:(consumers|jobs)$/.test(names[0]!) ? await freePort() : null;
    const own = aside ?? (names.includes('gateway') ? ports.gateway : ports[serviceOf(names[0]!)]);
    const child = spawn(process.execPath, [START, ...names], {
      env: {
        ...base,
        ...(apart && Object.fromEntries(SUBGRAPHS.flatMap((name) => [[`${name.toUpperCase()}_PORT`, String(ports[name])], [`${name.toUpperCase()}_URL`, `http://127.0.0.1:${ports[name]}/graphql`]]))),
        ...env,
        ...(aside && { [`${serviceOf(names[0]!).toUpperCase()}_PORT`]: String(aside) }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (text: Buffer) => printed.push(String(text)));
    child.stderr.on('data', (text: Buffer) => printed.push(String(text)));
    for (const name of names) running.set(name, child);
    await eventually(`${names.join(', ')} to be ready`, async () => {
      if (child.exitCode !== null) throw new Error(`${names.join(', ')} stopped with ${child.exitCode}:\n${printed.join('')}`);
      return fetch(`http://127.0.0.1:${own}/ready`, { signal: AbortSignal.timeout(READY_MS) }).then((response) => response.ok, () => false);
    }, 110_000);
  };
  const end = (child: ChildProcess) => new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });

  await Promise.all(groups.map(startGroup));
  const url = `http://127.0.0.1:${ports.gateway}/graphql`;
  return {
    url,
    process: (name) => running.get(name)!,
    run: (...words) => new Promise((resolve, reject) => {
      execFile(process.execPath, [START, ...words], { env: { ...base, ...env } }, (error, out) => { if (error) reject(error as Error); else resolve(out); });
    }),
    restart: (name) => startGroup(groups.find((group) => group.includes(name))!),
    tokenTo: (address, form) => eventually(`a letter to ${address} with ${form}`, () => newestToken(join(data, 'mail'), address, form)),
    printed: () => printed.join(''),
    client: (more = {}) => new AtlasClient({ url, ...more }),
    async stop() {
      await Promise.all([...new Set(running.values())].map(end));
      await database.drop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** The real systems that the run has (npm run test:real); what is of another arrangement on the same Kafka has other names. */
function realSystems(): Record<string, string> {
  const { KAFKA_BROKERS, REDIS_URL } = process.env;
  return { ...(KAFKA_BROKERS && { KAFKA_BROKERS, KAFKA_PREFIX: `t-${randomBytes(4).toString('hex')}`, KAFKA_PARTITIONS: '4' }), ...(REDIS_URL && { REDIS_URL }) };
}

function newestToken(folder: string, address: string, form: RegExp): string | null {
  if (!existsSync(folder)) return null;
  const letters = readdirSync(folder).filter((name) => name.endsWith('.eml')).sort().reverse().map((name) => readFileSync(join(folder, name), 'utf8'));
  const letter = letters.find((text) => text.includes(`\nTo: ${address}\n`) && form.test(text));
  return letter ? form.exec(letter)![0] : null;
}

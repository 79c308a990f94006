/**
 * The entry: starts the services you name, all of them when you name none. `npx atlas users tenants` here and
 * `npx atlas gateway` there are the same code as `npm start`.
 */
import { ALONE_HELP, ALONE_SETTINGS, readAloneOptions } from './platform/alone-options.ts';
import type { Bus } from './platform/bus/bus.ts';
import type { DeadLetters } from './platform/bus/dead-letters.ts';
import { COMMANDS_HELP, commandsOver } from './platform/commands/commands.ts';
import { readSettings, type Settings } from './platform/config.ts';
import { greeting } from './platform/greeting.ts';
import type { Host } from './platform/host.ts';
import { openLog, sentenceOf, type Log } from './platform/log.ts';
import { readStarts, type Parts } from './platform/parts.ts';
import { SUBGRAPHS, type Resources, type Service, type ServiceName, type SubgraphName } from './platform/service.ts';
import { startTracing } from './platform/telemetry/trace.ts';

type Start = (resources: Resources) => Promise<Service>;

/** Each service is loaded only when it is started. */
const START: Record<SubgraphName, () => Promise<{ start: Start }>> = {
  users: () => import('./subgraphs/users/index.ts'),
  tenants: () => import('./subgraphs/tenants/index.ts'),
  billing: () => import('./subgraphs/billing/index.ts'),
  collections: () => import('./subgraphs/collections/index.ts'),
  search: () => import('./subgraphs/search/index.ts'),
  ai: () => import('./subgraphs/ai/index.ts'),
};

const HELP = `atlas [service …]   start these services, all when none is named: ${readStarts([]).names.join(', ')};
                    tenants:api only answers, tenants:consumers only handles events,
                    tenants:jobs only runs jobs
atlas demo          make a tenant to look around in, and say how to sign in
${COMMANDS_HELP}${ALONE_HELP}atlas --help        this

Settings come from the environment; docs/running.md lists them.
`;

export interface Atlas {
  /** Where the gateway answers, when it runs here. */
  url: string | null;
  /** Where each listener of this process answers. */
  listening: Partial<Record<ServiceName, string>>;
  report: readonly { what: string; how: string }[];
  host: Host;
  bus: Bus;
  deadLetters: DeadLetters;
  services: ReadonlyMap<ServiceName, Service>;
  stop(): Promise<void>;
}

export async function startAtlas(given: { names: readonly ServiceName[]; parts?: Parts; settings: Settings; log: Log; say?: (line: string) => void; override?: Partial<Resources>; listen?: boolean }): Promise<Atlas> {
  const { names, settings, parts = new Map() as Parts } = given;
  // Loaded only when something is started: help and a refusal come at once.
  const [{ openStandIns }, { openHost }] = await Promise.all([import('./platform/embedded/stand-ins.ts'), import('./platform/host.ts')]);
  const standIns = await openStandIns(given);
  const services = new Map<ServiceName, Service>();
  const listening: Partial<Record<ServiceName, string>> = {};
  let host: Host | undefined;
  let gateway: Awaited<ReturnType<typeof import('./gateway/index.ts')['startGateway']>> | undefined;
  const stop = async () => {
    // At once: one notice and one time to finish is all that a balancer, and whoever stops us, knows of.
    await Promise.all([gateway?.stop(), host?.drain()]);
    await host?.stop();
    await standIns.close();
  };
  try {
    host = openHost({ starting: names, parts, shared: { ...standIns.shared, ...given.override } });
    for (const name of SUBGRAPHS.filter((each) => names.includes(each))) {
      const service = await (await START[name]()).start(host.resourcesFor(name));
      services.set(name, service);
      host.add(service);
      if (given.listen !== false && (!names.includes('gateway') || settings.portsSet.includes(name))) listening[name] = (await host.listen(name)).url;
    }
    if (names.includes('gateway')) {
      const { startGateway } = await import('./gateway/index.ts');
      gateway = await startGateway(host.resourcesFor('gateway'), (asked) => host!.readiness(asked));
      listening.gateway = gateway.url;
    }
    return { url: listening.gateway ?? null, listening, report: standIns.report, host, bus: standIns.shared.bus, deadLetters: standIns.shared.deadLetters, services, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export async function main(argv: readonly string[]): Promise<void> {
  try {
    if (argv.includes('--help') || argv.includes('-h')) return void process.stdout.write(HELP);
    const [first, ...words] = argv;
    if (first === 'gateway' && words[0]?.startsWith('-')) return await runAlone(words);
    const commands = commandsOver(startAtlas, (instead) => readSettings({ ...process.env, ...instead }));
    // The one that is called after a service, which may be started too.
    const name = first === 'billing' && words[0] === 'doctor' ? 'billing doctor' : first ?? '';
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command) return void process.stdout.write(await command(words));
    await run(readStarts(argv));
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`);
    process.exitCode = 1;
    process.exit();
  }
}

async function run({ names, parts }: { names: readonly ServiceName[]; parts: Parts }): Promise<void> {
  const since = performance.now();
  const settings = readSettings(process.env);
  const log = openLog({ level: settings.LOG_LEVEL, pretty: process.stdout.isTTY });
  const tracing = await startTracing({ endpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT, process: names.length === 1 ? names[0]! : 'atlas' });
  const atlas = await startAtlas({ names, parts, settings, log, say: (line) => process.stderr.write(`${line}\n`) });
  process.stdout.write(greeting(atlas, parts, settings, Math.round(performance.now() - since)));
  stopOnSignal(log, atlas, tracing);
}

/** The gateway over somebody else's supergraph: nothing of Atlas's own services is loaded. */
async function runAlone(words: readonly string[]): Promise<void> {
  const options = readAloneOptions(words);
  const settings = readSettings(process.env, { only: ALONE_SETTINGS, instead: options.settings });
  const { startAlone } = await import('./gateway/alone.ts');
  const log = openLog({ level: settings.LOG_LEVEL, pretty: process.stdout.isTTY });
  const tracing = settings.OTEL_EXPORTER_OTLP_ENDPOINT ? await startTracing({ endpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT, process: 'gateway' }) : null;
  const alone = await startAlone({ options, settings, log });
  const subgraphs = alone.subgraphs.map(({ name, url }) => `  ${name.padEnd(10)} ${url}`);
  process.stdout.write(`\nThe gateway is up over ${options.supergraph}.\n\n  ${'gateway'.padEnd(10)} ${alone.url}/graphql\n${subgraphs.join('\n')}\n\n`);
  stopOnSignal(log, alone, tracing);
}

function stopOnSignal(log: Log, started: { stop(): Promise<void> }, tracing: { stop(): Promise<void> } | null): void {
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'Stopping: what runs is finished first.');
    await started.stop();
    await tracing?.stop();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
}

/**
 * What one process holds for the services in it: a door to the database for each, the others within reach (in process
 * when they run here, by URL otherwise), and the listeners of those that must be reached from outside.
 */
import { askOver } from './ask.ts';
import type { Database, OpenDatabase } from './database/database.ts';
import type { Shared } from './embedded/stand-ins.ts';
import { graphRoute } from './graph-http.ts';
import { graphSocket } from './graph-socket.ts';
import { openWorking } from './jobs/working.ts';
import { loop, type Loop } from './loop.ts';
import { openHearing } from './outbox/hearing.ts';
import { answers, type Parts } from './parts.ts';
import { httpReach, type HttpReach } from './reach/http-reach.ts';
import { openLine, type Line } from './reach/line.ts';
import { localReach, type Reach } from './reach/reach.ts';
import { serve, type AskedReady, type Listener, type Readiness } from './serve.ts';
import { MAY_ASK, MAY_MISS, SUBGRAPHS, type Resources, type Service, type ServiceName, type SubgraphName } from './service.ts';
import { viewerSigner, viewerVerifier, type ViewerSigner } from './viewer-header.ts';

const RENEW_MS = 24 * 3_600_000;
const READY_MS = 2_000;

export interface Host {
  resourcesFor(name: ServiceName): Resources;
  /** A subgraph that now runs here. */
  add(service: Service): void;
  /** Makes a subgraph that runs here reachable from other processes. */
  listen(name: SubgraphName): Promise<Listener>;
  readiness(asked?: AskedReady): Promise<Readiness>;
  /** The listeners stop: nobody asks from outside any more. */
  drain(): Promise<void>;
  /** Listeners first, then services, then what they stood on. */
  stop(): Promise<void>;
}

export function openHost(given: { starting: readonly ServiceName[]; parts: Parts; shared: Shared }): Host {
  const { starting, parts, shared } = given;
  const { settings, log } = shared;
  refuseUnreachable(starting, parts, Object.keys(settings.urls));

  const services: Service[] = [];
  const listeners: Listener[] = [];
  const databases = new Map<ServiceName, Database>();
  const signers = new Map<ServiceName, ViewerSigner>();
  const loops: Loop[] = [];
  const elsewhere: HttpReach[] = [];
  /** One line a subgraph, whoever in this process asks it: what one asker learns about it, all know. */
  const lines = new Map<SubgraphName, Line>();
  const lineTo = (service: SubgraphName, url: string): Line => {
    const line = lines.get(service) ?? openLine({ service, url, settings, log });
    lines.set(service, line);
    return line;
  };

  const reachesOf = (asker: ServiceName): ReadonlyMap<SubgraphName, Reach> => new Map(MAY_ASK[asker].flatMap((name): [SubgraphName, Reach][] => {
    const url = settings.urls[name];
    const isHere = starting.includes(name) && answers(parts, name);
    if (!isHere && !url && MAY_MISS[asker]?.includes(name)) return [];
    if (isHere || !url) {
      return [[name, localReach(() => services.find((service) => service.name === name)!.graph)]];
    }
    const reached = httpReach({ service: name, url, line: lineTo(name, url), signer: () => signers.get(asker)! });
    elsewhere.push(reached);
    return [[name, reached]];
  }));

  const hearing = openHearing({ shared, parts, databaseOf: (service) => databases.get(service)! });
  const working = openWorking({ ground: shared.jobGround, settings, log, parts, databaseOf: (service) => databases.get(service)! });
  const openDatabase: OpenDatabase = async (wanted) => {
    const database = await shared.openDatabase(wanted);
    const signer = await viewerSigner(database);
    databases.set(wanted.service, database);
    signers.set(wanted.service, signer);
    loops.push(loop({ name: `viewer key ${wanted.service}`, everyMs: RENEW_MS, log, round: () => signer.renew() }));
    return database;
  };

  const readiness = async ({ alone }: AskedReady = { alone: false }): Promise<Readiness> => {
    const states = await Promise.all(services.map(async (service): Promise<[string, string]> => [service.name, await stateOf(service)]));
    // A neighbour that is away is said, and makes nobody unready: what it has no part in is still answered.
    const neighbours = await Promise.all(Object.entries(alone ? {} : settings.urls).filter(([name]) => !starting.includes(name as ServiceName))
      .map(async ([name, url]): Promise<[string, string]> => [name, await neighbourState(url)]));
    // Nor does a bus that does not travel, or a consumer that is behind: what is asked is answered.
    return { ready: states.every(([, state]) => state === 'ready'), detail: { ...Object.fromEntries([...states, ...neighbours]), ...await hearing.detail(), ...working.detail() } };
  };

  const drain = async (): Promise<void> => { await Promise.all(listeners.splice(0).map((listener) => listener.drain())); };

  return {
    drain,
    resourcesFor(name) {
      const reaches = reachesOf(name);
      return { ...shared, openDatabase, reaches, ask: askOver(name, reaches), events: hearing.eventsOf(name), jobs: working.queueOf(name) };
    },
    add: (service) => void services.push(service),
    async listen(name) {
      const service = services.find((one) => one.name === name)!;
      const verifier = viewerVerifier(databases.get(name)!);
      const listener = await serve({
        name, host: settings.HOST, port: settings.ports[name], drainMs: settings.DRAIN_MS, noticeMs: settings.DRAIN_NOTICE_MS, log, readiness,
        ...(answers(parts, name) ? { routes: { '/graphql': graphRoute(service.graph, verifier) }, upgrades: { '/graphql': graphSocket(service.graph, verifier) } } : { routes: {} }),
      });
      listeners.push(listener);
      return listener;
    },
    readiness,
    async stop() {
      await Promise.all([drain(), hearing.stop(), working.stop()]);
      for (const service of [...services].reverse()) await service.stop();
      for (const reached of elsewhere) reached.close();
      await Promise.all([...loops.map((each) => each.stop()), ...[...lines.values()].map((line) => line.close())]);
      await Promise.all([...databases.values()].map((database) => database.close()));
    },
  };
}

/** A service that neither answers here nor is reached at a URL: better no start than half of one. */
function refuseUnreachable(starting: readonly ServiceName[], parts: Parts, urls: readonly string[]): void {
  for (const asker of starting) {
    for (const name of MAY_ASK[asker]) {
      if ((starting.includes(name) && answers(parts, name)) || urls.includes(name) || MAY_MISS[asker]?.includes(name)) continue;
      const words = [...starting.filter((one) => one !== name), name].sort((a, b) => SUBGRAPHS.indexOf(a as never) - SUBGRAPHS.indexOf(b as never))
        .map((one) => (one !== name && parts.has(one) ? `${one}:${parts.get(one)}` : one));
      throw new Error(`The ${asker} service needs the ${name} service: start it here too (npx atlas ${words.join(' ')}), or say in ${name.toUpperCase()}_URL where it runs.`);
    }
  }
}

/** About itself alone: were it to ask its own neighbours, us among them, one question would never end and become more and more. */
const neighbourState = (url: string): Promise<string> =>
  fetch(new URL('/ready?alone', url), { signal: AbortSignal.timeout(READY_MS) }).then((response) => (response.ok ? 'ready' : 'not ready'), () => 'does not answer');

async function stateOf(service: Service): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => { timer = setTimeout(() => resolve('does not answer'), READY_MS); });
  const state = service.ready().then(() => 'ready', () => 'not ready');
  return Promise.race([state, late]).finally(() => clearTimeout(timer));
}

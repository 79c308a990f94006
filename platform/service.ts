/** A service is something that can be started: it answers a graph, tells and hears events, and can be stopped. */
import type { Ask } from './ask.ts';
import type { Bus } from './bus/bus.ts';
import type { Cache } from './cache.ts';
import type { Settings } from './config.ts';
import type { OpenDatabase } from './database/database.ts';
import type { Graph } from './graph.ts';
import type { Log } from './log.ts';
import type { Mail } from './mail.ts';
import type { ServiceName, SubgraphName } from './names.ts';
import type { Reach } from './reach/reach.ts';
import type { Secret } from './secret.ts';

export { MAY_ASK, SUBGRAPHS, type ServiceName, type SubgraphName } from './names.ts';

/** Everything a service is given; it reads no environment and opens no connection of its own. */
export interface Resources {
  settings: Settings;
  log: Log;
  openDatabase: OpenDatabase;
  /** Speaks to another service's graph, as the given viewer. */
  ask: Ask;
  /** The same neighbours, unwrapped: for the gateway, which passes answers on. */
  reaches: ReadonlyMap<SubgraphName, Reach>;
  bus: Bus;
  cache: Cache;
  mail: Mail;
  secret: Secret;
}

export interface Service {
  readonly name: ServiceName;
  readonly graph: Graph;
  /** Resolves when the service can answer; rejects with a sentence when it cannot. */
  ready(): Promise<void>;
  /** Makes what a newcomer looks around in; the same again each time. */
  demo?(given: unknown): Promise<unknown>;
  /** Stops loops first, then waits for what runs, then closes connections. */
  stop(): Promise<void>;
}

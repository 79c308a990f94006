/** A service is something that can be started: it answers a graph, tells and hears events, and can be stopped. */
import type { Ask, Reach } from './ask.ts';
import type { Bus } from './bus/bus.ts';
import type { Cache } from './cache.ts';
import type { Settings } from './config.ts';
import type { OpenDatabase } from './database/database.ts';
import type { Graph } from './graph.ts';
import type { Log } from './log.ts';
import type { Mail } from './mail.ts';
import type { Secret } from './secret.ts';

export const SUBGRAPHS = ['users', 'tenants'] as const;
export type SubgraphName = (typeof SUBGRAPHS)[number];
export type ServiceName = SubgraphName | 'gateway';

/** Which service may ask which, in the caller's name or its own. Data flows one way; the rules test holds the code to it. */
export const MAY_ASK: Record<ServiceName, readonly SubgraphName[]> = {
  gateway: ['users', 'tenants'],
  users: ['tenants'],
  tenants: [],
};

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
  /** Makes what `atlas demo` shows, once however often it is asked; what it takes and gives is between the two. */
  demo?(given: unknown): Promise<unknown>;
  /** Stops loops first, then waits for what runs, then closes connections. */
  stop(): Promise<void>;
}

/** A service is something that can be started: it answers a graph, tells and hears events, and can be stopped. */
import type { Ask } from './ask.ts';
import type { Handler, Position, Tail, Types } from './bus/bus.ts';
import type { Cache } from './cache.ts';
import type { Settings } from './config.ts';
import type { OpenDatabase } from './database/database.ts';
import type { Graph } from './graph.ts';
import type { JobQueue } from './jobs/working.ts';
import type { Log } from './log.ts';
import type { Loop } from './loop.ts';
import type { Mail } from './mail.ts';
import type { ServiceName, SubgraphName } from './names.ts';
import type { Objects } from './objects/objects.ts';
import type { Consumer } from './outbox/inbox.ts';
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
  events: Events;
  jobs: JobQueue;
  cache: Cache;
  mail: Mail;
  objects: Objects;
  secret: Secret;
}

/** One service's way to and from the bus. */
export interface Events {
  /** A work has told something. */
  told(): void;
  /** From now until the process stops; nothing where this process only answers. */
  listen(consumers: readonly Consumer[]): void;
  /** A task that one process does for all, such as forgetting what has expired: it runs where the consumers do. */
  sweep(task: { name: string; everyMs: number; round: () => Promise<boolean | void> }): Pick<Loop, 'nudge'>;
  tail(types: Types, handler: Handler, after?: Position, gone?: () => void): Tail;
}

/** What was found in one audit trail. `why` and `firstBroken` say where it is broken. */
export interface AuditFinding { trail: string; name: string; count: number; noted: string | null; why: string | null; firstBroken: string | null }

export interface Service {
  readonly name: ServiceName;
  readonly graph: Graph;
  /** Resolves when the service can answer; rejects with a sentence when it cannot. */
  ready(): Promise<void>;
  /** Makes what a newcomer looks around in; the same again each time. */
  demo?(given: unknown): Promise<unknown>;
  /** Goes through the audit trails, all or the one that is named; says of each what it found. For whoever runs Atlas. */
  audit?(trail: string | null, noted?: { seq: number; hash: string }): AsyncIterable<AuditFinding>;
  /** Stops loops first, then waits for what runs, then closes connections. */
  stop(): Promise<void>;
}

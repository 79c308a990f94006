/** A service is something that can be started: it answers a graph, tells and hears events, and can be stopped. */
import type { Ask } from './ask.ts';
import type { Handler, Position, Tail, Types } from './bus/bus.ts';
import type { Hear } from './bus/feed.ts';
import type { Cache } from './cache.ts';
import type { Settings } from './config.ts';
import type { OpenDatabase } from './database/database.ts';
import type { Graph } from './graph.ts';
import type { TenantId, UserId } from './ids.ts';
import type { JobQueue } from './jobs/working.ts';
import type { Log } from './log.ts';
import type { Loop } from './loop.ts';
import type { Mail } from './mail.ts';
import type { ServiceName, SubgraphName } from './names.ts';
import type { Objects } from './objects/objects.ts';
import type { Consumer } from './outbox/inbox.ts';
import type { Reach } from './reach/reach.ts';
import type { Secret } from './secret.ts';

export { MAY_ASK, MAY_MISS, SUBGRAPHS, type ServiceName, type SubgraphName } from './names.ts';

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
  /** What time it is, where a test may say otherwise: the end of a month cannot be waited for. */
  now(): Date;
}

/** One service's way to and from the bus. */
export interface Events {
  /** A work has told something. */
  told(): void;
  /** From now until the process stops; nothing where this process only answers. */
  listen(consumers: readonly Consumer[]): void;
  /** A task that one process does for all, such as forgetting what has expired: it runs where the consumers do. */
  sweep(task: { name: string; everyMs: number; round: () => Promise<boolean | void> }): Pick<Loop, 'nudge'>;
  /** For how long the oldest event waits that this consumer of the service has yet to handle, as of about a second ago; 0 when none does. */
  behindMs(consumer: string): Promise<number>;
  tail(types: Types, handler: Handler, after?: Position, gone?: () => void): Tail;
  /** Words that go with a commit and are kept by nobody: that there is more to read. `missed`: any may have been said meanwhile. */
  hear(channel: string, listener: Hear): () => void;
}

/** What was found in one audit trail. `why` and `firstBroken` say where it is broken. */
export interface AuditFinding { trail: string; name: string; count: number; noted: string | null; why: string | null; firstBroken: string | null }

/** Where what is known here differs from what a provider says. `mended`: null where nobody asked for it, false where a person has to. */
export interface Difference { about: string; what: string; mended: boolean | null }

export interface Service {
  readonly name: ServiceName;
  readonly graph: Graph;
  /** Resolves when the service can answer; rejects with a sentence when it cannot. */
  ready(): Promise<void>;
  /** Makes what a newcomer looks around in; the same again each time. */
  demo?(given: unknown): Promise<unknown>;
  /** A tenant by its slug, and one who owns it: for whoever runs Atlas. */
  ownerOf?(slug: string): Promise<{ tenantId: TenantId; userId: UserId } | null>;
  /** Goes through the audit trails, all or the one that is named; says of each what it found. For whoever runs Atlas. */
  audit?(trail: string | null, noted?: { seq: number; hash: string }): AsyncIterable<AuditFinding>;
  /** Compares what is known here with what a provider says, if there is one. For whoever runs Atlas. */
  compare?(mend: boolean): AsyncIterable<Difference>;
  /** Stops loops first, then waits for what runs, then closes connections. */
  stop(): Promise<void>;
}

/**
 * The port that events travel by, from the outboxes to whoever listens. Two ways to listen: a `group` shares the work
 * among all processes (each event reaches one of them, and once it is handled it is done), a `tail` sees everything in
 * every process (evictions, revocations, live change). Both see what is about one subject in the order it happened.
 * Delivery is at least once: what an event changes commits with its inbox row (consume.ts), so it happens once.
 */
import type { Envelope } from '../event.ts';

/** A place in the log of the bus that gave it. Only that bus can read it; anybody may keep it and come back with it. */
export type Position = string;
/** Resolves when the event is handled; one that rejects is handed the same event again, and holds up what is about the same subject. */
export type Handler = (event: Envelope, position: Position) => Promise<void>;
/** Event types (`users.user-registered`), or `*` for all. */
export type Types = readonly string[];

export interface Listening {
  /** Lets a running handler finish; none begins afterwards. */
  stop(): Promise<void>;
}

export interface Tail extends Listening {
  /** How far it has seen: what comes later can be followed from there. */
  place(): Position;
  /** Everything that was committed longer ago than this has been seen. Infinity while that cannot be said. */
  behindMs(): number;
}

/** How far behind a group is. */
export interface Lag { group: string; waiting: number; oldestMs: number }

export type From = { at: Date } | { position: Position } | 'start' | 'end';

export interface Bus {
  /** This service has told something: a hint, so that nobody waits for the next look at its outbox. */
  told(service: string): void;
  /** A group that is new begins with the oldest event that is kept. */
  group(name: string, types: Types, handler: Handler): Listening;
  /** Begins with what is told from now on, or after a position. When something after that is kept no longer, `gone` is called in place of the handler, and that was all. */
  tail(types: Types, handler: Handler, after?: Position, gone?: () => void): Tail;
  /** Every group that anybody has ever listened as, also those of other processes. */
  lag(): Promise<Lag[]>;
  /** Lets a group handle what is kept once more, from there on. What its inbox remembers has no second effect. Only `end` skips what it has yet to handle. */
  rewind(group: string, to: From): Promise<void>;
  /** Rejects with a sentence when events cannot travel at this moment. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

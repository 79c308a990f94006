/**
 * The port that events travel by. Two ways to listen: a `group` shares the work (each event reaches one member, once it
 * is handled it is done), a `tail` sees everything from now on in every process (evictions, revocations, live change).
 */
import type { Envelope } from '../event.ts';

export type Handler = (event: Envelope) => Promise<void>;

export interface Bus {
  /** Resolves when the bus has taken the events over; the relay deletes its rows only then. */
  publish(events: readonly Envelope[]): Promise<void>;
  /** Which event types (`users.user-registered`), or `*`, this group handles. Order holds within one subject. */
  group(name: string, types: readonly string[], handler: Handler): void;
  tail(types: readonly string[], handler: Handler): void;
  close(): Promise<void>;
}

/**
 * `consume`: something that happened, handled once in effect. The handler's one work (work.ts) also writes the inbox row,
 * so an event that is delivered again changes nothing, whatever died in between. `consumeOutside` is for an effect that
 * no transaction holds (a letter): it is done at least once, and the handler itself remembers with `firstTime`. Both are
 * handed today's version of the event, whichever was told.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { along } from '../along.ts';
import type { Envelope, EventType } from '../event.ts';

export interface Consumer {
  /** One group of listeners: unique within its service, and never renamed, for its place in the log goes by it. */
  name: string;
  types: readonly string[];
  handle(event: Envelope): Promise<void>;
  /** Who writes the inbox row. */
  marks: 'work' | 'itself';
  /** How many events it is handed at once, where it makes one work of several (together.ts); otherwise as many as the service has connections for. */
  atOnce?: number;
}

type Handle<Body> = (event: Envelope<Body>) => Promise<void>;
const consumer = <Body>(marks: Consumer['marks']) => (event: EventType<Body>, handle: Handle<Body>): Consumer =>
  ({ name: event.type, types: [event.type], handle: (told) => handle(event.read(told)), marks });

export const consume = <Body>(event: EventType<Body>, handle: Handle<Body>): Consumer => consumer<Body>('work')(event, handle);
export const consumeOutside = <Body>(event: EventType<Body>, handle: Handle<Body>): Consumer => consumer<Body>('itself')(event, handle);
/** Several events in one group: they are handled in the order in which they were told about one subject. */
export const consumeSeveralOutside = <Body>(name: string, events: readonly EventType<Body>[], handle: Handle<Body>): Consumer => {
  const known = new Map(events.map((event) => [event.type, event]));
  return { name, types: [...known.keys()], handle: (told) => handle(known.get(told.type)!.read(told)), marks: 'itself' };
};
/** An event of a service downstream, whose contract may not be imported here: whoever hears it reads it by themselves. */
export const consumeByName = (name: string, type: `${string}.${string}`, handle: Handle<unknown>): Consumer => ({ name, types: [type], handle, marks: 'work' });
/** Every event of every service, by its envelope alone. */
export const consumeAll = (name: string, handle: Handle<unknown>): Consumer => ({ name, types: ['*'], handle, marks: 'work' });
export const consumeAllOutside = (name: string, handle: Handle<unknown>): Consumer => ({ name, types: ['*'], handle, marks: 'itself' });

/** Part of a work: true when this consumer has not handled the event before, and from then on it has. */
export async function firstTime(em: EntityManager, service: string, consumerName: string, eventId: string): Promise<boolean> {
  const rows = await em.execute(
    `INSERT INTO ${service}.inbox (event_id, consumer) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING event_id`, [eventId, consumerName], 'all') as unknown[];
  return rows.length > 0;
}

interface Handling { consumer: string; eventId: string; worked: boolean }
const handling = along<Handling>();

/** Ends a work that has been done before; whoever delivered the event takes it for handled. */
class HandledBefore extends Error {}

/**
 * Part of every work: the inbox row of the event that is being handled, if one is. The effect does not wait for the answer,
 * which saves a round trip; that of an event which was handled before ends with the work, as does whatever it ran into.
 */
export async function markingHandled<T>(em: EntityManager, service: string, effect: () => Promise<T>): Promise<T> {
  const now = handling.get();
  if (!now) return effect();
  if (now.worked) throw new Error(`${now.consumer} handles an event in more than one work: what a crash between them leaves undone would never be done.`);
  now.worked = true;
  const [isFirst, done] = await Promise.allSettled([firstTime(em, service, now.consumer, now.eventId), effect()]);
  if (isFirst.status === 'rejected') throw isFirst.reason;
  if (!isFirst.value) throw new HandledBefore();
  if (done.status === 'rejected') throw done.reason;
  return done.value;
}

/** Hands one event to its consumer. Resolves when it has had its effect, now or before. */
export async function handleOnce({ name, marks, handle }: Consumer, event: Envelope): Promise<void> {
  if (marks === 'itself') return handle(event);
  await handling.run({ consumer: name, eventId: event.id, worked: false }, () => handle(event)).catch((error: unknown) => {
    if (!(error instanceof HandledBefore)) throw error;
  });
}

/**
 * `consume`: something that happened, handled once in effect. The inbox row commits with the effect, so an event that
 * is delivered again changes nothing. An effect outside the database (a mail) is done by `before`, at least once.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Bus } from '../bus/bus.ts';
import type { Envelope, EventType } from '../event.ts';
import { requestInfo, withRequest } from '../request.ts';
import { inSpan } from '../telemetry/trace.ts';

export interface Consumer<Body = never> {
  event: EventType<Body>;
  handle(event: Envelope<Body>): Promise<void>;
}

export const consume = <Body>(event: EventType<Body>, handle: (event: Envelope<Body>) => Promise<void>): Consumer<Body> => ({ event, handle });

/** Part of a work: true when this consumer has not handled the event before, and from then on it has. */
export async function firstTime(em: EntityManager, service: string, consumer: string, eventId: string): Promise<boolean> {
  const rows = await em.execute(
    `INSERT INTO ${service}.inbox (event_id, consumer) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING event_id`, [eventId, consumer], 'all') as unknown[];
  return rows.length > 0;
}

/** Puts the consumers of a service on the bus, each in the trace and under the request id of what it handles. */
export function listen(bus: Bus, service: string, consumers: readonly Consumer<any>[]): void {
  for (const { event, handle } of consumers) {
    bus.group(`${service}:${event.type}`, [event.type], (envelope) =>
      withRequest({ requestId: envelope.requestId ?? envelope.id, address: null, userAgent: null, idempotencyKey: null, tenantId: envelope.tenant, principal: requestInfo()?.principal ?? `system:${service}` }, () =>
        inSpan(`handle ${envelope.type}`, { kind: 'consumer', parent: envelope.traceparent, attributes: { 'atlas.service': service } }, () => handle(envelope))));
  }
}

/**
 * An event as it looks outside the database, in Kafka and in webhooks: a CloudEvent 1.0 in its JSON form. What the
 * standard has no name for stands in extensions (lower-case letters and digits, plain values, as it demands); `audit`
 * and `usage` are structures, and so they travel inside `data`, beside the body.
 */
import type { Envelope } from './event.ts';
import { isId, type TenantId } from './ids.ts';

export interface CloudEvent {
  specversion: '1.0';
  id: string;
  source: string;
  type: string;
  subject: string;
  time: string;
  datacontenttype: 'application/json';
  eventversion: number;
  subjectversion: number;
  tenantid?: string;
  actorkind: string;
  actorid: string;
  requestid?: string;
  traceparent?: string;
  data: { body: unknown; audit?: unknown; usage?: unknown };
}

export function toCloudEvent(event: Envelope): CloudEvent {
  const { id, type, version, subject, subjectVersion, tenant, at, actor, requestId, traceparent, body, audit, usage } = event;
  return {
    specversion: '1.0', id, source: `/atlas/${type.split('.')[0]}`, type, subject, time: at, datacontenttype: 'application/json',
    eventversion: version, subjectversion: subjectVersion,
    ...(tenant !== null && { tenantid: tenant }), actorkind: actor.kind, actorid: actor.id,
    ...(requestId !== null && { requestid: requestId }), ...(traceparent !== null && { traceparent }),
    data: { body, ...(audit && { audit }), ...(usage && { usage }) },
  };
}

/** Throws when the text is not one of ours: whatever else is in the topic is not taken for an event. */
export function fromCloudEvent(told: CloudEvent): Envelope {
  const { data } = told;
  if (told.specversion !== '1.0' || !isId('evt', told.id) || typeof told.type !== 'string' || typeof told.subject !== 'string' || typeof data !== 'object' || data === null) {
    throw new Error('This is not an event of Atlas.');
  }
  return {
    id: told.id, type: told.type, version: told.eventversion, subject: told.subject, subjectVersion: told.subjectversion,
    tenant: (told.tenantid as TenantId | undefined) ?? null, at: told.time,
    actor: { kind: told.actorkind as Envelope['actor']['kind'], id: told.actorid },
    requestId: told.requestid ?? null, traceparent: told.traceparent ?? null, body: data.body,
    ...(data.audit !== undefined && { audit: data.audit as NonNullable<Envelope['audit']> }),
    ...(data.usage !== undefined && { usage: data.usage as NonNullable<Envelope['usage']> }),
  };
}

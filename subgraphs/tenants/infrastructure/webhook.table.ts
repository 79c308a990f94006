import { ArrayType, EntitySchema } from '@mikro-orm/postgresql';
import { WebhookDelivery } from '../domain/webhook-delivery.ts';
import { Webhook } from '../domain/webhook.ts';

const at = { type: 'Date', columnType: 'timestamptz(3)' } as const;

export const WebhookTable = new EntitySchema<Webhook>({
  class: Webhook,
  tableName: 'webhook',
  properties: {
    id: { type: 'string', primary: true },
    tenantId: { type: 'string' },
    createdAt: at,
    format: { type: 'string' },
    url: { type: 'string' },
    eventTypes: { type: ArrayType },
    description: { type: 'string' },
    secret: { type: 'string' },
    formerSecret: { type: 'string', nullable: true },
    formerSecretUntil: { ...at, nullable: true },
    disabledAt: { ...at, nullable: true },
    disabledReason: { type: 'string', nullable: true },
    version: { type: 'integer', version: true },
  },
});

/** Without its payload, which is read when it is sent and at no other time. */
export const WebhookDeliveryTable = new EntitySchema<WebhookDelivery>({
  class: WebhookDelivery,
  tableName: 'webhook_delivery',
  properties: {
    id: { type: 'string', primary: true },
    tenantId: { type: 'string' },
    webhookId: { type: 'string' },
    eventId: { type: 'string' },
    eventType: { type: 'string' },
    createdAt: at,
    state: { type: 'string' },
    attempts: { type: 'integer' },
    tries: { type: 'integer' },
    responseCode: { type: 'integer', nullable: true },
    responseExcerpt: { type: 'string', nullable: true },
    failure: { type: 'string', nullable: true },
    durationMs: { type: 'integer', nullable: true },
    attemptedAt: { ...at, nullable: true },
    nextAttemptAt: { ...at, nullable: true },
    version: { type: 'integer', version: true },
  },
});

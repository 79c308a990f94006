/** What webhooks need of the world. */
import type { Envelope } from '../../../platform/event.ts';
import type { TenantId, WebhookDeliveryId, WebhookId } from '../../../platform/ids.ts';
import type { Ports, Span } from './ports.ts';
import type { DeliveryState, WebhookDelivery } from './webhook-delivery.ts';
import type { Answer, Health, Lane } from './webhook-sending.ts';
import type { Webhook, WebhookFormat } from './webhook.ts';

// Whoever locks more than one locks the webhook first, then its lane, then deliveries: so nobody waits in a ring.

export interface Webhooks {
  byIds(tenantId: TenantId, ids: readonly WebhookId[]): Promise<Webhook[]>;
  locked(tenantId: TenantId, id: WebhookId): Promise<Webhook | null>;
  enabled(tenantId: TenantId): Promise<Webhook[]>;
  count(tenantId: TenantId): Promise<number>;
  page(tenantId: TenantId, span: Span): Promise<Webhook[]>;
  /** With its lane. */
  add(webhook: Webhook): Promise<void>;
  /** With its lane and all its deliveries. */
  remove(webhook: Webhook): void;
}

export interface WebhookDeliveries {
  byIds(tenantId: TenantId, ids: readonly WebhookDeliveryId[]): Promise<WebhookDelivery[]>;
  locked(tenantId: TenantId, id: WebhookDeliveryId): Promise<WebhookDelivery | null>;
  page(tenantId: TenantId, webhookId: WebhookId, state: DeliveryState | null, span: Span): Promise<WebhookDelivery[]>;
  /** One a webhook, due now; what is there already stays as it is. */
  queue(tenantId: TenantId, webhookIds: readonly WebhookId[], message: Message): Promise<void>;
  /** What still waits is given up. */
  giveUp(tenantId: TenantId, webhookId: WebhookId, why: string): Promise<void>;
  attempted(id: WebhookDeliveryId, given: { answer: Answer; state: DeliveryState; waitMs: number | null }): Promise<void>;
}

export interface Message { eventId: string; eventType: string; payload: string }
/** A delivery whose time has come. */
export interface Due { id: WebhookDeliveryId; eventId: string; payload: string; tries: number }
export interface Taken { lease: string; due: Due[] }

/** Each webhook has a lane, which one process at a time serves. A lease that nobody gives back ends by itself. */
export interface WebhookLanes {
  /** Null when another serves it, or nothing is due any more. */
  take(tenantId: TenantId, webhookId: WebhookId, given: { leaseMs: number; max: number }): Promise<Taken | null>;
  succeeded(webhookId: WebhookId): Promise<void>;
  failed(webhookId: WebhookId): Promise<Health>;
  free(webhookId: WebhookId, given: { lease: string; pauseMs: number }): Promise<void>;
  /** Something is due now; a pause or a bad record no longer counts. */
  wake(webhookId: WebhookId): Promise<void>;
}

/** The lanes of all tenants that have something due, those that work before those that fail, and the longest unserved first. */
export type DueLanes = () => Promise<Lane[]>;

export interface WebhookPorts extends Ports { webhooks: Webhooks; webhookDeliveries: WebhookDeliveries; webhookLanes: WebhookLanes }

export interface Receivers {
  /** Whether addresses may begin with http://. */
  readonly http: boolean;
  /** Why nothing may be sent there, or null. A name that is not known yet may be known later. */
  refusal(url: URL): Promise<string | null>;
  post(to: { url: string; format: WebhookFormat; headers: Record<string, string>; payload: string }): Promise<Answer>;
}

export interface WebhookSecrets {
  /** The text is for the receiver, once; sealed it is kept. */
  fresh(tenantId: TenantId): { text: string; sealed: string };
  /** The headers of Standard Webhooks, with a signature by each of the secrets. */
  headers(message: { tenantId: TenantId; eventId: string; payload: string; sealed: readonly string[] }): Record<string, string>;
}

/** How an event is written to receivers. */
export type PayloadOf = (event: Envelope, format: WebhookFormat) => string;

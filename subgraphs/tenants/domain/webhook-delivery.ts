import { Aggregate } from '../../../platform/aggregate.ts';
import type { TenantId, WebhookDeliveryId, WebhookId } from '../../../platform/ids.ts';

export type DeliveryState = 'PENDING' | 'DELIVERED' | 'FAILED';

/** One event on its way to one webhook, and what the last attempt came to. It is made and attempted in plain SQL, many at once; only redelivery goes through here. */
export class WebhookDelivery extends Aggregate {
  readonly id!: WebhookDeliveryId;
  readonly tenantId!: TenantId;
  readonly webhookId!: WebhookId;
  /** What the receiver sees as `webhook-id`: the same at every attempt, so that it can tell a repetition. */
  readonly eventId!: string;
  readonly eventType!: string;
  readonly createdAt!: Date;
  state!: DeliveryState;
  attempts!: number;
  /** How many of the attempts are of the round that is on: a redelivery begins another. */
  tries!: number;
  responseCode!: number | null;
  responseExcerpt!: string | null;
  failure!: string | null;
  durationMs!: number | null;
  attemptedAt!: Date | null;
  nextAttemptAt!: Date | null;

  redeliver(): void {
    this.state = 'PENDING';
    this.tries = 0;
    this.nextAttemptAt = new Date();
  }
}

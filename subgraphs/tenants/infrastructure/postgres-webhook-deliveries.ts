import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { newId, type TenantId, type WebhookDeliveryId, type WebhookId } from '../../../platform/ids.ts';
import type { Span } from '../domain/ports.ts';
import { WebhookDelivery, type DeliveryState } from '../domain/webhook-delivery.ts';
import type { Message, WebhookDeliveries } from '../domain/webhook-ports.ts';
import type { Answer } from '../domain/webhook-sending.ts';

export class PostgresWebhookDeliveries implements WebhookDeliveries {
  constructor(private readonly em: EntityManager) {}
  byIds(tenantId: TenantId, ids: readonly WebhookDeliveryId[]): Promise<WebhookDelivery[]> {
    return this.em.find(WebhookDelivery, { tenantId, id: { $in: [...ids] } });
  }
  locked(tenantId: TenantId, id: WebhookDeliveryId): Promise<WebhookDelivery | null> {
    return this.em.findOne(WebhookDelivery, { tenantId, id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
  page(tenantId: TenantId, webhookId: WebhookId, state: DeliveryState | null, { first, after }: Span): Promise<WebhookDelivery[]> {
    const [id] = after ?? [];
    return this.em.find(WebhookDelivery, { tenantId, webhookId, ...(state && { state }), ...(id && { id: { $lt: id as WebhookDeliveryId } }) }, { orderBy: { id: 'DESC' }, limit: first + 1 });
  }
  async queue(tenantId: TenantId, webhookIds: readonly WebhookId[], { eventId, eventType, payload }: Message): Promise<void> {
    if (webhookIds.length === 0) return;
    // In one order, so that two events never wait for each other's lanes; and before the deliveries, which a lane that is given back counts.
    const lanes = await this.em.execute<{ id: WebhookId }[]>(
      `SELECT webhook_id AS id FROM tenants.webhook_lane WHERE tenant_id = ? AND webhook_id IN (${webhookIds.map(() => '?').join(', ')}) ORDER BY webhook_id FOR UPDATE`, [tenantId, ...webhookIds], 'all');
    if (lanes.length === 0) return;
    await this.em.execute(
      `INSERT INTO tenants.webhook_delivery (id, tenant_id, webhook_id, event_id, event_type, payload) VALUES ${lanes.map(() => '(?, ?, ?, ?, ?, ?)').join(', ')} ON CONFLICT DO NOTHING`,
      lanes.flatMap(({ id }) => [newId('whd'), tenantId, id, eventId, eventType, payload]), 'run');
    await this.em.execute(
      `UPDATE tenants.webhook_lane SET due_at = least(due_at, now()) WHERE tenant_id = ? AND webhook_id IN (${lanes.map(() => '?').join(', ')})`, [tenantId, ...lanes.map(({ id }) => id)], 'run');
  }
  async giveUp(tenantId: TenantId, webhookId: WebhookId, why: string): Promise<void> {
    await this.em.execute(
      `UPDATE tenants.webhook_delivery SET state = 'FAILED', version = version + 1, next_attempt_at = NULL, failure = coalesce(failure, ?) WHERE tenant_id = ? AND webhook_id = ? AND state = 'PENDING'`, [why, tenantId, webhookId], 'run');
  }
  async attempted(id: WebhookDeliveryId, { answer, state, waitMs }: { answer: Answer; state: DeliveryState; waitMs: number | null }): Promise<void> {
    const { code, excerpt, failure, durationMs } = answer;
    await this.em.execute(
      `UPDATE tenants.webhook_delivery SET state = ?, version = version + 1, attempts = attempts + 1, tries = tries + 1, response_code = ?, response_excerpt = ?, failure = ?, duration_ms = ?,
         attempted_at = now(), next_attempt_at = now() + ?::int * interval '1 millisecond' WHERE id = ?`,
      [state, code, excerpt, failure, durationMs, waitMs === null ? null : Math.round(waitMs), id], 'run');
  }
}

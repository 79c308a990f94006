import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../../../platform/database/database.ts';
import type { TenantId, WebhookId } from '../../../platform/ids.ts';
import type { Due, DueLanes, Taken, WebhookLanes } from '../domain/webhook-ports.ts';
import type { Health, Lane } from '../domain/webhook-sending.ts';

const LOOK_MAX = 500;
const FREE = `due_at <= now() AND (paused_until IS NULL OR paused_until <= now()) AND (leased_until IS NULL OR leased_until <= now())`;

/** Under the clock's role: which lanes of which tenants, and nothing of what is in them. */
export const postgresDueLanes = (database: Database): DueLanes => () => database.asClock((em) => em.execute<Lane[]>(
  `SELECT tenant_id AS "tenantId", webhook_id AS "webhookId", failures FROM tenants.webhook_lane WHERE ${FREE}
   ORDER BY failures >= 3, served_at NULLS FIRST LIMIT ${LOOK_MAX}`));

export class PostgresWebhookLanes implements WebhookLanes {
  constructor(private readonly em: EntityManager) {}
  async take(tenantId: TenantId, webhookId: WebhookId, { leaseMs, max }: { leaseMs: number; max: number }): Promise<Taken | null> {
    const lease = randomUUID();
    const taken = await this.em.execute<unknown[]>(
      `UPDATE tenants.webhook_lane SET lease = ?, leased_until = now() + ?::int * interval '1 millisecond' WHERE webhook_id IN (
         SELECT webhook_id FROM tenants.webhook_lane WHERE tenant_id = ? AND webhook_id = ? AND ${FREE} FOR UPDATE SKIP LOCKED) RETURNING webhook_id`,
      [lease, leaseMs, tenantId, webhookId], 'all');
    if (taken.length === 0) return null;
    const due = await this.em.execute<Due[]>(
      `SELECT id, event_id AS "eventId", payload, tries FROM tenants.webhook_delivery
       WHERE webhook_id = ? AND state = 'PENDING' AND next_attempt_at <= now() ORDER BY next_attempt_at, id LIMIT ?`, [webhookId, max], 'all');
    return { lease, due };
  }
  async succeeded(webhookId: WebhookId): Promise<void> {
    await this.em.execute('UPDATE tenants.webhook_lane SET failures = 0, failing_since = NULL, paused_until = NULL WHERE webhook_id = ?', [webhookId], 'run');
  }
  async failed(webhookId: WebhookId): Promise<Health> {
    // Plain SQL answers moments as text.
    const [health] = await this.em.execute<{ failures: number; failingSince: string }[]>(
      `UPDATE tenants.webhook_lane SET failures = failures + 1, failing_since = coalesce(failing_since, now()) WHERE webhook_id = ?
       RETURNING failures, failing_since AS "failingSince"`, [webhookId], 'all');
    return health ? { failures: health.failures, failingSince: new Date(health.failingSince) } : { failures: 0, failingSince: null };
  }
  async free(webhookId: WebhookId, { lease, pauseMs }: { lease: string; pauseMs: number }): Promise<void> {
    // Locked first and counted after: what is queued in between is either counted here or wakes the lane afterwards.
    const held = await this.em.execute<unknown[]>('SELECT 1 FROM tenants.webhook_lane WHERE webhook_id = ? AND lease = ? FOR UPDATE', [webhookId, lease], 'all');
    if (held.length === 0) return;
    await this.em.execute(
      `UPDATE tenants.webhook_lane SET lease = NULL, leased_until = NULL, served_at = now(), paused_until = now() + ?::int * interval '1 millisecond',
         due_at = (SELECT min(next_attempt_at) FROM tenants.webhook_delivery WHERE webhook_id = ? AND state = 'PENDING') WHERE webhook_id = ?`,
      [Math.round(pauseMs), webhookId, webhookId], 'run');
  }
  async wake(webhookId: WebhookId): Promise<void> {
    await this.em.execute('UPDATE tenants.webhook_lane SET due_at = now(), paused_until = NULL, failures = 0, failing_since = NULL WHERE webhook_id = ?', [webhookId], 'run');
  }
}

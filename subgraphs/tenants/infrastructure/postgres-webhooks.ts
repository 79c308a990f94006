import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import type { TenantId, WebhookId } from '../../../platform/ids.ts';
import type { Span } from '../domain/ports.ts';
import type { Webhooks } from '../domain/webhook-ports.ts';
import { Webhook } from '../domain/webhook.ts';

export class PostgresWebhooks implements Webhooks {
  constructor(private readonly em: EntityManager) {}
  byIds(tenantId: TenantId, ids: readonly WebhookId[]): Promise<Webhook[]> {
    return this.em.find(Webhook, { tenantId, id: { $in: [...ids] } });
  }
  locked(tenantId: TenantId, id: WebhookId): Promise<Webhook | null> {
    return this.em.findOne(Webhook, { tenantId, id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  }
  enabled(tenantId: TenantId): Promise<Webhook[]> {
    return this.em.find(Webhook, { tenantId, disabledAt: null });
  }
  count(tenantId: TenantId): Promise<number> {
    return this.em.count(Webhook, { tenantId });
  }
  page(tenantId: TenantId, { first, after }: Span): Promise<Webhook[]> {
    const [id] = after ?? [];
    return this.em.find(Webhook, { tenantId, ...(id && { id: { $lt: id as WebhookId } }) }, { orderBy: { id: 'DESC' }, limit: first + 1 });
  }
  async add(webhook: Webhook): Promise<void> {
    this.em.persist(webhook);
    await this.em.flush();
    await this.em.execute('INSERT INTO tenants.webhook_lane (webhook_id, tenant_id) VALUES (?, ?)', [webhook.id, webhook.tenantId], 'run');
  }
  remove(webhook: Webhook): void {
    this.em.remove(webhook);
  }
}

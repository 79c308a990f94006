import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import type { TenantId } from '../../../platform/ids.ts';
import type { Held, Subscriptions } from '../domain/ports.ts';
import { Subscription } from '../domain/subscription.ts';

export class PostgresSubscriptions implements Subscriptions {
  constructor(private readonly em: EntityManager) {}
  of(tenantId: TenantId): Promise<Subscription | null> {
    return this.em.findOne(Subscription, { tenantId });
  }
  byTenants(tenantIds: readonly TenantId[]): Promise<Subscription[]> {
    return this.em.find(Subscription, { tenantId: { $in: [...tenantIds] } });
  }
  locked(tenantId: TenantId): Promise<Subscription | null> {
    return this.em.findOne(Subscription, { tenantId }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
  shared(tenantId: TenantId): Promise<Subscription | null> {
    return this.em.findOne(Subscription, { tenantId }, { lockMode: LockMode.PESSIMISTIC_READ, refresh: true });
  }
  add(subscription: Subscription): void {
    this.em.persist(subscription);
  }
  async heldAt(tenantId: TenantId, at: Date): Promise<Held | null> {
    const [held] = await this.em.execute<Held[]>(
      `SELECT plan, plan_version AS "planVersion", currency, sandbox FROM billing.held WHERE tenant_id = ?
       ORDER BY since <= ?::timestamptz DESC, CASE WHEN since <= ?::timestamptz THEN since END DESC, since LIMIT 1`, [tenantId, at.toISOString(), at.toISOString()], 'all');
    return held ?? null;
  }
}

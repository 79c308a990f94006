import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import type { TenantId } from '../../../platform/ids.ts';
import type { Tenants } from '../domain/ports.ts';
import { Tenant } from '../domain/tenant.ts';

export class PostgresTenants implements Tenants {
  constructor(private readonly em: EntityManager) {}
  byIds(ids: readonly TenantId[]): Promise<Tenant[]> {
    return this.em.find(Tenant, { id: { $in: [...ids] } });
  }
  bySlug(slug: string): Promise<Tenant | null> {
    return this.em.findOne(Tenant, { slug });
  }
  locked(id: TenantId): Promise<Tenant | null> {
    return this.em.findOne(Tenant, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  }
  add(tenant: Tenant): void {
    this.em.persist(tenant);
  }
}

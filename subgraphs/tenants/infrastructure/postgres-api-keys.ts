import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import type { ApiKeyId, TenantId, UserId } from '../../../platform/ids.ts';
import { ApiKey } from '../domain/api-key.ts';
import type { ApiKeys, Span } from '../domain/ports.ts';

export class PostgresApiKeys implements ApiKeys {
  constructor(private readonly em: EntityManager) {}
  byIds(tenantId: TenantId, ids: readonly ApiKeyId[]): Promise<ApiKey[]> {
    return this.em.find(ApiKey, { tenantId, id: { $in: [...ids] } });
  }
  byHash(tenantId: TenantId, hash: string): Promise<ApiKey | null> {
    return this.em.findOne(ApiKey, { tenantId, $or: [{ hash }, { formerHash: hash }] });
  }
  locked(tenantId: TenantId, id: ApiKeyId): Promise<ApiKey | null> {
    return this.em.findOne(ApiKey, { tenantId, id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  }
  liveOf(tenantId: TenantId, createdBy: UserId): Promise<ApiKey[]> {
    return this.em.find(ApiKey, { tenantId, createdBy, revokedAt: null }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  }
  live(tenantId: TenantId): Promise<number> {
    return this.em.count(ApiKey, { tenantId, revokedAt: null });
  }
  page(tenantId: TenantId, { first, after }: Span): Promise<ApiKey[]> {
    const [id] = after ?? [];
    return this.em.find(ApiKey, { tenantId, ...(id && { id: { $lt: id as ApiKeyId } }) }, { orderBy: { id: 'DESC' }, limit: first + 1 });
  }
  add(key: ApiKey): void {
    this.em.persist(key);
  }
  /** Past the ORM, which would count it as a change and run into those who really change the key. */
  async used(tenantId: TenantId, uses: ReadonlyMap<ApiKeyId, Date>): Promise<void> {
    await this.em.execute(
      `UPDATE tenants.api_key k SET last_used_at = greatest(k.last_used_at, u.at)
       FROM unnest(?::text[], ?::timestamptz[]) AS u (id, at) WHERE k.tenant_id = ? AND k.id = u.id`,
      [arrayOf([...uses.keys()]), arrayOf([...uses.values()].map((at) => at.toISOString())), tenantId], 'run');
  }
}

/** An array as Postgres writes it. Ids and instants hold nothing that would need more than quotes. */
const arrayOf = (values: readonly string[]): string => `{${values.map((value) => `"${value}"`).join(',')}}`;

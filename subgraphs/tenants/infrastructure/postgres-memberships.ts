import type { EntityManager } from '@mikro-orm/postgresql';
import type { TenantId, UserId } from '../../../platform/ids.ts';
import { Membership } from '../domain/membership.ts';
import type { Memberships, Span } from '../domain/ports.ts';

/** Every question names its tenant or its person: row-level security lets both through, and they are not the same rows. */
export class PostgresMemberships implements Memberships {
  constructor(private readonly em: EntityManager) {}
  of(tenantId: TenantId, userId: UserId): Promise<Membership | null> {
    return this.em.findOne(Membership, { tenantId, userId });
  }
  among(tenantId: TenantId, userIds: readonly UserId[]): Promise<Membership[]> {
    return this.em.find(Membership, { tenantId, userId: { $in: [...userIds] } });
  }
  count(tenantId: TenantId): Promise<number> {
    return this.em.count(Membership, { tenantId });
  }
  owners(tenantId: TenantId): Promise<number> {
    return this.em.count(Membership, { tenantId, role: 'OWNER' });
  }
  async ownerIds(tenantId: TenantId): Promise<UserId[]> {
    return (await this.em.find(Membership, { tenantId, role: 'OWNER' }, { orderBy: { joinedAt: 'ASC' } })).map(({ userId }) => userId);
  }
  async managerIds(tenantId: TenantId): Promise<UserId[]> {
    return (await this.em.find(Membership, { tenantId, role: { $in: ['OWNER', 'ADMIN'] } }, { orderBy: { joinedAt: 'ASC' } })).map(({ userId }) => userId);
  }
  page(tenantId: TenantId, { first, after }: Span): Promise<Membership[]> {
    const [joinedAt, userId] = after ?? [];
    const beyond = after ? ' AND (joined_at, user_id) > (?, ?)' : '';
    return this.rows(`tenant_id = ?${beyond} ORDER BY joined_at, user_id LIMIT ?`, [tenantId, ...(after ? [joinedAt, userId] : []), first + 1]);
  }
  own(userId: UserId, { first, after }: Span): Promise<Membership[]> {
    return this.rows(`user_id = ?${after ? ' AND tenant_id > ?' : ''} ORDER BY tenant_id LIMIT ?`, [userId, ...(after ?? []), first + 1]);
  }
  ownIn(userId: UserId, tenantIds: readonly TenantId[]): Promise<Membership[]> {
    return this.em.find(Membership, { userId, tenantId: { $in: [...tenantIds] } });
  }
  add(membership: Membership): void {
    this.em.persist(membership);
  }
  remove(membership: Membership): void {
    this.em.remove(membership);
  }

  /** A comparison of rows, so that a page walks its index: the ORM would write it as ORs. */
  private async rows(where: string, values: unknown[]): Promise<Membership[]> {
    const rows = await this.em.execute<Record<string, unknown>[]>(`SELECT * FROM tenants.membership WHERE ${where}`, values);
    return rows.map((row) => this.em.map(Membership, row as never));
  }
}

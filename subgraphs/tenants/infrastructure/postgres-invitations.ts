import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import type { InvitationId, TenantId } from '../../../platform/ids.ts';
import { Invitation } from '../domain/invitation.ts';
import type { Invitations, Span } from '../domain/ports.ts';

const LOCK = { lockMode: LockMode.PESSIMISTIC_WRITE } as const;

export class PostgresInvitations implements Invitations {
  constructor(private readonly em: EntityManager) {}
  byIds(tenantId: TenantId, ids: readonly InvitationId[]): Promise<Invitation[]> {
    return this.em.find(Invitation, { tenantId, id: { $in: [...ids] } });
  }
  locked(tenantId: TenantId, id: InvitationId): Promise<Invitation | null> {
    return this.em.findOne(Invitation, { tenantId, id }, LOCK);
  }
  lockedByHash(tenantId: TenantId, tokenHash: string): Promise<Invitation | null> {
    return this.em.findOne(Invitation, { tenantId, tokenHash }, LOCK);
  }
  lockedTo(tenantId: TenantId, email: string): Promise<Invitation | null> {
    return this.em.findOne(Invitation, { tenantId, email, acceptedAt: null, revokedAt: null }, LOCK);
  }
  open(tenantId: TenantId): Promise<number> {
    return this.em.count(Invitation, { tenantId, acceptedAt: null, revokedAt: null });
  }
  page(tenantId: TenantId, { first, after }: Span): Promise<Invitation[]> {
    const [id] = after ?? [];
    return this.em.find(Invitation, { tenantId, revokedAt: null, ...(id && { id: { $lt: id as InvitationId } }) }, { orderBy: { id: 'DESC' }, limit: first + 1 });
  }
  add(invitation: Invitation): void {
    this.em.persist(invitation);
  }
}

/** That a person belongs to a tenant, as what and since when. What happens to it is told by its Tenant. */
import type { TenantId, UserId } from '../../../platform/ids.ts';
import type { Role } from './role.ts';

export class Membership {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  role: Role;
  readonly joinedAt: Date;

  constructor(given: { tenantId: TenantId; userId: UserId; role: Role; joinedAt: Date }) {
    this.tenantId = given.tenantId;
    this.userId = given.userId;
    this.role = given.role;
    this.joinedAt = given.joinedAt;
  }
}

/** What a use case hands back of it: a value, which stays what it was when the work was done. */
export interface Member { tenantId: TenantId; userId: UserId; role: Role; joinedAt: Date }
export const memberOf = ({ tenantId, userId, role, joinedAt }: Membership): Member => ({ tenantId, userId, role, joinedAt });

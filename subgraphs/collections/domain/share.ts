/** That somebody, or everyone in the tenant, has a part in a collection. What happens to it is told by its Collection. */
import type { CollectionId, TenantId, UserId } from '../../../platform/ids.ts';
import type { CollectionRole } from './role.ts';

/** All who are at least MEMBER in the tenant: guests see what is shared with themselves. */
export const EVERYONE = 'everyone';
export type Who = UserId | typeof EVERYONE;

export class Share {
  readonly tenantId: TenantId;
  readonly collectionId: CollectionId;
  readonly who: Who;
  role: CollectionRole;
  readonly addedAt: Date;

  constructor(given: { tenantId: TenantId; collectionId: CollectionId; who: Who; role: CollectionRole }) {
    this.tenantId = given.tenantId;
    this.collectionId = given.collectionId;
    this.who = given.who;
    this.role = given.role;
    this.addedAt = new Date();
  }
}

/** What a use case hands back of it: a value, which stays what it was when the work was done. */
export interface CollectionMember { who: Who; role: CollectionRole; addedAt: Date }
export const memberOf = ({ who, role, addedAt }: Share): CollectionMember => ({ who, role, addedAt });

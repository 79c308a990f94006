import type { TenantId, UserId } from '../../../platform/ids.ts';

/** A tenant, and whom a letter about it goes to. */
export interface Managed { name: string; sandbox: boolean; userIds: UserId[] }
export interface Managers {
  /** Null when there is no such tenant any more. */
  of(tenantId: TenantId): Promise<Managed | null>;
}

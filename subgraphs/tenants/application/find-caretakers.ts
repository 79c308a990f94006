import { isId, type UserId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';

export interface TenantManagers { name: string; sandbox: boolean; userIds: UserId[] }
export type FindManagers = ReturnType<typeof findManagers>;

/** Whom a letter about a tenant goes to: its owners and admins, as they are today. */
export const findManagers = (given: { look: Look<Ports> }) => async (viewer: Viewer, tenantId: string): Promise<TenantManagers | null> => {
  if (!isId('tnt', tenantId)) return null;
  return given.look({ ...viewer, tenantId }, async ({ tenants, memberships }) => {
    const [tenant] = await tenants.byIds([tenantId]);
    return tenant ? { name: tenant.name, sandbox: tenant.sandbox, userIds: await memberships.managerIds(tenantId) } : null;
  });
};

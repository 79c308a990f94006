import { isId, type TenantId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';
import { notFound, personOf, tenantOf } from './act-in-tenant.ts';
import { partWith } from './part-with-member.ts';

export type LeaveTenant = ReturnType<typeof leaveTenant>;

/** The tenant's row is locked, so that of two owners who leave at once the second finds itself the last. */
export const leaveTenant = (given: { work: Work<Ports> }) => (viewer: Viewer, input: { tenantId?: string | null }): Promise<{ tenantId: TenantId }> => {
  const tenantId = input.tenantId ?? tenantOf(viewer);
  if (!isId('tnt', tenantId)) throw notFound('tenantId');
  return given.work({ ...viewer, tenantId }, async (ports) => {
    const { tenants, memberships } = ports;
    const tenant = await tenants.locked(tenantId);
    const membership = await memberships.of(tenantId, personOf(viewer));
    if (!tenant || !membership) throw notFound('tenantId');
    tenant.leave(membership, await memberships.owners(tenantId));
    await partWith(membership, ports);
    return { tenantId };
  });
};

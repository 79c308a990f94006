import type { TenantId, UserId } from '../../../platform/ids.ts';
import type { Look } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';

interface Given { look: Look<Ports>; tenantBySlug(slug: string): Promise<TenantId | null> }

/** In whose name whoever runs Atlas does something in a tenant: the owner who has been there longest. */
export const ownerOf = ({ look, tenantBySlug }: Given) => async (slug: string): Promise<{ tenantId: TenantId; userId: UserId } | null> => {
  const tenantId = await tenantBySlug(slug);
  if (!tenantId) return null;
  const [userId] = await look({ kind: 'system', id: 'system:tenants', userId: null, tenantId }, ({ memberships }) => memberships.ownerIds(tenantId));
  return userId ? { tenantId, userId } : null;
};

import type { Membership } from '../domain/membership.ts';
import type { Ports } from '../domain/ports.ts';

/**
 * Part of the work in which somebody leaves or is removed: their keys end with them. A key without its creator opens
 * nothing anyway; revoked, it stays shut should the person ever come back.
 */
export async function partWith(membership: Membership, { memberships, apiKeys }: Pick<Ports, 'memberships' | 'apiKeys'>): Promise<void> {
  memberships.remove(membership);
  for (const key of await apiKeys.liveOf(membership.tenantId, membership.userId)) key.revoke();
}

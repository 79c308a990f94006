import { AtlasError } from '../../../platform/errors.ts';
import type { UserId } from '../../../platform/ids.ts';
import type { Memberships } from '../domain/ports.ts';

/** To how many tenants a person may belong: what is asked of all of them at once stays bounded. */
export const TENANTS_MAX = 100;

export async function refuseOneMoreTenant(memberships: Memberships, userId: UserId): Promise<void> {
  const own = await memberships.own(userId, { first: TENANTS_MAX, after: null });
  if (own.length >= TENANTS_MAX) throw new AtlasError('LIMIT_REACHED', `A person belongs to at most ${TENANTS_MAX} tenants.`);
}

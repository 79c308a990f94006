import { AtlasError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { ApiKey } from '../domain/api-key.ts';
import type { Ports } from '../domain/ports.ts';
import { atLeast, type Role } from '../domain/role.ts';
import { notFound, roleToday, tenantOf } from './act-in-tenant.ts';

/** Part of a work: the key, locked, for its creator or an ADMIN. For everybody else it is not there. */
export async function holdKey(viewer: Viewer, id: string, ports: Ports): Promise<{ key: ApiKey; role: Role }> {
  const key = isId('key', id) ? await ports.apiKeys.locked(tenantOf(viewer), id) : null;
  const role = await roleToday(viewer, ports);
  if (!key || role === null || !(atLeast(role, 'ADMIN') || key.createdBy === viewer.userId)) throw notFound('id');
  return { key, role };
}

/** A GUEST hands out no keys, be it one that was a MEMBER a moment ago. */
export function refuseBelowMember(role: Role | null): asserts role is Role {
  if (role === null || !atLeast(role, 'MEMBER')) throw new AtlasError('FORBIDDEN', 'This needs role MEMBER.', { missing: 'role MEMBER' });
}

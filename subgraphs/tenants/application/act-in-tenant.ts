/** In which tenant a caller acts, and as what at this moment: the viewer was made a moment ago, and a role may have gone since. */
import { AtlasError } from '../../../platform/errors.ts';
import type { TenantId, UserId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Ports } from '../domain/ports.ts';
import { roleOfScopes } from '../domain/scopes.ts';
import type { Role } from '../domain/role.ts';

export function tenantOf(viewer: Viewer): TenantId {
  if (viewer.tenantId === null) throw new AtlasError('TENANT_REQUIRED');
  return viewer.tenantId;
}

export function personOf(viewer: Viewer): UserId {
  if (viewer.userId === null) throw new AtlasError('FORBIDDEN', 'This needs a signed-in person.', { missing: 'a signed-in person' });
  return viewer.userId;
}

/** Part of a work in the viewer's tenant. A key is at most an ADMIN: no scope makes an owner. */
export async function roleToday(viewer: Viewer, { memberships }: Pick<Ports, 'memberships'>): Promise<Role | null> {
  if (viewer.kind === 'key') return roleOfScopes(viewer.scopes);
  if (viewer.userId === null || viewer.tenantId === null) return null;
  return (await memberships.of(viewer.tenantId, viewer.userId))?.role ?? null;
}

/** Unknown, foreign and misspelt ids sound the same. */
export const notFound = (...path: string[]): AtlasError => new AtlasError('NOT_FOUND', undefined, { path: ['input', ...path] });

/** What a caller may do in a collection. The database shows them only what they may see; this says what is missing for the rest. */
import { AtlasError } from '../../../platform/errors.ts';
import { isId, type CollectionId, type TenantId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Scope } from '../../../platform/work.ts';
import type { Collection } from '../domain/collection.ts';
import type { Ports } from '../domain/ports.ts';
import { atLeast, roleOf, scopeFor, type CollectionRole } from '../domain/role.ts';

export function tenantOf(viewer: Viewer): TenantId {
  if (viewer.tenantId === null) throw new AtlasError('TENANT_REQUIRED');
  return viewer.tenantId;
}

/** Unknown, foreign, unshared and misspelt ids sound the same. */
export const notFound = (...path: string[]): AtlasError => new AtlasError('NOT_FOUND', undefined, { path: ['input', ...path] });

/** Past the shares, for what a use case has decided by itself: a collection that is being made has nobody yet, and only its owner lists all who have a part. */
export const pastShares = (viewer: Viewer): Scope => ({ ...viewer, access: 'all' });

/** What the caller is in each of these; null where nothing is shared with them, whatever the database would show to this scope. */
export async function rolesIn(viewer: Viewer, ids: readonly CollectionId[], { shares }: Pick<Ports, 'shares'>): Promise<(id: CollectionId) => CollectionRole | null> {
  const own = await shares.own(ids, viewer.standsFor, viewer.role !== 'GUEST');
  return (id) => roleOf(viewer, own.filter((share) => share.collectionId === id).map(({ role }) => role));
}

export function refuseBelow(viewer: Viewer, role: CollectionRole, least: CollectionRole): void {
  if (atLeast(role, least)) return;
  const missing = viewer.kind === 'key' && !viewer.scopes.includes(scopeFor(least)) ? `scope ${scopeFor(least)}` : `collection role ${least}`;
  throw new AtlasError('FORBIDDEN', `This needs ${missing}.`, { missing });
}

/** Part of a work: the collection, locked, where the caller is at least this; `path` names the input that says which. */
export async function holdCollection(viewer: Viewer, id: string, least: CollectionRole, ports: Ports, path = 'id'): Promise<Collection> {
  const [seen] = isId('col', id) ? await ports.collections.byIds([id]) : [];
  if (!seen) throw notFound(path);
  const role = (await rolesIn(viewer, [seen.id], ports))(seen.id);
  if (role === null) throw notFound(path);
  refuseBelow(viewer, role, least);
  const held = await ports.collections.locked(seen.id);
  if (!held || held.deletedAt !== null) throw notFound(path);
  return held;
}

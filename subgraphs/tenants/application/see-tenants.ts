import type { TenantId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Ports, Span } from '../domain/ports.ts';
import type { Membership } from '../domain/membership.ts';
import { roleOfScopes } from '../domain/scopes.ts';
import { viewOf, type TenantView } from '../domain/tenant-view.ts';

export interface SeeTenants {
  /** Those of these that the viewer belongs to, each with the viewer's role in it. */
  byIds(viewer: Viewer, ids: readonly TenantId[]): Promise<TenantView[]>;
  /** The same by slug: one that the viewer does not belong to is not there. */
  bySlug(viewer: Viewer, slug: string): Promise<TenantView | null>;
  /** All of them, by id: up to `first + 1`. */
  own(viewer: Viewer, span: Span): Promise<TenantView[]>;
}

/** Looks and no glances: rights go by the role that is read here. */
export const seeTenants = (given: { look: Look<Ports> }): SeeTenants => ({
  byIds: (viewer, ids) => given.look(viewer, async (ports) => {
    if (viewer.userId !== null) return seenBy(await ports.memberships.ownIn(viewer.userId, ids), ports);
    return ids.includes(viewer.tenantId as TenantId) ? theOne(viewer, ports) : [];
  }),
  bySlug: (viewer, slug) => given.look(viewer, async (ports) => {
    const tenant = await ports.tenants.bySlug(slug);
    if (!tenant) return null;
    if (viewer.userId === null) return tenant.id === viewer.tenantId ? viewOf(tenant, roleWithoutPerson(viewer)) : null;
    const membership = await ports.memberships.of(tenant.id, viewer.userId);
    return membership && viewOf(tenant, membership.role);
  }),
  own: (viewer, span) => given.look(viewer, async (ports) => {
    if (viewer.userId !== null) return seenBy(await ports.memberships.own(viewer.userId, span), ports);
    return span.after ? [] : theOne(viewer, ports);
  }),
});

async function seenBy(memberships: readonly Membership[], { tenants }: Ports): Promise<TenantView[]> {
  const found = new Map((await tenants.byIds(memberships.map(({ tenantId }) => tenantId))).map((tenant) => [tenant.id, tenant]));
  return memberships.flatMap(({ tenantId, role }) => {
    const tenant = found.get(tenantId);
    return tenant ? [viewOf(tenant, role)] : [];
  });
}

async function theOne(viewer: Viewer, { tenants }: Ports): Promise<TenantView[]> {
  if (viewer.tenantId === null) return [];
  return (await tenants.byIds([viewer.tenantId])).map((tenant) => viewOf(tenant, roleWithoutPerson(viewer)));
}

/** A key amounts to what its scopes do; a service that asks in its own name to the least. Neither is what rights go by. */
const roleWithoutPerson = (viewer: Viewer) => (viewer.kind === 'key' ? roleOfScopes(viewer.scopes) : 'GUEST');

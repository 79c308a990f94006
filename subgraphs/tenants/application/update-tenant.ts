import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';
import { slugOf } from '../domain/slug.ts';
import type { Tenant } from '../domain/tenant.ts';
import { notFound, tenantOf } from './act-in-tenant.ts';

export interface UpdateTenantInput { name?: string | null; slug?: string | null }
export type UpdateTenant = ReturnType<typeof updateTenant>;

export const updateTenant = (given: { work: Work<Ports> }) => (viewer: Viewer, input: UpdateTenantInput): Promise<{ tenant: Tenant }> =>
  given.work(viewer, async ({ tenants }) => {
    const tenant = await tenants.locked(tenantOf(viewer));
    if (!tenant) throw notFound();
    // The slug it has may be one that was not reserved yet when it was taken.
    tenant.update({ name: input.name, slug: input.slug == null || input.slug === tenant.slug ? null : slugOf(input.slug) });
    return { tenant };
  });

import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';
import type { Tenant } from '../domain/tenant.ts';
import { notFound, tenantOf } from './act-in-tenant.ts';

export type SetFeature = ReturnType<typeof setFeature>;

export const setFeature = (given: { work: Work<Ports> }) => (viewer: Viewer, input: { name: string; enabled: boolean }): Promise<{ tenant: Tenant }> =>
  given.work(viewer, async ({ tenants }) => {
    const tenant = await tenants.locked(tenantOf(viewer));
    if (!tenant) throw notFound();
    tenant.setFeature(input.name, input.enabled);
    return { tenant };
  });

import { AtlasError } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';
import { slugFrom, slugOf } from '../domain/slug.ts';
import { Tenant } from '../domain/tenant.ts';
import { personOf } from './act-in-tenant.ts';
import { refuseOneMoreTenant } from './refuse-one-more-tenant.ts';

export interface CreateTenantInput { name: string; slug?: string | null; sandbox?: boolean | null }
export type CreateTenant = ReturnType<typeof createTenant>;

/** Whoever makes a tenant is its first owner. */
export const createTenant = (given: { work: Work<Ports> }) => async (viewer: Viewer, input: CreateTenantInput): Promise<{ tenant: Tenant }> => {
  const userId = personOf(viewer);
  const id = newId('tnt');
  const make = (slug: string) => given.work({ ...viewer, tenantId: id }, async ({ tenants, memberships }) => {
    await refuseOneMoreTenant(memberships, userId);
    const tenant = Tenant.found({ id, slug, name: input.name, sandbox: input.sandbox ?? false, by: userId });
    tenants.add(tenant);
    memberships.add(tenant.join(userId, 'OWNER'));
    return { tenant };
  });
  if (input.slug != null) return make(slugOf(input.slug));
  // Nobody chose this slug, so nobody is bothered when it is taken: the second try is unlike any other.
  return make(slugFrom(input.name, id)).catch((error: unknown) => {
    if (error instanceof AtlasError && error.code === 'SLUG_TAKEN') return make(slugFrom(input.name, id, true));
    throw error;
  });
};

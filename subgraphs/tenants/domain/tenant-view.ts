/** A tenant as somebody sees it: with what they are in it. */
import type { TenantId } from '../../../platform/ids.ts';
import type { Role } from './role.ts';
import type { Tenant } from './tenant.ts';

export interface TenantView {
  id: TenantId; slug: string; name: string; createdAt: Date; features: string[]; sandbox: boolean;
  viewerRole: Role;
}

export const viewOf = ({ id, slug, name, createdAt, features, planFeatures, sandbox }: Tenant, viewerRole: Role): TenantView =>
  ({ id, slug, name, createdAt, features: [...new Set([...features, ...planFeatures])].sort(), sandbox, viewerRole });

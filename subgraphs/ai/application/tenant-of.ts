import { AtlasError } from '../../../platform/errors.ts';
import type { TenantId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';

export function tenantOf({ tenantId }: Pick<Viewer, 'tenantId'>): TenantId {
  if (tenantId === null) throw new AtlasError('TENANT_REQUIRED');
  return tenantId;
}

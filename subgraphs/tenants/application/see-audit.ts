import { AtlasError } from '../../../platform/errors.ts';
import type { TenantId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { all, type Glance } from '../../../platform/work.ts';
import type { AuditEvent } from '../domain/audit-chain.ts';
import type { AuditFilter } from '../domain/audit-trails.ts';
import type { Ports, Span } from '../domain/ports.ts';

/** What happened in a tenant, which need not be the one that the viewer acts in. The policy has let the viewer in. */
export interface SeeAudit {
  page(viewer: Viewer, tenantId: TenantId, filter: AuditFilter, span: Span): Promise<AuditEvent[]>;
  byIds(viewer: Viewer, ids: readonly string[]): Promise<AuditEvent[]>;
}

export const seeAudit = ({ glance }: { glance: Glance<Ports> }): SeeAudit => ({
  page: async (viewer, tenantId, filter, span) => {
    if (isHeld(viewer)) throw new AtlasError('FORBIDDEN', 'A key that is held to collections reads no audit trail.', { missing: 'a key for all collections' });
    return glance({ ...viewer, tenantId }, ({ audit }) => audit.page(tenantId, filter, span));
  },
  byIds: async (viewer, ids) => (viewer.tenantId && !isHeld(viewer) ? glance(viewer, ({ audit }) => audit.byIds(viewer.tenantId!, ids), all(ids)) : []),
});

/** The trail says what all things of the tenant say, so whoever is held to a part of it reads none of it. */
const isHeld = ({ collectionIds }: Viewer): boolean => collectionIds !== null;

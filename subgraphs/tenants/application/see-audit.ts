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
  page: (viewer, tenantId, filter, span) => glance({ ...viewer, tenantId }, ({ audit }) => audit.page(tenantId, filter, span)),
  byIds: async (viewer, ids) => (viewer.tenantId ? glance(viewer, ({ audit }) => audit.byIds(viewer.tenantId!, ids), all(ids)) : []),
});

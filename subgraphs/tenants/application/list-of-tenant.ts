import type { ApiKeyId, InvitationId, TenantId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { all, type Glance } from '../../../platform/work.ts';
import type { ApiKey } from '../domain/api-key.ts';
import type { Invitation } from '../domain/invitation.ts';
import { memberOf, type Member } from '../domain/membership.ts';
import type { Ports, Span } from '../domain/ports.ts';

/** The lists of a tenant, which need not be the one that the viewer acts in. The policy has let the viewer in. */
export interface ListOfTenant {
  members(viewer: Viewer, tenantId: TenantId, span: Span): Promise<Member[]>;
  invitations(viewer: Viewer, tenantId: TenantId, span: Span): Promise<Invitation[]>;
  apiKeys(viewer: Viewer, tenantId: TenantId, span: Span): Promise<ApiKey[]>;
  invitationsById(viewer: Viewer, ids: readonly InvitationId[]): Promise<Invitation[]>;
  apiKeysById(viewer: Viewer, ids: readonly ApiKeyId[]): Promise<ApiKey[]>;
}

export const listOfTenant = ({ glance }: { glance: Glance<Ports> }): ListOfTenant => ({
  members: (viewer, tenantId, span) => glance({ ...viewer, tenantId }, async ({ memberships }) => (await memberships.page(tenantId, span)).map(memberOf)),
  invitations: (viewer, tenantId, span) => glance({ ...viewer, tenantId }, ({ invitations }) => invitations.page(tenantId, span)),
  apiKeys: (viewer, tenantId, span) => glance({ ...viewer, tenantId }, ({ apiKeys }) => apiKeys.page(tenantId, span)),
  invitationsById: async (viewer, ids) => (viewer.tenantId ? glance(viewer, ({ invitations }) => invitations.byIds(viewer.tenantId!, ids), all(ids)) : []),
  apiKeysById: async (viewer, ids) => (viewer.tenantId ? glance(viewer, ({ apiKeys }) => apiKeys.byIds(viewer.tenantId!, ids), all(ids)) : []),
});

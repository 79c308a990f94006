/** Who belongs to a tenant, the tenants service knows: it is asked in this service's own name, for one tenant and one person. */
import type { Ask } from '../../../platform/ask.ts';
import { systemViewer } from '../../../platform/viewer.ts';
import type { People } from '../domain/ports.ts';

const PRINCIPAL = 'query($userId: ID!, $tenant: String) { principalOfUser(userId: $userId, tenant: $tenant) { role } }';

export const askedPeople = (ask: Ask): People => ({
  async isMember(tenantId, userId) {
    const { principalOfUser } = await ask('tenants', { document: PRINCIPAL, variables: { userId, tenant: tenantId } }, systemViewer('collections', tenantId));
    return principalOfUser !== null;
  },
});

/** Who looks after a tenant is known by the tenants service. */
import type { Ask } from '../../../platform/ask.ts';
import { systemViewer } from '../../../platform/viewer.ts';
import type { Managed, Managers } from '../domain/caretakers.ts';

const MANAGERS = 'query Managers($tenantId: ID!) { managersOf(tenantId: $tenantId) { name sandbox userIds } }';

export const askedManagers = (ask: Ask): Managers => ({
  async of(tenantId) {
    const { managersOf } = (await ask('tenants', { document: MANAGERS, variables: { tenantId } }, systemViewer('users', tenantId))) as { managersOf?: Managed | null };
    return managersOf ?? null;
  },
});

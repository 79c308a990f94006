/** Who asked, as the tenants service knows them today: an answer may outlive the request that asked for it, and must not outlive the right to it. */
import type { Ask } from '../../../platform/ask.ts';
import { isId, type ApiKeyId, type TenantId, type UserId } from '../../../platform/ids.ts';
import { keyViewer, systemViewer, userViewer, type TenantRole, type Viewer } from '../../../platform/viewer.ts';

const PERSON = 'query($userId: ID!, $tenant: String) { principalOfUser(userId: $userId, tenant: $tenant) { role sandbox } }';
const KEY = 'query($tenantId: ID!, $keyId: ID!) { principalOfKeyById(tenantId: $tenantId, keyId: $keyId) { createdBy role scopes collectionIds sandbox } }';

interface Person { role: TenantRole; sandbox: boolean }
interface Key extends Person { createdBy: UserId; scopes: string[]; collectionIds: string[] | null }

export const askedPrincipals = (ask: Ask) => ({
  /** Null when they have no part in the tenant any more. */
  async today(id: string, tenantId: TenantId): Promise<Viewer | null> {
    const asWhom = systemViewer('ai', tenantId);
    if (isId('usr', id)) {
      const { principalOfUser } = await ask('tenants', { document: PERSON, variables: { userId: id, tenant: tenantId } }, asWhom);
      const found = principalOfUser as Person | null;
      return found && userViewer({ userId: id, sessionId: null, tenantId, role: found.role, sandbox: found.sandbox });
    }
    if (!isId('key', id)) return null;
    const { principalOfKeyById } = await ask('tenants', { document: KEY, variables: { tenantId, keyId: id } }, asWhom);
    const found = principalOfKeyById as Key | null;
    return found && keyViewer({ keyId: id as ApiKeyId, tenantId, ...found });
  },
});

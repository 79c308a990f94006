import type { ApiKeyId, TenantId } from '../../../platform/ids.ts';
import type { Scope, Work } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';

export interface KeyUses {
  note(tenantId: TenantId, keyId: ApiKeyId): void;
  flush(): Promise<void>;
}

const KEYS_MAX = 50_000;

/** When keys were last used, written now and then and not with every call: a crash forgets a minute of it, and no more. */
export function noteKeyUse({ work }: { work: Work<Ports> }): KeyUses {
  let noted = new Map<ApiKeyId, { tenantId: TenantId; at: Date }>();
  return {
    note(tenantId, keyId) {
      if (noted.size < KEYS_MAX || noted.has(keyId)) noted.set(keyId, { tenantId, at: new Date() });
    },
    async flush() {
      const taken = noted;
      noted = new Map();
      const byTenant = new Map<TenantId, Map<ApiKeyId, Date>>();
      for (const [keyId, { tenantId, at }] of taken) byTenant.set(tenantId, (byTenant.get(tenantId) ?? new Map<ApiKeyId, Date>()).set(keyId, at));
      for (const [tenantId, uses] of byTenant) {
        const scope: Scope = { kind: 'system', id: 'system:tenants', userId: null, tenantId };
        await work(scope, ({ apiKeys }) => apiKeys.used(tenantId, uses));
      }
    },
  };
}

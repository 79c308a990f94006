import { isId, type ApiKeyId, type TenantId, type UserId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { ApiKey } from '../domain/api-key.ts';
import type { Ports } from '../domain/ports.ts';
import { scopesWithin } from '../domain/scopes.ts';
import type { Role } from '../domain/role.ts';
import type { KeyUses } from './note-key-use.ts';

export interface UserPrincipal { tenantId: TenantId | null; role: Role | null; sandbox: boolean }
export interface KeyPrincipal { keyId: ApiKeyId; tenantId: TenantId; slug: string; createdBy: UserId; role: Role; scopes: string[]; collectionIds: string[] | null; allowedAddresses: string[] | null; trustedDocumentsOnly: boolean; sandbox: boolean; endsAt: Date | null }
export interface ResolvePrincipal {
  ofUser(viewer: Viewer, userId: string, tenant: string | null): Promise<UserPrincipal | null>;
  ofKey(viewer: Viewer, tenantId: string, hash: string): Promise<KeyPrincipal | null>;
  /** Without the key itself: for what it asked for and is done later. */
  ofKeyById(viewer: Viewer, tenantId: string, keyId: string): Promise<KeyPrincipal | null>;
}

/** Who a session or a key is today, for the gateway. Whatever does not hold is null, and never says why; what was taken back never holds, so nothing here is glanced at. */
export const resolvePrincipal = ({ look, uses }: { look: Look<Ports>; uses: KeyUses }): ResolvePrincipal => ({
  async ofUser(viewer, userId, named) {
    if (!isId('usr', userId)) return null;
    if (named === null) return { tenantId: null, role: null, sandbox: false };
    // As the person, who sees their own tenants and no others; a slug has no underscore, so it is never an id.
    return look({ ...viewer, userId, tenantId: null }, async ({ tenants, memberships }) => {
      const tenant = isId('tnt', named) ? (await tenants.byIds([named]))[0] : await tenants.bySlug(named);
      const membership = tenant && await memberships.of(tenant.id, userId);
      return membership ? { tenantId: tenant.id, role: membership.role, sandbox: tenant.sandbox } : null;
    });
  },

  async ofKey(viewer, tenantId, hash) {
    if (!isId('tnt', tenantId)) return null;
    const principal = await look({ ...viewer, tenantId }, async (ports) => {
      const key = await ports.apiKeys.byHash(tenantId, hash);
      return key?.admits(hash) ? standingOf(key, key.endsFor(hash), ports) : null;
    });
    if (principal) uses.note(tenantId, principal.keyId);
    return principal;
  },

  async ofKeyById(viewer, tenantId, keyId) {
    if (!isId('tnt', tenantId) || !isId('key', keyId)) return null;
    return look({ ...viewer, tenantId }, async (ports) => {
      const [key] = await ports.apiKeys.byIds(tenantId, [keyId]);
      return key?.admits(key.hash) ? standingOf(key, key.expiresAt, ports) : null;
    });
  },
});

async function standingOf(key: ApiKey, endsAt: Date | null, { tenants, memberships }: Ports): Promise<KeyPrincipal | null> {
  const { id: keyId, tenantId, createdBy, collectionIds, allowedAddresses, trustedDocumentsOnly } = key;
  const creator = await memberships.of(tenantId, createdBy);
  const [tenant] = await tenants.byIds([tenantId]);
  if (!creator || !tenant) return null;
  return { keyId, tenantId, slug: tenant.slug, createdBy, role: creator.role, scopes: scopesWithin(key.scopes, creator.role), collectionIds, allowedAddresses, trustedDocumentsOnly, sandbox: tenant.sandbox, endsAt };
}

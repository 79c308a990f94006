/**
 * Who asks. The gateway (or a service, for its own name) makes a viewer once and seals it; every service refuses a call
 * without a sealed one. In one process the sealed object itself passes; between processes it travels as a signed header
 * (viewer-header.ts). `seal` is the only way in, so an object that merely looks like a viewer is worth nothing.
 */
import type { Actor } from './event.ts';
import type { ApiKeyId, SessionId, TenantId, UserId } from './ids.ts';
import type { ServiceName } from './names.ts';

export const TENANT_ROLES = ['GUEST', 'MEMBER', 'ADMIN', 'OWNER'] as const;
export type TenantRole = (typeof TENANT_ROLES)[number];
export const reaches = (role: TenantRole | null, needed: TenantRole): boolean =>
  role !== null && TENANT_ROLES.indexOf(role) >= TENANT_ROLES.indexOf(needed);

export interface Viewer {
  readonly kind: 'anonymous' | 'user' | 'key' | 'system';
  /** `usr_…`, `key_…`, `system:<service>` or `anonymous`. */
  readonly id: string;
  /** The person, when a person asks. A key is not its creator. */
  readonly userId: UserId | null;
  /** Whose shares it sees by: the person themself, or the creator of a key, whom no key sees more than. */
  readonly standsFor: UserId | null;
  readonly sessionId: SessionId | null;
  readonly tenantId: TenantId | null;
  /** A person's role in the tenant. A key's is its creator's today: its scopes decide what it may do, this only what it is shown. */
  readonly role: TenantRole | null;
  /** What a key may do today: its scopes, less what its creator may no longer do. */
  readonly scopes: readonly string[];
  /** The collections a key is held to; null: all that its scopes reach. */
  readonly collectionIds: readonly string[] | null;
  /** Whether a key gets an answer to trusted documents only. */
  readonly trustedDocumentsOnly: boolean;
  /** True in a sandbox tenant: nothing is billed, no mail leaves. */
  readonly sandbox: boolean;
}

const sealed = new WeakSet<Viewer>();
function seal(viewer: Viewer): Viewer {
  const frozen = Object.freeze(viewer);
  sealed.add(frozen);
  return frozen;
}
export const isSealed = (viewer: unknown): viewer is Viewer => typeof viewer === 'object' && viewer !== null && sealed.has(viewer as Viewer);

const nobody = {
  userId: null, standsFor: null, sessionId: null, tenantId: null, role: null, scopes: [], collectionIds: null, trustedDocumentsOnly: false, sandbox: false,
} as const;

export const anonymous: Viewer = seal({ kind: 'anonymous', id: 'anonymous', ...nobody });

export const userViewer = (given: {
  userId: UserId; sessionId: SessionId | null; tenantId: TenantId | null; role: TenantRole | null; sandbox?: boolean;
}): Viewer => seal({ ...nobody, kind: 'user', id: given.userId, standsFor: given.userId, ...given, sandbox: given.sandbox ?? false });

export const keyViewer = (given: {
  keyId: ApiKeyId; tenantId: TenantId; createdBy?: UserId; role?: TenantRole; scopes: readonly string[]; collectionIds: readonly string[] | null; trustedDocumentsOnly?: boolean; sandbox: boolean;
}): Viewer => {
  const { keyId, createdBy, ...rest } = given;
  return seal({ ...nobody, kind: 'key', id: keyId, ...rest, standsFor: createdBy ?? null, role: rest.role ?? null, trustedDocumentsOnly: rest.trustedDocumentsOnly ?? false });
};

/** A service in its own name, for one tenant or for none. */
export const systemViewer = (service: ServiceName, tenantId: TenantId | null = null): Viewer =>
  seal({ ...nobody, kind: 'system', id: `system:${service}`, tenantId });

/** Only for viewer-header.ts, once the signature has been checked. */
export const sealVerified = (viewer: Viewer): Viewer => seal(viewer);

export const actorOf = (viewer: Pick<Viewer, 'kind' | 'id'>): Actor => ({ kind: viewer.kind, id: viewer.id });

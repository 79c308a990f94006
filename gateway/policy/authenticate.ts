/**
 * Who asks. A session's token is checked here by its signature and there (`principals.ts`) by whether its session still
 * lives; a key by its checksum here and by its hash there.
 */
import ipaddr from 'ipaddr.js';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { parseApiKey } from '../../platform/api-key.ts';
import { AtlasError } from '../../platform/errors.ts';
import type { ApiKeyId, SessionId, TenantId, UserId } from '../../platform/ids.ts';
import type { Resources } from '../../platform/service.ts';
import { anonymous, keyViewer, userViewer, type Viewer } from '../../platform/viewer.ts';
import { principals, type Principals } from './principals.ts';

export interface Credentials { authorization: string | null; tenant: string | null; address: string | null }
/** A key that is good, from where it may not be used: its tenant should know. */
export class ForeignPlace extends AtlasError {
  constructor(readonly key: { keyId: ApiKeyId; tenantId: TenantId }) {
    super('FORBIDDEN', 'This key may not be used from this address.', { missing: 'an allowed address' });
  }
}
export type Authenticate = (given: Credentials) => Promise<Viewer>;

const KEYS_MS = 10 * 60_000;
const KEYS_AGAIN_MS = 5_000;
const CREDENTIAL_MAX = 4_096;
/** A signature does not change: it is looked at once a minute, however often a stream asks whether its session still lives. */
const VERIFIED_MS = 60_000;
const VERIFIED_MAX = 10_000;

export function authenticator(given: Pick<Resources, 'ask' | 'cache' | 'events' | 'settings'>): Authenticate {
  const known = principals(given);
  const tokens = tokenVerifier(known.publishedKeys);
  return async ({ authorization, tenant, address }) => {
    if (!authorization) return anonymous;
    const [, credential] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
    if (!credential || credential.length > CREDENTIAL_MAX) throw new AtlasError('UNAUTHENTICATED', 'Send `Authorization: Bearer <access token or API key>`.');
    return credential.startsWith('atl_') ? partner(known, credential, tenant, address) : person(known, await tokens.verify(credential), tenant);
  };
}

async function person(known: Principals, { sub, sid }: JWTPayload, tenant: string | null): Promise<Viewer> {
  const [alive, member] = await Promise.all([known.sessionLives(sid as string), tenant ? known.memberOf(sub as string, tenant) : null]);
  if (!alive) throw new AtlasError('SESSION_ENDED');
  if (tenant && !member) throw new AtlasError('TENANT_NOT_FOUND');
  const { tenantId, role, sandbox } = member ?? { tenantId: null, role: null, sandbox: false };
  return userViewer({ userId: sub as UserId, sessionId: sid as SessionId, tenantId, role, sandbox });
}

async function partner(known: Principals, text: string, tenant: string | null, address: string | null): Promise<Viewer> {
  const wrong = new AtlasError('UNAUTHENTICATED', 'This API key is unknown, expired or revoked.');
  const key = parseApiKey(text);
  if (!key) throw wrong;
  const found = await known.keyOf(key);
  if (!found) throw wrong;
  if (!isAllowed(address, found.allowedAddresses)) throw new ForeignPlace(found);
  // A key is bound to its tenant; naming that tenant as well is harmless, naming another is a mistake.
  if (tenant && tenant !== found.tenantId && tenant !== found.slug) throw new AtlasError('TENANT_NOT_FOUND');
  const { keyId, tenantId, createdBy, role, scopes, collectionIds, trustedDocumentsOnly, sandbox } = found;
  return keyViewer({ keyId, tenantId, createdBy, role, scopes, collectionIds, trustedDocumentsOnly, sandbox });
}

/** Checks access tokens against the published keys, which are fetched anew when a token names one that is not known. */
function tokenVerifier(fetchKeys: () => Promise<JSONWebKeySet>): { verify(token: string): Promise<JWTPayload> } {
  let keys: { set: ReturnType<typeof createLocalJWKSet>; at: number } | undefined;
  let fetching: Promise<void> | undefined;
  const refresh = () => (fetching ??= fetchKeys()
    .then((set) => { keys = { set: createLocalJWKSet(set), at: Date.now() }; })
    .finally(() => { fetching = undefined; }));

  const verified = new LRUCache<string, JWTPayload>({ max: VERIFIED_MAX });
  const remember = (token: string, payload: JWTPayload): JWTPayload => {
    const leftMs = payload.exp! * 1_000 - Date.now();
    if (leftMs > 0) verified.set(token, payload, { ttl: Math.min(VERIFIED_MS, leftMs) });
    return payload;
  };

  const check = (token: string) => jwtVerify(token, keys!.set, {
    algorithms: ['EdDSA'], typ: 'at+jwt', issuer: 'atlas', audience: 'atlas', requiredClaims: ['exp', 'iat', 'sub', 'sid'],
  });
  return {
    async verify(token) {
      const known = verified.get(token);
      if (known) return known;
      if (!keys || Date.now() - keys.at > KEYS_MS) await refresh();
      const { payload } = await check(token).catch(async (error: { code?: string }) => {
        const unknownKey = error.code === 'ERR_JWKS_NO_MATCHING_KEY' && Date.now() - keys!.at > KEYS_AGAIN_MS;
        if (!unknownKey) throw refusal(error);
        await refresh();
        return check(token).catch((again: { code?: string }) => { throw refusal(again); });
      });
      return remember(token, payload);
    },
  };
}

const refusal = (cause: { code?: string }): AtlasError => cause.code === 'ERR_JWT_EXPIRED'
  ? new AtlasError('UNAUTHENTICATED', 'The access token has expired; get a new one with refreshSession.', { cause })
  : new AtlasError('UNAUTHENTICATED', 'The access token is not valid.', { cause });

function isAllowed(address: string | null, allowed: readonly string[] | null): boolean {
  if (!allowed || allowed.length === 0) return true;
  if (!address || !ipaddr.isValid(address)) return false;
  const asked = ipaddr.process(address);
  return allowed.some((entry) => {
    const [network, bits] = entry.includes('/') ? ipaddr.parseCIDR(entry) : [ipaddr.process(entry), undefined] as const;
    if (network.kind() !== asked.kind()) return false;
    return asked.match(network as never, bits ?? (network.kind() === 'ipv4' ? 32 : 128));
  });
}

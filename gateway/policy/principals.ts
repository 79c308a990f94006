/**
 * What the services that own sessions, members and keys know of a credential. It is remembered for less than a second, so
 * that a revocation is felt within one, and equal questions that arrive together are asked once.
 */
import { createHash } from 'node:crypto';
import type { JSONWebKeySet } from 'jose';
import type { ApiKeyId, TenantId } from '../../platform/ids.ts';
import type { Resources } from '../../platform/service.ts';
import { systemViewer, type TenantRole } from '../../platform/viewer.ts';

interface UserPrincipal { tenantId: TenantId | null; role: TenantRole | null; sandbox: boolean }
interface KeyPrincipal { keyId: ApiKeyId; tenantId: TenantId; slug: string; role: TenantRole; scopes: string[]; collectionIds: string[] | null; allowedAddresses: string[] | null; trustedDocumentsOnly: boolean; sandbox: boolean }
interface Found<T> { found: T | null }

export interface Principals {
  /** With which access tokens are signed. */
  publishedKeys(): Promise<JSONWebKeySet>;
  sessionLives(sessionId: string): Promise<boolean>;
  /** `tenant`: its id or slug. */
  memberOf(userId: string, tenant: string): Promise<Found<UserPrincipal>>;
  keyOf(key: { tenantId: string; hash: string }): Promise<Found<KeyPrincipal>>;
}

export function principals({ ask, cache, settings }: Pick<Resources, 'ask' | 'cache' | 'settings'>): Principals {
  const gateway = systemViewer('gateway');
  const remembered = rememberer(cache, settings.VIEWER_CACHE_MS);
  return {
    async publishedKeys() {
      const { jwks } = await ask('users', { document: '{ jwks }' }, gateway);
      return JSON.parse(jwks as string) as JSONWebKeySet;
    },
    sessionLives: (sessionId) => remembered(`session:${sessionId}`, async (): Promise<boolean> => {
      const { sessionState } = await ask('users', { document: 'query($id: ID!) { sessionState(sessionId: $id) { alive } }', variables: { id: sessionId } }, gateway);
      return (sessionState as { alive: boolean } | null)?.alive ?? false;
    }),
    memberOf: (userId, tenant) => remembered(`member:${userId}:${hashOf(tenant)}`, async (): Promise<Found<UserPrincipal>> => {
      const { principalOfUser } = await ask('tenants', {
        document: 'query($userId: ID!, $tenant: String) { principalOfUser(userId: $userId, tenant: $tenant) { tenantId role sandbox } }',
        variables: { userId, tenant },
      }, gateway);
      return { found: principalOfUser as UserPrincipal | null };
    }),
    keyOf: ({ tenantId, hash }) => remembered(`key:${tenantId}:${hash}`, async (): Promise<Found<KeyPrincipal>> => {
      const { principalOfKey } = await ask('tenants', {
        document: 'query($tenantId: ID!, $hash: String!) { principalOfKey(tenantId: $tenantId, hash: $hash) { keyId tenantId slug role scopes collectionIds allowedAddresses trustedDocumentsOnly sandbox } }',
        variables: { tenantId, hash },
      }, gateway);
      return { found: principalOfKey as KeyPrincipal | null };
    }),
  };
}

const isYes = (answer: unknown): boolean => answer === true || (answer as Found<unknown>).found != null;

/** From the cache, else asked once however many wait. */
function rememberer(cache: Resources['cache'], forMs: number): <T>(key: string, find: () => Promise<T>) => Promise<T> {
  const running = new Map<string, Promise<unknown>>();
  return async <T>(key: string, find: () => Promise<T>): Promise<T> => {
    const known = running.get(key) as Promise<T> | undefined;
    if (known) return known;
    const asked = (async () => {
      const since = Date.now();
      const text = await cache.get(key);
      if (text !== null) return JSON.parse(text) as T;
      const found = await find();
      // What was refused is asked again: whoever just joined or signed in is not kept waiting.
      // Its time began when it was asked: an answer that was long on its way is old when it comes.
      const leftMs = forMs - (Date.now() - since);
      if (isYes(found) && leftMs > 0) await cache.set(key, JSON.stringify(found), leftMs);
      return found;
    })();
    running.set(key, asked);
    return asked.finally(() => running.delete(key));
  };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

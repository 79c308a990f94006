/**
 * What the services that own sessions, members and keys know of a credential, remembered until the event log says that it
 * was taken back.
 */
import { createHash } from 'node:crypto';
import type { JSONWebKeySet } from 'jose';
import type { ApiKeyId, TenantId, UserId } from '../../platform/ids.ts';
import type { Resources } from '../../platform/service.ts';
import { systemViewer, type TenantRole } from '../../platform/viewer.ts';
import { openMemory } from './remember.ts';
import { keyMark, keysMark, memberMark, sessionMark, tenantMark } from './revoked.ts';

interface SessionState { alive: boolean; endsAt: string }
interface UserPrincipal { tenantId: TenantId | null; role: TenantRole | null; sandbox: boolean }
interface KeyPrincipal { keyId: ApiKeyId; tenantId: TenantId; slug: string; createdBy: UserId; role: TenantRole; scopes: string[]; collectionIds: string[] | null; allowedAddresses: string[] | null; trustedDocumentsOnly: boolean; sandbox: boolean; endsAt: string | null }

export interface Principals {
  /** With which access tokens are signed. */
  publishedKeys(): Promise<JSONWebKeySet>;
  sessionLives(sessionId: string): Promise<boolean>;
  /** `tenant`: its id or slug. */
  memberOf(userId: string, tenant: string): Promise<UserPrincipal | null>;
  keyOf(key: { tenantId: string; hash: string }): Promise<KeyPrincipal | null>;
}

export function principals(given: Pick<Resources, 'ask' | 'cache' | 'events' | 'settings'>): Principals {
  const { ask } = given;
  const gateway = systemViewer('gateway');
  const remembered = openMemory(given);
  return {
    async publishedKeys() {
      const { jwks } = await ask('users', { document: '{ jwks }' }, gateway);
      return JSON.parse(jwks as string) as JSONWebKeySet;
    },
    sessionLives: async (sessionId) => await remembered<true>(`session:${sessionId}`, async () => {
      const { sessionState } = await ask('users', { document: 'query($id: ID!) { sessionState(sessionId: $id) { alive endsAt } }', variables: { id: sessionId } }, gateway);
      const state = sessionState as SessionState | null;
      return state?.alive ? { value: true, about: [sessionMark(sessionId)], endsAt: state.endsAt } : null;
    }) ?? false,
    memberOf: (userId, tenant) => remembered(`member:${userId}:${hashOf(tenant)}`, async () => {
      const { principalOfUser } = await ask('tenants', {
        document: 'query($userId: ID!, $tenant: String) { principalOfUser(userId: $userId, tenant: $tenant) { tenantId role sandbox } }',
        variables: { userId, tenant },
      }, gateway);
      const value = principalOfUser as UserPrincipal | null;
      return value && { value, about: value.tenantId ? [memberMark(userId, value.tenantId), tenantMark(value.tenantId)] : [], endsAt: null };
    }),
    keyOf: ({ tenantId, hash }) => remembered(`key:${tenantId}:${hash}`, async () => {
      const { principalOfKey } = await ask('tenants', {
        document: 'query($tenantId: ID!, $hash: String!) { principalOfKey(tenantId: $tenantId, hash: $hash) { keyId tenantId slug createdBy role scopes collectionIds allowedAddresses trustedDocumentsOnly sandbox endsAt } }',
        variables: { tenantId, hash },
      }, gateway);
      const value = principalOfKey as KeyPrincipal | null;
      return value && { value, about: [keyMark(value.keyId), keysMark(value.tenantId)], endsAt: value.endsAt };
    }),
  };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/**
 * What `extensions.write` of an answer says: which events its writes told, sealed, so that whoever answers from what they
 * have heard (search) can wait until they have heard of them. It names events and no place in a log: it holds on any bus,
 * for any service, and whichever process hears them.
 */
import { AtlasError } from './errors.ts';
import type { TenantId } from './ids.ts';
import { requestInfo } from './request.ts';
import type { Secret } from './secret.ts';

export interface Told { id: string; type: string }

/** A request tells few things; one that tells more is waited for by its last. */
const TOLD_MAX = 20;
const PURPOSE = 'write token';

/** Part of every work that has committed, and of every answer of another process: the request that is being served has told these. */
export function noteTold(told: readonly Told[]): void {
  const info = requestInfo();
  if (info && told.length > 0) info.told = [...info.told ?? [], ...told.map(({ id, type }) => ({ id, type }))].slice(-TOLD_MAX);
}

interface Written { tenant: TenantId | null; at: number; told: [id: string, type: string][] }

export interface WriteTokens {
  seal(tenantId: TenantId | null, told: readonly Told[]): string;
  /** What was told, and when; throws WRITE_TOKEN_INVALID for what was not sealed here, or for somebody of another tenant. */
  open(token: string, tenantId: TenantId | null): { at: Date; told: Told[] };
}

export const writeTokens = (secret: Secret): WriteTokens => ({
  seal: (tenant, told) => secret.seal(PURPOSE, JSON.stringify({ tenant, at: Date.now(), told: told.map(({ id, type }) => [id, type]) } satisfies Written)),
  open(token, tenantId) {
    const opened = secret.open(PURPOSE, token);
    const written = opened === null ? null : JSON.parse(opened) as Written;
    if (!written || (written.tenant !== null && written.tenant !== tenantId)) throw new AtlasError('WRITE_TOKEN_INVALID');
    return { at: new Date(written.at), told: written.told.map(([id, type]) => ({ id, type })) };
  },
});

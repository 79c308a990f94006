/** What an API key looks like: `atl_live_…`, or `atl_test_…` in a sandbox tenant. tenants makes them, the gateway reads them. */
import type { TenantId } from './ids.ts';
import { makeTenantToken, parseTenantToken } from './tenant-token.ts';

export interface ApiKeyText { text: string; hash: string; prefix: string }

const KIND = { live: 'atl_live', test: 'atl_test' } as const;
/** How much of its secret a key shows in lists: enough to tell two keys apart. */
const SHOWN = 4;

export function makeApiKey(given: { tenantId: TenantId; sandbox: boolean; bytes?: Uint8Array }): ApiKeyText {
  const kind = given.sandbox ? KIND.test : KIND.live;
  const { token, hash } = makeTenantToken(kind, given.tenantId, given.bytes);
  const suffixLength = given.tenantId.length - 'tnt_'.length;
  return { text: token, hash, prefix: token.slice(0, kind.length + 1 + suffixLength + 1 + SHOWN) };
}

/** Null for whatever cannot be a key: a typing error is refused here, before any database is asked. */
export function parseApiKey(text: string): { tenantId: TenantId; sandbox: boolean; hash: string } | null {
  const token = parseTenantToken(text);
  if (token?.kind !== KIND.live && token?.kind !== KIND.test) return null;
  return { tenantId: token.tenantId, sandbox: token.kind === KIND.test, hash: token.hash };
}

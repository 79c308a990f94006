/** What `extensions.write` says after a write: the token that `search(atLeast:)` waits for. */
import { requestInfo } from '../../platform/request.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { WriteTokens } from '../../platform/write-token.ts';

/** Of the request that is being served, so far; nothing when it wrote nothing, or where nobody seals. */
export function writtenBy({ tenantId }: Viewer, writes: WriteTokens | undefined): { write?: string } {
  const told = requestInfo()?.told;
  return told && writes ? { write: writes.seal(tenantId, told) } : {};
}

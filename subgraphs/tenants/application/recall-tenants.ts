import type { TenantId } from '../../../platform/ids.ts';
import type { Work } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';

/** Those that nobody may have heard of, some at a time. */
export type ToRecall = () => Promise<TenantId[]>;

/** One round: each by itself. True when there may be more of them. */
export const recallTenants = ({ work, toRecall }: { work: Work<Ports>; toRecall: ToRecall }) => async (): Promise<boolean> => {
  const ids = await toRecall();
  for (const tenantId of ids) {
    await work({ kind: 'system', id: 'system:tenants', userId: null, tenantId }, async ({ tenants }) => (await tenants.locked(tenantId))?.recall());
  }
  return ids.length > 0;
};

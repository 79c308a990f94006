import type { Database } from '../../../platform/database/database.ts';
import { SYSTEM, type ChainName } from '../domain/audit-chain.ts';

/** Every tenant, and the system: also those whose trail has no head, which may have been taken away. */
export const listTrails = (database: Database): Promise<{ chain: ChainName; name: string }[]> => database.asAuditor(async (em) => {
  const known = await em.execute<{ chain: ChainName; slug: string | null }[]>(
    `SELECT coalesce(h.tenant_id, t.id) AS chain, t.slug FROM tenants.audit_head h FULL JOIN tenants.tenant t ON t.id = h.tenant_id ORDER BY 1`);
  const tenants = known.filter(({ chain }) => chain !== SYSTEM).map(({ chain, slug }) => ({ chain, name: slug ?? chain }));
  return [{ chain: SYSTEM, name: SYSTEM }, ...tenants];
});

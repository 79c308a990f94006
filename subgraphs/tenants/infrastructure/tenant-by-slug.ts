import type { Database } from '../../../platform/database/database.ts';
import type { TenantId } from '../../../platform/ids.ts';

/** Row-level security shows a tenant to those who belong to it; whoever runs Atlas names one to a machine that sees names and ids of all, and nothing else. */
export const tenantBySlug = (database: Database) => (slug: string): Promise<TenantId | null> => database.asAuditor(async (em) => {
  const [found] = await em.execute<{ id: TenantId }[]>('SELECT id FROM tenants.tenant WHERE slug = ?', [slug]);
  return found?.id ?? null;
});

import type { Database } from '../../../platform/database/database.ts';
import type { TenantId } from '../../../platform/ids.ts';
import type { PaidSubscriptions } from '../domain/provider-compare.ts';

/** Under the clock's role: which subscriptions of which tenants, and nothing of what they are. */
export const postgresPaidSubscriptions = (database: Database): PaidSubscriptions => () => database.asClock((em) =>
  em.execute<{ tenantId: TenantId; reference: string }[]>(`SELECT tenant_id AS "tenantId", reference FROM billing.subscription WHERE reference IS NOT NULL ORDER BY tenant_id`));

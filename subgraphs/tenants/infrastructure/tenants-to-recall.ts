import type { Database } from '../../../platform/database/database.ts';
import type { TenantId } from '../../../platform/ids.ts';

const LOOK_MAX = 200;

/** Under the clock's role: which, and nothing else of them. */
export const tenantsToRecall = (database: Database) => (): Promise<TenantId[]> => database.asClock(async (em) =>
  (await em.execute<{ id: TenantId }[]>(`SELECT id FROM tenants.tenant WHERE NOT recalled LIMIT ${LOOK_MAX}`)).map(({ id }) => id));

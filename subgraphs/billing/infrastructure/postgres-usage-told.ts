import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../../../platform/database/database.ts';
import { decimal } from '../../../platform/decimal.ts';
import type { TenantId } from '../../../platform/ids.ts';
import type { Payer, Payers, Telling, UsageTold } from '../domain/provider-usage.ts';

export class PostgresUsageTold implements UsageTold {
  constructor(private readonly em: EntityManager) {}

  async claim(tenantId: TenantId, { since, max }: { since: Date; max: number }): Promise<Telling[]> {
    // What somebody began to tell is told first, as it was; the provider takes whole numbers only.
    await this.em.execute(
      `INSERT INTO billing.provider_usage AS told (tenant_id, metric, day, telling)
         SELECT tenant_id, metric, at, trunc(sum(quantity)) FROM billing.usage_day WHERE tenant_id = ? AND at >= ? GROUP BY tenant_id, metric, at
       ON CONFLICT (tenant_id, metric, day) DO UPDATE SET telling = excluded.telling WHERE told.telling IS NULL AND told.told <> excluded.telling`, [tenantId, since.toISOString()], 'run');
    const rows = await this.em.execute<{ metric: string; day: string; round: number; told: string; telling: string }[]>(
      'SELECT metric, day, round, told::text, telling::text FROM billing.provider_usage WHERE tenant_id = ? AND telling IS NOT NULL ORDER BY day, metric LIMIT ?', [tenantId, max], 'all');
    return rows.map(({ metric, day, round, told, telling }) => ({ metric, day: new Date(day), round, from: decimal(told), to: decimal(telling) }));
  }

  async done(tenantId: TenantId, tellings: readonly Telling[]): Promise<void> {
    for (const { metric, day, round } of tellings) {
      await this.em.execute('UPDATE billing.provider_usage SET told = telling, telling = NULL, round = round + 1 WHERE tenant_id = ? AND metric = ? AND day = ? AND round = ?', [tenantId, metric, day.toISOString(), round], 'run');
    }
  }
}

/** Under the clock's role: who pays for which tenant, and nothing of what for. */
export const postgresPayers = (database: Database): Payers => () => database.asClock((em) =>
  em.execute<Payer[]>('SELECT tenant_id AS "tenantId", customer FROM billing.provider_customer ORDER BY tenant_id'));

import type { Database } from '../../../platform/database/database.ts';
import type { Rows } from '../../../platform/database/statement.ts';
import { decimal, type Decimal } from '../../../platform/decimal.ts';
import type { TenantId } from '../../../platform/ids.ts';
import { STORED, type Storage, type StorageDue, type StoredChange, type StoredDay } from '../domain/storage-days.ts';

const LOOK_MAX = 200;

export class PostgresStorage implements Storage {
  constructor(private readonly rows: Rows) {}

  async since(tenantId: TenantId, from: Date): Promise<{ now: Decimal; changes: StoredChange[] }> {
    const [level] = await this.rows<{ bytes: string }>({
      text: `SELECT coalesce(trim_scale(sum(quantity)), 0)::text AS bytes FROM billing.usage_level WHERE tenant_id = ? AND metric = '${STORED}'`, values: [tenantId],
    });
    const changes = await this.rows<{ at: string; bytes: string }>({
      text: `SELECT at, trim_scale(sum(quantity))::text AS bytes FROM billing.usage_hour WHERE tenant_id = ? AND at >= ?::timestamptz AND metric = '${STORED}' GROUP BY at ORDER BY at`,
      values: [tenantId, from.toISOString()],
    });
    return { now: decimal(level!.bytes), changes: changes.map(({ at, bytes }) => ({ at: new Date(at), bytes: decimal(bytes) })) };
  }

  async told(tenantId: TenantId, from: Date): Promise<StoredDay[]> {
    const rows = await this.rows<{ day: string; quantity: string }>({
      text: 'SELECT day, trim_scale(quantity)::text AS quantity FROM billing.storage_day WHERE tenant_id = ? AND day >= ?::timestamptz', values: [tenantId, from.toISOString()],
    });
    return rows.map(({ day, quantity }) => ({ day: new Date(day), quantity: decimal(quantity) }));
  }

  async note(tenantId: TenantId, days: readonly StoredDay[], again: Date): Promise<void> {
    await this.rows({
      text: `INSERT INTO billing.storage_day (tenant_id, day, quantity) SELECT ?, * FROM unnest(?::timestamptz[], ?::numeric[])
        ON CONFLICT (tenant_id, day) DO UPDATE SET quantity = excluded.quantity`,
      values: [tenantId, days.map(({ day }) => day.toISOString()), days.map(({ quantity }) => quantity)],
    });
    await this.rows({ text: 'UPDATE billing.storage_count SET due_at = ?::timestamptz WHERE tenant_id = ?', values: [again.toISOString(), tenantId] });
  }
}

/** Under the clock's role. */
export const postgresStorageDue = (database: Database): StorageDue => (now) => database.asClock(async (em) => {
  const rows = await em.execute<{ tenant_id: TenantId }[]>(`SELECT tenant_id FROM billing.storage_count WHERE due_at <= ? ORDER BY due_at LIMIT ${LOOK_MAX}`, [now.toISOString()]);
  return rows.map((row) => row.tenant_id);
});

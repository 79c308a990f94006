import type { Rows } from '../../../platform/database/statement.ts';
import type { TenantId } from '../../../platform/ids.ts';
import type { PlanLimits, PlanRoom, Standing } from '../domain/plan-limits.ts';

const numberOr = (value: string | null): number | null => (value === null ? null : Number(value));

export class PostgresPlanRoom implements PlanRoom {
  constructor(private readonly rows: Rows) {}

  async keep(tenantId: TenantId, version: number, { collections, items, storageBytes }: PlanLimits): Promise<void> {
    await this.rows({
      text: `INSERT INTO collections.plan_limit AS l (tenant_id, version, collections, items, storage_bytes) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (tenant_id) DO UPDATE SET version = excluded.version, collections = excluded.collections, items = excluded.items, storage_bytes = excluded.storage_bytes WHERE l.version < excluded.version`,
      values: [tenantId, version, collections, items, storageBytes],
    });
  }

  async standing(tenantId: TenantId): Promise<Standing> {
    const [row] = await this.rows<Record<'collections' | 'limit' | 'storage', string | null> & Record<'items' | 'bytes', string>>({
      name: 'room in the plan',
      text: `SELECT l.collections, l.items AS limit, l.storage_bytes AS storage, coalesce(t.items, 0) AS items, coalesce(t.bytes, 0) AS bytes
        FROM (SELECT sum(items) AS items, sum(bytes) AS bytes FROM collections.tenant_tally WHERE tenant_id = ?) AS t LEFT JOIN collections.plan_limit l ON l.tenant_id = ?`,
      values: [tenantId, tenantId],
    });
    const { collections, limit, storage, items, bytes } = row!;
    return { limits: { collections: numberOr(collections), items: numberOr(limit), storageBytes: numberOr(storage) }, items: Number(items), bytes: Number(bytes) };
  }
}

import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../../../platform/database/database.ts';
import type { ProviderTaskId, TenantId } from '../../../platform/ids.ts';
import type { Due, ProviderTasks } from '../domain/ports.ts';
import type { ProviderTask, Wish } from '../domain/provider-task.ts';

const LOOK_MAX = 200;
const FREE = '(leased_until IS NULL OR leased_until <= clock_timestamp())';
type Row = Omit<ProviderTask, 'dueAt'> & { dueAt: string };

export class PostgresProviderTasks implements ProviderTasks {
  constructor(private readonly em: EntityManager) {}
  async add({ id, tenantId, reference, wish, dueAt }: ProviderTask): Promise<void> {
    await this.em.execute('INSERT INTO billing.provider_task (id, tenant_id, reference, wish, due_at) VALUES (?, ?, ?, ?::jsonb, ?)',
      [id, tenantId, reference, JSON.stringify(wish), dueAt.toISOString()], 'run');
  }
  async take(tenantId: TenantId, now: Date, seconds: number): Promise<ProviderTask | null> {
    // What was wanted first is done first, be it not due yet; looking again later stands in nobody's way.
    const [row] = await this.em.execute<Row[]>(
      `UPDATE billing.provider_task SET leased_until = clock_timestamp() + make_interval(secs => ?) WHERE id = (
         SELECT id FROM billing.provider_task WHERE tenant_id = ? AND done_at IS NULL AND (wish ->> 'kind' <> 'LOOK' OR due_at <= ?) ORDER BY id LIMIT 1 FOR UPDATE)
         AND due_at <= ? AND ${FREE} RETURNING id, tenant_id AS "tenantId", reference, wish, due_at AS "dueAt", tries`, [seconds, tenantId, now.toISOString(), now.toISOString()], 'all');
    return row ? { ...row, dueAt: new Date(row.dueAt) } : null;
  }
  async done(id: ProviderTaskId): Promise<void> {
    await this.em.execute('UPDATE billing.provider_task SET done_at = clock_timestamp(), leased_until = NULL, fault = NULL WHERE id = ?', [id], 'run');
  }
  async again(id: ProviderTaskId, dueAt: Date, fault: string): Promise<void> {
    await this.em.execute('UPDATE billing.provider_task SET due_at = ?, tries = tries + 1, leased_until = NULL, fault = ? WHERE id = ?', [dueAt.toISOString(), fault, id], 'run');
  }
  async waiting(tenantId: TenantId): Promise<Wish['kind'][]> {
    const rows = await this.em.execute<{ kind: Wish['kind'] }[]>(`SELECT DISTINCT wish ->> 'kind' AS kind FROM billing.provider_task WHERE tenant_id = ? AND done_at IS NULL`, [tenantId], 'all');
    return rows.map(({ kind }) => kind);
  }
}

/** Under the clock's role: which tenants, and nothing of what they have bought. */
export const postgresDue = (database: Database): Due => {
  const tenants = (sql: string) => (now: Date): Promise<TenantId[]> =>
    database.asClock(async (em) => (await em.execute<{ tenantId: TenantId }[]>(`${sql} LIMIT ${LOOK_MAX}`, [now.toISOString()])).map(({ tenantId }) => tenantId));
  return {
    periods: tenants('SELECT tenant_id AS "tenantId" FROM billing.subscription WHERE period_to <= ? ORDER BY period_to'),
    tasks: tenants(`SELECT DISTINCT tenant_id AS "tenantId" FROM billing.provider_task WHERE done_at IS NULL AND due_at <= ? AND ${FREE}`),
  };
};

const FORGET_MAX = 1_000;
/** What was done long ago, of all tenants: the policy of the purge says which. True when there may be more of it. */
export const forgetOldTasks = (database: Database): Promise<boolean> => database.asPurge(async (em) => {
  const gone = await em.execute<unknown[]>(`DELETE FROM billing.provider_task WHERE id IN (SELECT id FROM billing.provider_task WHERE done_at < now() - interval '30 days' LIMIT ${FORGET_MAX}) RETURNING id`);
  return gone.length === FORGET_MAX;
});

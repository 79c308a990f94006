import type { Database } from '../../../platform/database/database.ts';
import type { Ground } from '../../../platform/database/statement.ts';
import { decimal, ZERO, type Decimal } from '../../../platform/decimal.ts';
import type { TenantId } from '../../../platform/ids.ts';
import { BudgetAccount, type Lease } from '../domain/account.ts';
import { placesOf, type BudgetId } from '../domain/budget.ts';
import type { AccountKey, BudgetAccounts, Held, TenantsWithExpired } from '../domain/meter-ports.ts';

interface PeriodRow { budget_id: string; period_from: string; spent: string; leased: string; told: number }
interface LeaseRow { budget_id: string; period_from: string; holder: string; granted: string; metered: string; expires_at: string }

const KEYS = 'unnest(?::text[], ?::timestamptz[]) AS k (budget_id, period_from)';
const placeOf = (budgetId: string, from: Date): string => `${budgetId} ${from.getTime()}`;
const placeIn = (row: { budget_id: string; period_from: string }): string => placeOf(row.budget_id, new Date(row.period_from));

export class PostgresBudgetAccounts implements BudgetAccounts {
  constructor(private readonly on: Ground) {}

  async held(keys: readonly AccountKey[], holders: readonly string[] | null): Promise<Held[]> {
    if (keys.length === 0) return [];
    const values = [keys.map(({ budget }) => budget.id), keys.map(({ from }) => from.toISOString())];
    // One behind the other on one connection: the leases are read once the rows are ours. A budget that has just been deleted has none.
    const [, periods, leases] = await Promise.all([
      this.on.rows({
        name: 'open budget periods', values,
        text: `INSERT INTO billing.budget_period (budget_id, period_from, tenant_id)
          SELECT b.id, k.period_from, b.tenant_id FROM ${KEYS} JOIN billing.budget b ON b.id = k.budget_id ORDER BY 1, 2 FOR KEY SHARE OF b ON CONFLICT DO NOTHING`,
      }),
      this.on.rows<PeriodRow>({
        name: 'hold budget periods', values,
        text: `SELECT p.budget_id, p.period_from, trim_scale(p.spent)::text AS spent, trim_scale(p.leased)::text AS leased, p.told
          FROM ${KEYS} JOIN billing.budget_period p USING (budget_id, period_from) ORDER BY 1, 2 FOR UPDATE OF p`,
      }),
      this.on.rows<LeaseRow>({
        name: `leases of ${holders ? 'holders' : 'all'}`, values: [...values, ...(holders ? [holders] : [])],
        text: `SELECT l.budget_id, l.period_from, l.holder, trim_scale(l.granted)::text AS granted, trim_scale(l.metered)::text AS metered, l.expires_at
          FROM ${KEYS} JOIN billing.budget_lease l USING (budget_id, period_from)${holders ? ' WHERE l.holder = ANY (?::text[])' : ''}`,
      }),
    ]);
    const found = new Map(periods.map((row) => [placeIn(row), row]));
    return keys.flatMap((key) => {
      const row = found.get(placeOf(key.budget.id, key.from));
      return row ? [{ ...key, account: accountOf(key, row, leases.filter((lease) => placeIn(lease) === placeIn(row))) }] : [];
    });
  }

  async save(tenantId: TenantId, held: readonly Held[]): Promise<void> {
    if (held.length === 0) return;
    const all = held.map(({ budget, from, account }) => ({ budgetId: budget.id, from: from.toISOString(), account, ...account.kept() }));
    const leases = all.flatMap(({ budgetId, from, held: kept }) => kept.map((lease) => ({ budgetId, from, ...lease })));
    const ended = all.flatMap(({ budgetId, from, ended: holders }) => holders.map((holder) => ({ budgetId, from, holder })));
    await Promise.all([
      this.on.rows({
        name: 'save budget periods',
        text: `UPDATE billing.budget_period p SET spent = k.spent, leased = k.leased, told = k.told
          FROM unnest(?::text[], ?::timestamptz[], ?::numeric[], ?::numeric[], ?::int[]) AS k (budget_id, period_from, spent, leased, told) WHERE p.budget_id = k.budget_id AND p.period_from = k.period_from`,
        values: [all.map(({ budgetId }) => budgetId), all.map(({ from }) => from), all.map(({ account }) => account.spent), all.map(({ account }) => account.leased), all.map(({ account }) => account.told)],
      }),
      leases.length > 0 && this.on.rows({
        name: 'save leases',
        text: `INSERT INTO billing.budget_lease (tenant_id, budget_id, period_from, holder, granted, metered, expires_at)
          SELECT ?, * FROM unnest(?::text[], ?::timestamptz[], ?::text[], ?::numeric[], ?::numeric[], ?::timestamptz[])
          ON CONFLICT (budget_id, period_from, holder) DO UPDATE SET granted = excluded.granted, metered = excluded.metered, expires_at = excluded.expires_at`,
        values: [
          tenantId, leases.map(({ budgetId }) => budgetId), leases.map(({ from }) => from), leases.map(({ holder }) => holder),
          leases.map(({ granted }) => granted), leases.map(({ metered }) => metered), leases.map(({ expiresAt }) => expiresAt.toISOString()),
        ],
      }),
      ended.length > 0 && this.on.rows({
        name: 'forget leases',
        text: `DELETE FROM billing.budget_lease l USING unnest(?::text[], ?::timestamptz[], ?::text[]) AS k (budget_id, period_from, holder)
          WHERE l.budget_id = k.budget_id AND l.period_from = k.period_from AND l.holder = k.holder`,
        values: [ended.map(({ budgetId }) => budgetId), ended.map(({ from }) => from), ended.map(({ holder }) => holder)],
      }),
    ]);
  }

  async seen(keys: readonly AccountKey[]): Promise<{ spent: Decimal; leased: Decimal }[]> {
    if (keys.length === 0) return [];
    const rows = await this.on.rows<PeriodRow>({
      name: 'see budget periods', values: [keys.map(({ budget }) => budget.id), keys.map(({ from }) => from.toISOString())],
      text: `SELECT p.budget_id, p.period_from, trim_scale(p.spent)::text AS spent, trim_scale(p.leased)::text AS leased, p.told FROM ${KEYS} JOIN billing.budget_period p USING (budget_id, period_from)`,
    });
    const found = new Map(rows.map((row) => [placeIn(row), row]));
    return keys.map(({ budget, from }) => {
      const row = found.get(placeOf(budget.id, from));
      return row ? { spent: decimal(row.spent), leased: decimal(row.leased) } : { spent: ZERO, leased: ZERO };
    });
  }

  async expired(before: Date, max: number): Promise<{ budgetId: BudgetId; from: Date }[]> {
    const rows = await this.on.rows<{ budget_id: BudgetId; period_from: string }>({
      text: 'SELECT DISTINCT budget_id, period_from FROM billing.budget_lease WHERE expires_at <= ?::timestamptz ORDER BY 1, 2 LIMIT ?', values: [before.toISOString(), max],
    });
    return rows.map(({ budget_id: budgetId, period_from: from }) => ({ budgetId, from: new Date(from) }));
  }
}

function accountOf({ budget, from }: AccountKey, { spent, leased, told }: PeriodRow, leases: readonly LeaseRow[]): BudgetAccount {
  const kept = leases.map((row): Lease => ({ holder: row.holder, granted: decimal(row.granted), metered: decimal(row.metered), expiresAt: new Date(row.expires_at) }));
  return new BudgetAccount({ amount: budget.amount, hard: budget.hard, places: placesOf(budget.unit), to: budget.periodAt(from).to }, { spent: decimal(spent), leased: decimal(leased), told, leases: kept });
}

/** Under the clock's role: in which tenants, and nothing of what it is. */
export const postgresTenantsWithExpired = (database: Database): TenantsWithExpired => (before) => database.asClock(async (em) => {
  const rows = await em.execute<{ tenant_id: TenantId }[]>('SELECT DISTINCT tenant_id FROM billing.budget_lease WHERE expires_at <= ?::timestamptz', [before.toISOString()]);
  return rows.map((row) => row.tenant_id);
});

import { LockMode } from '@mikro-orm/postgresql';
import type { Ground } from '../../../platform/database/statement.ts';
import { Budget, type BudgetId, type BudgetPeriod, type Target } from '../domain/budget.ts';
import type { Budgets } from '../domain/meter-ports.ts';
import type { BudgetUnit } from '../domain/metric.ts';

const COLUMNS = `id, tenant_id AS "tenantId", period, unit, user_id AS "userId", key_id AS "keyId", collection_id AS "collectionId", trim_scale(amount)::text AS amount, currency, hard, created_at AS "createdAt", version`;
type Row = Omit<Budget, 'createdAt'> & { createdAt: string };

export class PostgresBudgets implements Budgets {
  constructor(private readonly on: Ground) {}

  async all(): Promise<Budget[]> {
    // Row-level security says whose.
    return (await this.on.rows<Row>({ name: 'budgets', text: `SELECT ${COLUMNS} FROM billing.budget ORDER BY id`, values: [] })).map(budgetOf);
  }
  async byIds(ids: readonly BudgetId[]): Promise<Budget[]> {
    return (await this.on.rows<Row>({ name: 'budgets by id', text: `SELECT ${COLUMNS} FROM billing.budget WHERE id = ANY (?::text[]) ORDER BY id`, values: [ids] })).map(budgetOf);
  }
  locked(id: BudgetId): Promise<Budget | null> {
    return this.on.em.findOne(Budget, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
  lockedFor(given: { period: BudgetPeriod; unit: BudgetUnit } & Target): Promise<Budget | null> {
    return this.on.em.findOne(Budget, given, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
  async count(): Promise<number> {
    const [row] = await this.on.rows<{ count: string }>({ text: 'SELECT count(*) AS count FROM billing.budget', values: [] });
    return Number(row!.count);
  }
  add(budget: Budget): void {
    this.on.em.persist(budget);
  }
  written(): Promise<void> {
    return this.on.em.flush();
  }
  remove(budget: Budget): void {
    this.on.em.remove(budget);
  }
}

/** For reading: nobody watches it for changes. */
const budgetOf = (row: Row): Budget => Object.assign(Object.create(Budget.prototype) as Budget, { ...row, createdAt: new Date(row.createdAt) });

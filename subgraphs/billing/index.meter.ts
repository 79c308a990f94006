/** What is counted and what it may not go beyond, wired: the one consumer of all usage, its sums, and budgets with what is reserved of them. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../../platform/database/database.ts';
import { groundWithin } from '../../platform/database/statement.ts';
import type { Resources } from '../../platform/service.ts';
import { deskOver } from '../../platform/work.ts';
import { countStorage } from './application/count-storage.ts';
import { deleteBudget } from './application/delete-budget.ts';
import { leaseBudgets } from './application/lease-budgets.ts';
import { onUsage } from './application/meter.ts';
import { recordUsage } from './application/record-usage.ts';
import { returnExpired, returnLeases } from './application/return-leases.ts';
import { seeBudgets } from './application/see-budgets.ts';
import { seeUsage } from './application/see-usage.ts';
import { setBudget } from './application/set-budget.ts';
import type { MeterPorts } from './domain/meter-ports.ts';
import type { Ports } from './domain/ports.ts';
import type { Storage } from './domain/storage-days.ts';
import { BudgetTable } from './infrastructure/budget.table.ts';
import { PostgresBudgetAccounts, postgresTenantsWithExpired } from './infrastructure/postgres-budget-accounts.ts';
import { PostgresBudgets } from './infrastructure/postgres-budgets.ts';
import { PostgresStorage, postgresStorageDue } from './infrastructure/postgres-storage.ts';
import { PostgresUsages } from './infrastructure/postgres-usages.ts';
import { BudgetsResolver, SetBudgetPayloadResolver } from './presentation/budgets.resolver.ts';
import { UsageResolver } from './presentation/usage.resolver.ts';

export const meterTables = [BudgetTable];
export const meterResolvers = [UsageResolver, BudgetsResolver, SetBudgetPayloadResolver];

const EXPIRED_EVERY_MS = 60_000;
/** When a day's count is due says its row. */
const STORAGE_EVERY_MS = 30_000;

export function meterOver({ events, log, now }: Pick<Resources, 'events' | 'log' | 'now'>, given: { database: Database; ports: (em: EntityManager) => Ports }) {
  const { database } = given;
  const desk = deskOver<MeterPorts & { storage: Storage }>(database, {
    ports(em, witness) {
      const on = groundWithin(em);
      return { ...given.ports(em), usages: new PostgresUsages(on), budgets: new PostgresBudgets(on), accounts: new PostgresBudgetAccounts(on), storage: new PostgresStorage(on.rows), witness };
    },
    told: events.told,
  });
  const tools = { ...desk, now };
  events.sweep({ name: 'billing expired leases', everyMs: EXPIRED_EVERY_MS, round: returnExpired({ ...tools, tenants: postgresTenantsWithExpired(database) }) });
  events.sweep({
    name: 'billing storage days', everyMs: STORAGE_EVERY_MS,
    round: countStorage({ ...tools, due: postgresStorageDue(database), onFault: (error) => log.error({ err: error }, 'What a tenant stores could not be counted; another round will.') }),
  });
  const budgets = seeBudgets(tools);
  return {
    consumer: onUsage(tools),
    resolvers: [
      new UsageResolver({ seeUsage: seeUsage(tools), seeBudgets: budgets }, { recordUsage: recordUsage(tools) }),
      new BudgetsResolver({ setBudget: setBudget(tools), deleteBudget: deleteBudget(tools), leaseBudgets: leaseBudgets(tools), returnLeases: returnLeases(tools) }),
      new SetBudgetPayloadResolver(budgets),
    ],
  };
}

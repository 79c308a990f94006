/** What metering and budgets need of whoever keeps things. */
import type { Decimal } from '../../../platform/decimal.ts';
import type { Aggregate } from '../../../platform/aggregate.ts';
import type { TenantId } from '../../../platform/ids.ts';
import type { BudgetAccount } from './account.ts';
import type { Budget, BudgetId, BudgetPeriod, Target } from './budget.ts';
import type { Counted } from './counted.ts';
import type { BudgetUnit } from './metric.ts';
import type { Period } from './period.ts';
import type { Ports } from './ports.ts';
import type { UsageFound, UsageQuestion } from './usage.ts';

/** A line with what it is worth. */
export interface Priced extends Counted { amount: Decimal | null; currency: string | null }

export interface Usages {
  /** Adds what was not counted yet, to the lines and to every sum; says which lines those were, by their sources. */
  add(tenantId: TenantId, lines: readonly Priced[]): Promise<ReadonlySet<string>>;
  answer(tenantId: TenantId, question: UsageQuestion): Promise<UsageFound>;
  /** What a budget would have counted in a period, had it been there all along. */
  spentIn(budget: Target & { unit: BudgetUnit; currency: string | null }, period: Period): Promise<Decimal>;
}

export interface Budgets {
  /** All of the tenant, the oldest first. */
  all(): Promise<Budget[]>;
  byIds(ids: readonly BudgetId[]): Promise<Budget[]>;
  locked(id: BudgetId): Promise<Budget | null>;
  /** The one for this period and unit of this target, held; null when there is none yet. */
  lockedFor(given: { period: BudgetPeriod; unit: BudgetUnit } & Target): Promise<Budget | null>;
  count(): Promise<number>;
  add(budget: Budget): void;
  /** What was added is there for what follows in the same work. */
  written(): Promise<void>;
  remove(budget: Budget): void;
}

/** A budget in the period that begins then. */
export interface AccountKey { budget: Budget; from: Date }
export type Held = AccountKey & { account: BudgetAccount };

export interface BudgetAccounts {
  /** Held until the work ends, always in the same order, with the leases of these holders (null: all). Those that are not there yet are made. */
  held(keys: readonly AccountKey[], holders: readonly string[] | null): Promise<Held[]>;
  /** What they have come to be. */
  save(tenantId: TenantId, held: readonly Held[]): Promise<void>;
  /** As they are, without holding them; those that are not there have nothing spent. */
  seen(keys: readonly AccountKey[]): Promise<{ spent: Decimal; leased: Decimal }[]>;
  /** Of leases that expired before: which budgets they are of, in which period. */
  expired(before: Date, max: number): Promise<{ budgetId: BudgetId; from: Date }[]>;
}

/** Whoever counts shares the subscription's row with others who do, and whoever needs the sums to be whole has it alone. */
export interface MeterPorts extends Ports {
  usages: Usages;
  budgets: Budgets;
  accounts: BudgetAccounts;
  /** Tells of what this work has only looked at. */
  witness(subject: Aggregate): void;
}

/** Tenants in which a lease has expired, and nothing of what it is about. */
export type TenantsWithExpired = (before: Date) => Promise<TenantId[]>;

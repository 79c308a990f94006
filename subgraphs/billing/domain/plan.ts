/** What is sold. A plan that changes is a new version of it; who has bought the old one keeps it. */
import { isZero, sum, times, ZERO, type Decimal } from '../../../platform/decimal.ts';

export const PLAN_KEYS = ['FREE', 'TEAM', 'BUSINESS'] as const;
export type PlanKey = (typeof PLAN_KEYS)[number];
export const CURRENCIES = ['USD', 'EUR'] as const;
export type Currency = (typeof CURRENCIES)[number];
export const SLA_TIERS = ['COMMUNITY', 'STANDARD', 'PREMIUM'] as const;
export type SlaTier = (typeof SLA_TIERS)[number];

/** What one of each metric is worth; one that is not named is worth nothing. At most twelve places. */
export type UnitPrices = Readonly<Record<string, Decimal>>;
export interface PriceList {
  month: Decimal;
  /** A month of one more seat than are included. */
  seat: Decimal;
  units: UnitPrices;
}
/** What of a period's usage is credited on its invoice. */
export interface Included { points: number; tokens: number; storageBytes: number }

export interface Plan {
  readonly key: PlanKey;
  readonly version: number;
  readonly name: string;
  readonly seats: { included: number; max: number };
  /** Null: all of it. */
  readonly included: Included | null;
  readonly limits: Readonly<Record<string, number>>;
  readonly features: readonly string[];
  readonly sla: SlaTier;
  readonly prices: Readonly<Record<Currency, PriceList>>;
}

/** The larger the dearer: a move up is made at once, a move down when the period ends. */
export const isAbove = (one: PlanKey, other: PlanKey): boolean => PLAN_KEYS.indexOf(one) > PLAN_KEYS.indexOf(other);

/** What a month costs with so many seats. */
export function feeOf(plan: Plan, currency: Currency, seats: number): Decimal {
  const { month, seat } = plan.prices[currency];
  return sum(month, times(seat, Math.max(0, seats - plan.seats.included)));
}

/** What a line of usage is worth under these prices, before anything is credited. */
export const worthOf = (prices: UnitPrices, metric: string, quantity: Decimal): Decimal => times(prices[metric] ?? ZERO, quantity);

/** A sandbox is for trying things out: nothing in it is worth anything. */
export const unitPricesFor = (plan: Plan, { currency, sandbox }: { currency: Currency; sandbox: boolean }): UnitPrices =>
  (sandbox ? {} : Object.fromEntries(Object.entries(plan.prices[currency].units).filter(([, price]) => !isZero(price))));

import { decimal, type Decimal } from '../../../platform/decimal.ts';
import { CURRENCIES, type Plan } from '../domain/plan.ts';
import type { PlanType } from './plan.graph.ts';

/** A plan as it is shown: what the catalog has by name is a list here. */
export const planView = (plan: Plan): PlanType => ({
  key: plan.key, version: plan.version, name: plan.name, sla: plan.sla, features: [...plan.features],
  seatsIncluded: plan.seats.included, seatsMax: plan.seats.max,
  included: plan.included && { points: decimal(plan.included.points), tokens: decimal(plan.included.tokens), storageBytes: decimal(plan.included.storageBytes) },
  limits: Object.entries(plan.limits).map(([name, limit]) => ({ name, limit: decimal(limit) })),
  prices: CURRENCIES.filter((currency) => plan.prices[currency]).map((currency) => {
    const { month, seat, units } = plan.prices[currency];
    const money = (amount: Decimal) => ({ amount, currency });
    return { month: money(month), seat: money(seat), units: Object.entries(units).map(([metric, amount]) => ({ metric, amount })) };
  }),
});

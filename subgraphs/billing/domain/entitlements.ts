import type { Decimal } from '../../../platform/decimal.ts';
import type { TenantId } from '../../../platform/ids.ts';
import { unitPricesFor, type Currency, type Plan, type PlanKey } from './plan.ts';

export interface Entitlements {
  tenantId: TenantId; plan: PlanKey; planVersion: number; currency: Currency; features: string[]; limits: Record<string, number>; prices: Record<string, Decimal>; seats: number;
}

/** What follows from a plan for whoever has bought it. */
export const entitlementsOf = ({ tenantId, seats, currency, sandbox }: { tenantId: TenantId; seats: number; currency: Currency; sandbox: boolean }, plan: Plan): Entitlements => ({
  tenantId, plan: plan.key, planVersion: plan.version, currency, features: [...plan.features], limits: { ...plan.limits }, prices: { ...unitPricesFor(plan, { currency, sandbox }) }, seats,
});

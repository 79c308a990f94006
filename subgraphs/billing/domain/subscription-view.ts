/** A subscription as it is shown: a value, which stays what it was when the work was done. */
import type { Currency, PlanKey } from './plan.ts';
import type { Subscription, SubscriptionState } from './subscription.ts';

export interface SubscriptionView {
  plan: PlanKey; planVersion: number; seats: number; state: SubscriptionState; currency: Currency; periodFrom: Date; periodTo: Date;
  nextPlan: PlanKey | null; nextSeats: number | null; isPaid: boolean; trialAvailable: boolean;
}

export const viewOf = (of: Subscription): SubscriptionView => {
  const { plan, planVersion, seats, state, currency, periodFrom, periodTo, nextPlan, nextSeats } = of;
  return { plan, planVersion, seats, state, currency, periodFrom, periodTo, nextPlan, nextSeats, isPaid: of.isPaid(), trialAvailable: of.triedAt === null && !of.isPaid() };
};

/** How a subscription at Stripe becomes another plan, or another number of seats: now, or by a schedule when its period ends. */
import type { Stripe } from 'stripe';
import { once, orNull } from './account.ts';
import type { PlanPrices } from './prices.ts';
import { idOf, itemsOf } from './states.ts';

export interface Target { price: PlanPrices; /** Seats beyond those of the plan. */ further: number; /** In all. */ seats: number }

const isThere = (subscription: Stripe.Subscription, { price, further, seats }: Target): boolean => {
  const { month, seat, further: paid } = itemsOf(subscription);
  return month.price.id === price.month && paid === further && (seat === null || seat.price.id === price.seat) && subscription.metadata.atlas_seats === String(seats);
};

/** What a part of the period costs is reckoned in Atlas's own books and charged from there: Stripe adds nothing of its own. */
const NO_PRORATION = { proration_behavior: 'none' } as const;

export async function changeNow(stripe: Stripe, subscription: Stripe.Subscription, target: Target, key: string): Promise<void> {
  await releaseSchedule(stripe, idOf(subscription.schedule), key);
  if (isThere(subscription, target)) return;
  const { month, seat } = itemsOf(subscription);
  const { price, further, seats } = target;
  const seatItems = (): Stripe.SubscriptionUpdateParams.Item[] => {
    if (further === 0) return seat ? [{ id: seat.id, deleted: true }] : [];
    return [{ ...(seat && { id: seat.id }), price: price.seat, quantity: further }];
  };
  await once(key, (options) => stripe.subscriptions.update(subscription.id, {
    items: [{ id: month.id, price: price.month, quantity: 1 }, ...seatItems()], metadata: { atlas_seats: String(seats) }, ...NO_PRORATION,
  }, options));
}

export async function changeAtPeriodEnd(stripe: Stripe, subscription: Stripe.Subscription, target: Target, key: string): Promise<void> {
  if (isThere(subscription, target)) return releaseSchedule(stripe, idOf(subscription.schedule), key);
  if (subscription.cancel_at_period_end) await once(`${key}:stay`, (options) => stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false }, options));
  const schedule = subscription.schedule
    ? await stripe.subscriptionSchedules.retrieve(idOf(subscription.schedule)!)
    : await once(`${key}:schedule`, (options) => stripe.subscriptionSchedules.create({ from_subscription: subscription.id }, options));
  const [current] = schedule.phases;
  const { month } = itemsOf(subscription);
  const items = subscription.items.data.map(({ price, quantity }) => ({ price: price.id, quantity: quantity ?? 1 }));
  const { price, further, seats } = target;
  await once(key, (options) => stripe.subscriptionSchedules.update(schedule.id, {
    end_behavior: 'release', ...NO_PRORATION,
    phases: [
      { start_date: current!.start_date, end_date: month.current_period_end, items, ...NO_PRORATION },
      { duration: { interval: 'month', interval_count: 1 }, items: [{ price: price.month, quantity: 1 }, ...(further > 0 ? [{ price: price.seat, quantity: further }] : [])], metadata: { atlas_seats: String(seats) }, ...NO_PRORATION },
    ],
  }, options));
}

/** Whoever changes their mind: what was to come does not. */
export async function releaseSchedule(stripe: Stripe, id: string | null, key: string): Promise<void> {
  const schedule = id ? await orNull(stripe.subscriptionSchedules.retrieve(id)) : null;
  if (schedule?.status !== 'active' && schedule?.status !== 'not_started') return;
  await once(`${key}:release`, (options) => stripe.subscriptionSchedules.release(schedule.id, {}, options));
}

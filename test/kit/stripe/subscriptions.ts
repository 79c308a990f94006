/** Subscriptions as Stripe's billing moves them: begun by a checkout, renewed, scheduled, past due, canceled. */
import { invalid, truth, whole, type Params } from './form.ts';
import { attempt, draw, finalize, voided, type Line } from './invoices.ts';
import { listOf, monthAfter, type StripeObject, type StripeWorld } from './world.ts';

export interface Wanted { price: string; quantity: number }
const SMART_RETRIES = 4;

export function wantedOf(world: StripeWorld, items: readonly Params[], name: string): Wanted[] {
  return items.map((item, index) => ({ price: world.get('price', item.price).id, quantity: item.quantity === undefined ? 1 : whole(item.quantity, `${name}[${index}][quantity]`) }));
}

export function amountOf(price: StripeObject, currency: string): number {
  const amount = (currency === price.currency ? price : price.currency_options?.[currency]) as Params | undefined;
  if (amount?.unit_amount === undefined || amount.unit_amount === null) throw invalid(`The price \`${price.id}\` does not support the currency \`${currency}\`.`, 'currency');
  return amount.unit_amount as number;
}

export function begin(world: StripeWorld, given: { customer: string; currency: string; wanted: readonly Wanted[]; metadata: Params; trialEnd: number | null }): StripeObject {
  const start = world.now();
  const id = world.id('subscription');
  const end = given.trialEnd ?? monthAfter(start);
  const subscription = world.add('subscription', {
    id, customer: given.customer, currency: given.currency, metadata: given.metadata, status: given.trialEnd ? 'trialing' : 'active', start_date: start, billing_cycle_anchor: end, collection_method: 'charge_automatically',
    cancel_at: null, cancel_at_period_end: false, canceled_at: null, ended_at: null, trial_start: given.trialEnd ? start : null, trial_end: given.trialEnd, schedule: null, latest_invoice: null, pending_update: null,
    items: listOf(`/v1/subscription_items?subscription=${id}`, itemsOf(world, id, given.wanted, { start, end })),
  });
  bill(world, subscription, 'subscription_create', given.trialEnd ? [{ description: 'Trial period', amount: 0 }] : feesOf(subscription));
  world.tell('customer.subscription.created', subscription);
  return subscription;
}

const itemsOf = (world: StripeWorld, subscription: string, wanted: readonly Wanted[], { start, end }: { start: number; end: number }): Params[] =>
  wanted.map(({ price, quantity }) => ({ id: world.id('subscription_item'), object: 'subscription_item', created: start, subscription, quantity, price: world.get('price', price), metadata: {}, current_period_start: start, current_period_end: end }));

const feesOf = (subscription: StripeObject): Line[] => (subscription.items.data as Params[]).map(({ price, quantity }) =>
  ({ description: `${String(quantity)} × ${String(price.nickname ?? price.id)}`, amount: amountOf(price as StripeObject, subscription.currency as string) * (quantity as number), price: price as StripeObject, quantity: quantity as number }));

/** Draws up an invoice of these and of what waits for the next one, and tries to be paid. */
export function bill(world: StripeWorld, subscription: StripeObject, reason: string, lines: readonly Line[]): StripeObject {
  const waiting = world.all('invoiceitem').filter((item) => item.invoice === null && item.customer === subscription.customer && (item.subscription ?? subscription.id) === subscription.id);
  const { current_period_start: start, current_period_end: end } = subscription.items.data[0] as { current_period_start: number; current_period_end: number };
  const invoice = draw(world, {
    customer: subscription.customer as string, subscription: subscription.id, currency: subscription.currency as string, reason, period: { start, end },
    lines: [...lines, ...waiting.reverse().map((item) => ({ description: item.description as string, amount: item.amount as number, item: item.id, metadata: item.metadata as Params }))],
  });
  for (const item of waiting) item.invoice = invoice.id;
  subscription.latest_invoice = invoice.id;
  world.tell('invoice.created', invoice);
  finalize(world, invoice);
  settle(world, subscription, attempt(world, invoice));
  return invoice;
}

/** The state of the subscription after an attempt to be paid. */
export function settle(world: StripeWorld, subscription: StripeObject, paid: boolean): void {
  const before = subscription.status as string;
  if (paid && before === 'past_due') subscription.status = 'active';
  if (!paid && (before === 'active' || before === 'trialing')) subscription.status = 'past_due';
  if (subscription.status !== before) world.tell('customer.subscription.updated', subscription);
}

/** Another attempt at its latest invoice; the last one that fails ends it, as the account's settings for dunning say. */
export function retry(world: StripeWorld, subscription: StripeObject): void {
  const invoice = world.get('invoice', subscription.latest_invoice);
  const paid = attempt(world, invoice);
  settle(world, subscription, paid);
  if (paid || invoice.attempt_count < SMART_RETRIES) return;
  Object.assign(invoice, { status: 'uncollectible' });
  world.tell('invoice.marked_uncollectible', invoice);
  end(world, subscription, 'payment_failed');
}

/** What happens when the period is over. */
export function renew(world: StripeWorld, subscription: StripeObject): void {
  if (subscription.cancel_at_period_end) return end(world, subscription, 'cancellation_requested');
  const [first] = subscription.items.data as Params[];
  const start = first!.current_period_end as number;
  if (world.now() < start) world.advance(start - world.now());
  phaseOf(world, subscription, start);
  const trial = subscription.status === 'trialing';
  if (trial) subscription.status = 'active';
  for (const item of subscription.items.data as Params[]) Object.assign(item, { current_period_start: start, current_period_end: monthAfter(start) });
  bill(world, subscription, 'subscription_cycle', feesOf(subscription));
  world.tell('customer.subscription.updated', subscription);
}

/** A schedule's next phase begins, and a schedule that has come to its end lets go. */
function phaseOf(world: StripeWorld, subscription: StripeObject, at: number): void {
  if (!subscription.schedule) return;
  const schedule = world.get('subscription_schedule', subscription.schedule);
  const phase = (schedule.phases as Params[]).find(({ start_date }) => start_date === at);
  if (!phase) return;
  const items = (phase.items as Wanted[]).filter(({ price }) => price);
  subscription.items.data = itemsOf(world, subscription.id, items, { start: at, end: monthAfter(at) });
  Object.assign(subscription.metadata, phase.metadata);
  schedule.current_phase = { start_date: phase.start_date, end_date: phase.end_date };
  release(world, schedule);
}

export function release(world: StripeWorld, schedule: StripeObject): void {
  if (schedule.status !== 'active' && schedule.status !== 'not_started') throw invalid(`You cannot release a subscription schedule that is currently in the \`${String(schedule.status)}\` status.`);
  const subscription = world.get('subscription', schedule.subscription);
  Object.assign(schedule, { status: 'released', released_at: world.now(), released_subscription: schedule.subscription, subscription: null });
  subscription.schedule = null;
  world.tell('subscription_schedule.released', schedule);
}

export function update(world: StripeWorld, subscription: StripeObject, params: Params): void {
  if (subscription.status === 'canceled') throw invalid('A canceled subscription can only update its cancellation_details and metadata.');
  if (subscription.schedule && (params.items || params.cancel_at_period_end !== undefined)) throw invalid('The subscription is managed by the subscription schedule `' + String(subscription.schedule) + '`, and updating this directly is not allowed.');
  for (const item of (params.items ?? []) as Params[]) changeItem(world, subscription, item);
  if (params.cancel_at_period_end !== undefined) {
    const ends = truth(params.cancel_at_period_end);
    Object.assign(subscription, { cancel_at_period_end: ends, cancel_at: ends ? subscription.items.data[0].current_period_end : null, canceled_at: ends ? world.now() : null });
  }
  if (params.trial_end === 'now' && subscription.status === 'trialing') {
    Object.assign(subscription, { status: 'active', trial_end: world.now() });
    for (const item of subscription.items.data as Params[]) Object.assign(item, { current_period_start: world.now(), current_period_end: monthAfter(world.now()) });
    bill(world, subscription, 'subscription_update', feesOf(subscription));
  }
  Object.assign(subscription.metadata, params.metadata);
  world.tell('customer.subscription.updated', subscription);
}

function changeItem(world: StripeWorld, subscription: StripeObject, wanted: Params): void {
  const items = subscription.items.data as Params[];
  const item = wanted.id ? items.find(({ id }) => id === wanted.id) : undefined;
  if (wanted.id && !item) throw invalid(`No such subscription item: '${String(wanted.id)}'`, 'items', 'resource_missing');
  if (item && truth(wanted.deleted)) subscription.items.data = items.filter((one) => one !== item);
  else if (item) Object.assign(item, { ...(wanted.price && { price: world.get('price', wanted.price) }), ...(wanted.quantity !== undefined && { quantity: whole(wanted.quantity, 'items[quantity]') }) });
  else items.push(...itemsOf(world, subscription.id, wantedOf(world, [wanted], 'items'), { start: items[0]!.current_period_start as number, end: items[0]!.current_period_end as number }));
}

export function end(world: StripeWorld, subscription: StripeObject, reason: string): void {
  if (subscription.status === 'canceled') throw invalid('This subscription is already canceled.');
  if (subscription.schedule) release(world, world.get('subscription_schedule', subscription.schedule));
  Object.assign(subscription, { status: 'canceled', canceled_at: world.now(), ended_at: world.now(), cancellation_details: { reason, comment: null, feedback: null } });
  world.tell('customer.subscription.deleted', subscription);
  const latest = subscription.latest_invoice ? world.get('invoice', subscription.latest_invoice) : null;
  if (latest?.status === 'open' && reason === 'customer_left') voided(world, latest);
}

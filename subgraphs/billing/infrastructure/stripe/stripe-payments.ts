/** Payments through Stripe. Each wish is looked at before it is asked for: what is so already is not asked for again. */
import type { Stripe } from 'stripe';
import { AtlasError } from '../../../../platform/errors.ts';
import type { Plan, PlanKey } from '../../domain/plan.ts';
import type { Payments } from '../../domain/ports.ts';
import { once, orNull, reached, type StripeAccount } from './account.ts';
import { chargeInvoice } from './charges.ts';
import type { Customers } from './customers.ts';
import type { Looks } from './looks.ts';
import type { Meters } from './meters.ts';
import { changeAtPeriodEnd, changeNow, releaseSchedule } from './moves.ts';
import type { Prices } from './prices.ts';
import { idOf } from './states.ts';

export interface Given {
  account: StripeAccount;
  customers: Customers;
  prices: Prices;
  looks: Looks;
  meters: Meters;
  planOf: (key: PlanKey, version: number) => Promise<Plan>;
}
type Asked<Verb extends 'checkout' | 'change' | 'cancel'> = Parameters<Payments[Verb]>[0];

export function stripePayments(given: Given): Required<Payments> {
  const { account: { stripe }, looks, meters } = given;
  return {
    name: 'stripe',
    checkout: (asked) => reached(() => checkout(given, asked)),
    portal: ({ customer, returnUrl }) => reached(async () => {
      const { url } = await stripe.billingPortal.sessions.create({ customer, return_url: returnUrl });
      return { url };
    }),
    change: (asked) => reached(() => change(given, asked)),
    cancel: (asked) => reached(() => cancel(stripe, asked)),
    reactivate: ({ reference, key }) => reached(async () => {
      const subscription = await found(stripe, reference);
      if (subscription.status === 'canceled') throw new AtlasError('INVALID_INPUT', 'The subscription has ended; a new one begins with a checkout.');
      if (!subscription.cancel_at_period_end && subscription.cancel_at === null) return;
      await once(key, (options) => stripe.subscriptions.update(reference, subscription.cancel_at_period_end ? { cancel_at_period_end: false } : { cancel_at: '' }, options));
    }),
    look: (reference) => reached(async () => {
      const seen = await looks.at(reference);
      if (!seen) throw new Error(`Stripe knows no subscription ${reference} of ours.`);
      return seen.state;
    }),
    charge: (invoice) => reached(() => chargeInvoice(stripe, invoice)),
    report: (usage) => reached(() => meters.report(usage)),
  };
}

/** What comes of it bears whose it is, so that whatever is told of it later leads back. */
async function checkout({ account: { stripe }, customers, prices, planOf }: Given, asked: Asked<'checkout'>): Promise<{ url: string; reference: null }> {
  const plan = await planOf(asked.plan, asked.planVersion);
  const price = await prices.of(plan);
  if (!price) throw new AtlasError('INVALID_INPUT', 'This plan costs nothing, so there is nothing to pay.', { path: ['input', 'plan'] });
  const customer = await customers.of(asked.tenantId, asked.email);
  const further = Math.max(0, asked.seats - plan.seats.included);
  const metadata = { atlas_tenant: asked.tenantId, atlas_subscription: asked.subscriptionId, atlas_seats: String(asked.seats) };
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription', customer, client_reference_id: asked.tenantId, currency: asked.currency.toLowerCase(), metadata, subscription_data: { metadata },
    line_items: [{ price: price.month, quantity: 1 }, ...(further > 0 ? [{ price: price.seat, quantity: further }] : [])],
    success_url: withAnswer(asked.returnUrl, 'done'), cancel_url: withAnswer(asked.returnUrl, 'canceled'),
  });
  return { url: session.url!, reference: null };
}

function withAnswer(returnUrl: string, answer: 'done' | 'canceled'): string {
  const url = new URL(returnUrl);
  url.searchParams.set('checkout', answer);
  return url.href;
}

async function change({ account: { stripe }, prices, planOf }: Given, { reference, seats, at, key, ...wanted }: Asked<'change'>): Promise<void> {
  const plan = await planOf(wanted.plan, wanted.planVersion);
  const price = await prices.of(plan);
  // What costs nothing is not sold: whoever moves there has nothing more to pay.
  if (!price) return cancel(stripe, { reference, at, key });
  const subscription = await found(stripe, reference);
  const target = { price, further: Math.max(0, seats - plan.seats.included), seats };
  await (at === 'now' ? changeNow : changeAtPeriodEnd)(stripe, subscription, target, key);
}

async function cancel(stripe: Stripe, { reference, at, key }: Asked<'cancel'>): Promise<void> {
  const subscription = await orNull(stripe.subscriptions.retrieve(reference));
  if (!subscription || subscription.status === 'canceled') return;
  // What was taken for days that are not had is the customer's credit.
  if (at === 'now') return void await stripe.subscriptions.cancel(reference, { prorate: true, invoice_now: true });
  if (subscription.cancel_at_period_end) return;
  await releaseSchedule(stripe, idOf(subscription.schedule), key);
  await once(key, (options) => stripe.subscriptions.update(reference, { cancel_at_period_end: true }, options));
}

async function found(stripe: Stripe, reference: string): Promise<Stripe.Subscription> {
  const subscription = await orNull(stripe.subscriptions.retrieve(reference));
  if (!subscription) throw new Error(`Stripe knows no subscription ${reference}.`);
  return subscription;
}

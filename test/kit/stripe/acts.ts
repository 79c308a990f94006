/** What happens at Stripe without Atlas asking for it: customers pay, cards decline, months pass, banks take money back. */
import type { Params } from './form.ts';
import { closeDispute, dispute } from './invoices.ts';
import { begin, end, renew, retry, update, type Wanted } from './subscriptions.ts';
import type { StripeObject, StripeWorld } from './world.ts';

export interface Acts {
  /** The customer goes through the checkout whose URL was handed out. */
  completeCheckout(session: string): StripeObject;
  expireCheckout(session: string): void;
  /** From now on the cards of this customer pay, or do not. */
  card(customer: string, does: 'pays' | 'declines'): void;
  /** The period is over. */
  renew(subscription: string): void;
  /** Stripe tries the unpaid invoice again. */
  retry(subscription: string): void;
  cancelInPortal(subscription: string): void;
  cancelAtOnce(subscription: string): void;
  /** In the portal, or by somebody in the dashboard. */
  addSeats(subscription: string, further: number): void;
  /** A second subscription to the same, for the same tenant. */
  subscribeAgain(subscription: string): StripeObject;
  dispute(invoice: string): StripeObject;
  closeDispute(dispute: string, status: 'won' | 'lost'): void;
  /** Something of which Atlas knows nothing. */
  tellSomethingElse(): void;
}

export function actsOn(world: StripeWorld): Acts {
  const subscription = (id: string) => world.get('subscription', id);
  return {
    completeCheckout: (id) => complete(world, world.get('checkout.session', id)),
    expireCheckout(id) {
      const session = world.get('checkout.session', id);
      Object.assign(session, { status: 'expired', url: null });
      world.tell('checkout.session.expired', session);
    },
    card: (customer, does) => void (does === 'declines' ? world.declining.add(customer) : world.declining.delete(customer)),
    renew: (id) => renew(world, subscription(id)),
    retry: (id) => retry(world, subscription(id)),
    cancelInPortal: (id) => update(world, subscription(id), { cancel_at_period_end: 'true' }),
    cancelAtOnce: (id) => end(world, subscription(id), 'cancellation_requested'),
    addSeats(id, further) {
      const [item] = subscription(id).items.data as Params[];
      const seat = world.all('price').find(({ lookup_key: key }) => key === String(item!.price.lookup_key).replace('_month', '_seat'))!;
      update(world, subscription(id), { items: [{ price: seat.id, quantity: String(further) }] });
    },
    subscribeAgain(id) {
      const { customer, currency, metadata, items } = subscription(id) as Params;
      return begin(world, { customer, currency, metadata: { ...metadata }, trialEnd: null, wanted: (items.data as Params[]).map(({ price, quantity }) => ({ price: price.id as string, quantity: quantity as number })) });
    },
    dispute: (invoice) => dispute(world, world.get('invoice', invoice)),
    closeDispute: (id, status) => closeDispute(world, world.get('dispute', id), status),
    tellSomethingElse: () => void world.tell('radar.early_fraud_warning.created', world.add('request', {})),
  };
}

function complete(world: StripeWorld, session: StripeObject): StripeObject {
  if (session.status !== 'open') throw new Error(`The session ${session.id} is ${String(session.status)}; nobody can go through it.`);
  const asked = session.subscription_data as Params;
  const made = begin(world, {
    customer: session.customer as string, currency: session.currency as string, wanted: session.line_items.data as Wanted[], metadata: { ...asked.metadata },
    trialEnd: asked.trial_end ? Number(asked.trial_end) : asked.trial_period_days ? world.now() + Number(asked.trial_period_days) * 86_400 : null,
  });
  Object.assign(session, { status: 'complete', payment_status: made.status === 'trialing' ? 'no_payment_required' : 'paid', subscription: made.id, invoice: made.latest_invoice, url: null });
  world.tell('checkout.session.completed', session);
  return made;
}

/** Webhooks of Stripe: whether Stripe signed them a moment ago, and what there is to look at. Nothing else of them is kept or believed. */
import type { Stripe } from 'stripe';
import { AtlasError } from '../../../../platform/errors.ts';
import { subscriptionSubject, type ProviderLooks, type ProviderSignals, type Subject } from '../../domain/provider-signals.ts';
import { reached, type StripeAccount } from './account.ts';
import type { Looks } from './looks.ts';
import { dateOf, idOf, seenAs } from './states.ts';

/** How far the clock of whoever signed may be from ours. */
const TOLERANCE_SECONDS = 300;

export const stripeSignals = ({ stripe, live }: StripeAccount, secrets: readonly string[]): ProviderSignals => ({
  read(payload, signature) {
    const event = eventIn(stripe, payload, signature, secrets);
    if (event.livemode !== live) throw new AtlasError('BAD_REQUEST', event.livemode ? 'This is told of real money, and the key here is a test key.' : 'This is told of a trial, and the key here is a live key.');
    return { id: event.id, type: event.type, subject: subjectOf(event), at: dateOf(event.created) };
  },
});

/** While one secret takes the place of another, either is good. */
function eventIn(stripe: Stripe, payload: string, signature: string, secrets: readonly string[]): Stripe.Event {
  let cause: unknown = new Error('No secret is set.');
  for (const secret of secrets) {
    try {
      return stripe.webhooks.constructEvent(payload, signature, secret, TOLERANCE_SECONDS);
    } catch (error) {
      cause = error;
    }
  }
  throw new AtlasError('BAD_REQUEST', 'The signature is not one of ours, or is too old.', { cause });
}

function subjectOf({ type, data }: Stripe.Event): Subject | null {
  // An event of whatever kind; what is not there is not there.
  const object = data.object as unknown as { id?: string; subscription?: string | { id: string } | null; released_subscription?: string | null };
  if (type.startsWith('customer.subscription.')) return object.id ? subscriptionSubject(object.id) : null;
  if (type.startsWith('invoice.')) return object.id ? `invoice:${object.id}` : null;
  if (type.startsWith('charge.dispute.')) return object.id ? `dispute:${object.id}` : null;
  if (!type.startsWith('checkout.session.') && !type.startsWith('subscription_schedule.')) return null;
  const reference = idOf(object.subscription) ?? object.released_subscription;
  return reference ? subscriptionSubject(reference) : null;
}

const partsOf = (subject: Subject): [string, string] => [subject.slice(0, subject.indexOf(':')), subject.slice(subject.indexOf(':') + 1)];

export const stripeLooks = (looks: Looks): ProviderLooks => ({
  referenceOf: (subject) => reached(async () => {
    const [kind, id] = partsOf(subject);
    if (kind === 'dispute') return looks.ofDispute(id);
    return kind === 'invoice' ? looks.ofInvoice(id) : id;
  }),
  look: (subject) => reached(async () => {
    const [kind, id] = partsOf(subject);
    const reference = kind === 'dispute' ? await looks.ofDispute(id) : id;
    const seen = kind === 'invoice' ? await looks.atInvoice(id) : reference && await looks.at(reference);
    return seen ? seenAs(seen) : null;
  }),
});

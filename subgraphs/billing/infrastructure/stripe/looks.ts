/** How a subscription is at the moment, with its last invoice and whether a bank has asked its money back. */
import type { Stripe } from 'stripe';
import type { Plan, PlanKey } from '../../domain/plan.ts';
import type { ProviderState } from '../../domain/ports.ts';
import { orNull } from './account.ts';
import { idOf, isOpenDispute, stateOf, subscriptionOf, tenantOf } from './states.ts';

const DISPUTES_KEPT = 10;

export interface Looks {
  at(reference: string): Promise<{ subscription: Stripe.Subscription; state: ProviderState } | null>;
  /** The same, with this invoice for the last: what is told of one is asked of that one. */
  atInvoice(invoice: string): Promise<{ subscription: Stripe.Subscription; state: ProviderState } | null>;
  /** The subscription that an invoice is of. */
  ofInvoice(invoice: string): Promise<string | null>;
  /** The subscription that a disputed payment was for; the subscription bears the dispute from then on. */
  ofDispute(dispute: string): Promise<string | null>;
}

export function looksAt(stripe: Stripe, planOf: (key: PlanKey, version: number) => Promise<Plan>): Looks {
  const at = async (reference: string, invoice?: Stripe.Invoice) => {
    const subscription = await orNull(stripe.subscriptions.retrieve(reference, { expand: ['latest_invoice'] }));
    if (!subscription || !tenantOf(subscription)) return null;
    const latest = subscription.latest_invoice;
    const [disputed, overdue] = await Promise.all([isDisputed(stripe, subscription), isOverdue(stripe, reference)]);
    return { subscription, state: await stateOf(subscription, { planOf, invoice: invoice ?? (typeof latest === 'string' ? null : latest), disputed, overdue }) };
  };
  return {
    at: (reference) => at(reference),
    async atInvoice(id) {
      const invoice = await orNull(stripe.invoices.retrieve(id));
      const reference = invoice && subscriptionOf(invoice);
      return reference ? at(reference, invoice) : null;
    },
    async ofInvoice(id) {
      const invoice = await orNull(stripe.invoices.retrieve(id));
      return invoice && subscriptionOf(invoice);
    },
    async ofDispute(id) {
      const dispute = await orNull(stripe.disputes.retrieve(id));
      const reference = dispute && await payedFor(stripe, dispute);
      if (reference) await bear(stripe, reference, dispute);
      return reference;
    },
  };
}

async function payedFor(stripe: Stripe, dispute: Stripe.Dispute): Promise<string | null> {
  const intent = idOf(dispute.payment_intent);
  if (!intent) return null;
  const { data: [payment] } = await stripe.invoicePayments.list({ payment: { type: 'payment_intent', payment_intent: intent }, limit: 1 });
  const invoice = payment && await orNull(stripe.invoices.retrieve(idOf(payment.invoice)!));
  return invoice ? subscriptionOf(invoice) : null;
}

/** An invoice that Atlas has charged leaves the subscription at Stripe as it was, whether it is paid or not. */
async function isOverdue(stripe: Stripe, reference: string): Promise<boolean> {
  const { data } = await stripe.invoices.list({ subscription: reference, status: 'open', limit: 20 });
  return data.some(({ attempt_count: attempts }) => attempts > 0);
}

const bornBy = ({ metadata }: Stripe.Subscription): string[] => (metadata.atlas_disputes ?? '').split(',').filter(Boolean);

/** A dispute says nothing of its subscription, and cannot be asked for by it. */
async function bear(stripe: Stripe, reference: string, { id }: Stripe.Dispute): Promise<void> {
  const subscription = await orNull(stripe.subscriptions.retrieve(reference));
  if (!subscription || subscription.status === 'canceled' || bornBy(subscription).includes(id)) return;
  await stripe.subscriptions.update(reference, { metadata: { atlas_disputes: [...bornBy(subscription), id].slice(-DISPUTES_KEPT).join(',') } });
}

async function isDisputed(stripe: Stripe, subscription: Stripe.Subscription): Promise<boolean> {
  const disputes = await Promise.all(bornBy(subscription).map((id) => orNull(stripe.disputes.retrieve(id))));
  return disputes.some((dispute) => dispute !== null && isOpenDispute(dispute));
}

/** Invoices as Stripe's billing makes them: drawn up, finalized, tried to be paid, tried again, disputed. */
import { invalid, type Params } from './form.ts';
import { listOf, type StripeObject, type StripeWorld } from './world.ts';

export interface Line { description: string; amount: number; price?: StripeObject; quantity?: number; item?: string; metadata?: Params }

export function draw(world: StripeWorld, given: { customer: string; subscription: string | null; currency: string; reason: string; period: { start: number; end: number }; lines: readonly Line[]; metadata?: Params }): StripeObject {
  const total = given.lines.reduce((sum, { amount }) => sum + amount, 0);
  const id = world.id('invoice');
  return world.add('invoice', {
    id, customer: given.customer, currency: given.currency, status: 'draft', billing_reason: given.reason, collection_method: 'charge_automatically', auto_advance: true,
    amount_due: Math.max(0, total), amount_paid: 0, amount_remaining: Math.max(0, total), subtotal: total, total, attempt_count: 0, attempted: false, next_payment_attempt: null,
    number: null, metadata: given.metadata ?? {}, period_start: given.period.start, period_end: given.period.end, hosted_invoice_url: null,
    parent: given.subscription ? { type: 'subscription_details', quote_details: null, subscription_details: { subscription: given.subscription, metadata: {} } } : null,
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    lines: listOf(`/v1/invoices/${id}/lines`, given.lines.map((line, index) => ({
      id: `il_${id}_${index}`, object: 'line_item', amount: line.amount, currency: given.currency, description: line.description, quantity: line.quantity ?? 1, metadata: line.metadata ?? {},
      pricing: line.price ? { type: 'price_details', price_details: { price: line.price.id, product: line.price.product } } : null,
      parent: line.item ? { type: 'invoice_item_details', invoice_item_details: { invoice_item: line.item, proration: false, subscription: given.subscription } } : null,
    }))),
  });
}

export function finalize(world: StripeWorld, invoice: StripeObject): void {
  if (invoice.status !== 'draft') throw invalid('This invoice is already finalized, you can\'t re-finalize a non-draft invoice.', undefined, 'invoice_not_editable');
  Object.assign(invoice, { status: 'open', number: `STRIPE-${world.all('invoice').length}`, hosted_invoice_url: `https://invoice.stripe.com/i/${invoice.id}` });
  const customer = world.get('customer', invoice.customer);
  const spent = Math.max(0, Math.min(invoice.amount_due as number, -(customer.balance as number)));
  customer.balance += spent;
  Object.assign(invoice, { amount_due: invoice.amount_due - spent, amount_remaining: invoice.amount_remaining - spent });
  invoice.status_transitions.finalized_at = world.now();
  world.tell('invoice.finalized', invoice);
}

/** Whether it is paid now. A subscription's state follows: that is told by who asks. */
export function attempt(world: StripeWorld, invoice: StripeObject): boolean {
  if (invoice.status !== 'open') throw invalid(`Invoice is ${String(invoice.status)}.`, undefined, 'invoice_not_open');
  if (invoice.amount_due === 0) {
    // Less than nothing is the customer's to spend on what comes next.
    const customer = world.get('customer', invoice.customer);
    customer.balance = (customer.balance as number) + Math.min(0, invoice.total as number);
    return paid(world, invoice);
  }
  const declined = world.declining.has(invoice.customer as string);
  const intent = world.add('payment_intent', { amount: invoice.amount_due, currency: invoice.currency, customer: invoice.customer, status: declined ? 'requires_payment_method' : 'succeeded' });
  const charge = world.add('charge', { amount: invoice.amount_due, currency: invoice.currency, customer: invoice.customer, payment_intent: intent.id, paid: !declined, disputed: false, status: declined ? 'failed' : 'succeeded' });
  world.add('invoice_payment', { invoice: invoice.id, amount_requested: invoice.amount_due, amount_paid: declined ? null : invoice.amount_due, currency: invoice.currency, is_default: true, status: declined ? 'open' : 'paid', payment: { type: 'payment_intent', payment_intent: intent.id } });
  invoice.attempted = true;
  invoice.attempt_count += 1;
  if (!declined) return paid(world, invoice, charge);
  invoice.next_payment_attempt = world.now() + 3 * 86_400;
  world.tell('charge.failed', charge);
  world.tell('invoice.payment_failed', invoice);
  return false;
}

function paid(world: StripeWorld, invoice: StripeObject, charge?: StripeObject): true {
  Object.assign(invoice, { status: 'paid', amount_paid: invoice.amount_due, amount_remaining: 0, next_payment_attempt: null, attempted: true });
  invoice.status_transitions.paid_at = world.now();
  if (charge) world.tell('charge.succeeded', charge);
  world.tell('invoice.paid', invoice);
  world.tell('invoice.payment_succeeded', invoice);
  return true;
}

export function voided(world: StripeWorld, invoice: StripeObject): void {
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') throw invalid('You can only void open or uncollectible invoices.', undefined, 'invoice_not_editable');
  Object.assign(invoice, { status: 'void', amount_remaining: 0 });
  world.tell('invoice.voided', invoice);
}

/** What the customer's bank does: the money is asked back. */
export function dispute(world: StripeWorld, invoice: StripeObject): StripeObject {
  const payment = world.all('invoice_payment').find((one) => one.invoice === invoice.id && one.status === 'paid');
  if (!payment) throw new Error(`${invoice.id} was never paid; nobody can dispute it.`);
  const charge = world.all('charge').find((one) => one.payment_intent === payment.payment.payment_intent)!;
  charge.disputed = true;
  const made = world.add('dispute', { amount: invoice.amount_paid, currency: invoice.currency, charge: charge.id, payment_intent: charge.payment_intent, reason: 'fraudulent', status: 'needs_response', is_charge_refundable: false, metadata: {}, evidence_details: { due_by: world.now() + 7 * 86_400, has_evidence: false, past_due: false, submission_count: 0 } });
  world.tell('charge.dispute.created', made);
  world.tell('charge.dispute.funds_withdrawn', made);
  return made;
}

export function closeDispute(world: StripeWorld, made: StripeObject, status: 'won' | 'lost'): void {
  made.status = status;
  world.tell('charge.dispute.closed', made);
  if (status === 'won') world.tell('charge.dispute.funds_reinstated', made);
}

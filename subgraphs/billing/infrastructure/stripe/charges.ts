/**
 * What Atlas's books say that a period cost, as an invoice of Stripe's that bears Atlas's number: drawn up, filled line by line
 * and finalized, each step once. One that was begun before is gone on with, however long ago that was. One of less than nothing
 * is paid when it is finalized, and what it gives back is taken off the customer's next.
 */
import type { Stripe } from 'stripe';
import { compare, isZero } from '../../../../platform/decimal.ts';
import type { Payments } from '../../domain/ports.ts';
import { once } from './account.ts';
import { addsUp, amountOf, linesInCents } from './amounts.ts';
import { idOf } from './states.ts';

type Charged = Parameters<Payments['charge']>[0];
interface Line { name: string; cents: number; memo: string }
const MEMO_MAX = 500;

export async function chargeInvoice(stripe: Stripe, charged: Charged): Promise<void> {
  const { amount, reference, key } = charged;
  // The price of the plan is on an invoice of Stripe's own.
  if (charged.lines.length === 0 && isZero(amount.amount)) return;
  const subscription = await stripe.subscriptions.retrieve(reference);
  const customer = idOf(subscription.customer)!;
  const before = await begunBefore(stripe, customer, charged.number);
  if (before && before.status !== 'draft') return;
  const invoice = before ?? await draw(stripe, customer, charged);
  const there = new Set(invoice.lines.data.map(({ metadata }) => metadata.atlas_line));
  for (const { name, cents, memo } of linesOf(charged)) {
    if (there.has(name)) continue;
    await once(`${key}:${name}`, (options) => stripe.invoiceItems.create({
      customer, invoice: invoice.id, amount: cents, currency: amount.currency.toLowerCase(), description: memo.slice(0, MEMO_MAX), metadata: { atlas_line: name },
    }, options));
  }
  const full = await stripe.invoices.retrieve(invoice.id);
  if (compare(amountOf(full.total, amount.currency), amount.amount) !== 0) throw new Error(`The invoice ${charged.number} is ${amount.amount} ${amount.currency} here, and ${full.total} of the smallest unit as ${full.id}.`);
  await once(`${key}:finalize`, (options) => stripe.invoices.finalizeInvoice(invoice.id, { auto_advance: true }, options));
}

function linesOf({ number, amount, lines }: Charged): Line[] {
  const amounts = lines.map((line) => line.amount);
  // Lines that do not make up the total are not guessed at: the total alone is what is owed.
  const whole = lines.length === 0 || !addsUp(amounts, amount);
  const every = whole ? linesInCents([amount.amount], amount) : linesInCents(amounts, amount);
  const said = every.map((cents, index) => ({ name: `line-${index + 1}`, cents, memo: whole ? number : lines[index]!.memo }));
  const owed = said.filter(({ cents }) => cents !== 0);
  // An invoice says something, if only that there is nothing to pay.
  return owed.length > 0 ? owed : said.slice(0, 1);
}

async function begunBefore(stripe: Stripe, customer: string, number: string): Promise<Stripe.Invoice | null> {
  for await (const invoice of stripe.invoices.list({ customer, limit: 100 })) if (invoice.metadata?.atlas_invoice === number) return invoice;
  return null;
}

const draw = (stripe: Stripe, customer: string, { number, tenantId, amount, reference, key }: Charged): Promise<Stripe.Invoice> =>
  once(`${key}:invoice`, (options) => stripe.invoices.create({
    customer, subscription: reference, currency: amount.currency.toLowerCase(), auto_advance: false, pending_invoice_items_behavior: 'exclude', collection_method: 'charge_automatically',
    description: number, metadata: { atlas_invoice: number, atlas_tenant: tenantId },
  }, options));

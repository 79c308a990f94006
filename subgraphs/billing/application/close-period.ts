import { negated, sum, ZERO } from '../../../platform/decimal.ts';
import { feeEntries } from '../domain/charges.ts';
import { creditEntries, creditsOf, type Used } from '../domain/included.ts';
import { Invoice, isOwed, type InvoiceLine } from '../domain/invoice.ts';
import type { Period } from '../domain/period.ts';
import type { Plan } from '../domain/plan.ts';
import type { Ports } from '../domain/ports.ts';
import { taskOf } from '../domain/provider-task.ts';
import type { Subscription } from '../domain/subscription.ts';

type Line = InvoiceLine & { currency: string };
export const currenciesOf = (lines: readonly Line[]): string[] => [...new Set(lines.map(({ currency }) => currency))];
export const linesIn = (lines: readonly Line[], currency: string): InvoiceLine[] => lines.filter((line) => line.currency === currency).map(({ currency: _, ...line }) => line);

/** Whoever pays has what is included, of what was used in time, and all that was free when it was used; whoever does not has everything. */
export function giftsOf(lines: readonly InvoiceLine[], { plan, isPaid, period }: { plan: Plan; isPaid: boolean; period: Period }): Used[] {
  const usage = lines.filter((line): line is InvoiceLine & Used => line.kind === 'USAGE' && line.metric !== null && line.quantity !== null);
  const free = usage.filter((line) => !isPaid || line.free);
  const counted = usage.filter((line) => isPaid && !line.late);
  return together([...free, ...creditsOf(plan.included, together(counted), period)]);
}

function together(lines: readonly Used[]): Used[] {
  const byMetric = new Map<string, Used>();
  for (const { metric, quantity, amount } of lines) {
    const before = byMetric.get(metric);
    byMetric.set(metric, before ? { metric, quantity: sum(before.quantity, quantity), amount: sum(before.amount, amount) } : { metric, quantity, amount });
  }
  return [...byMetric.values()];
}

/**
 * Part of a work that holds the subscription: what ran until `at` is credited with what is included and billed, together
 * with the period that `begin` begins, in advance. A period in which nothing has passed is gone on with.
 */
export async function closePeriod(ports: Ports, subscription: Subscription, given: { at: Date; now: Date; begin: () => Plan }): Promise<void> {
  const { tenantId } = subscription;
  const period: Period = { from: subscription.periodFrom, to: given.at };
  const [before, isPaid, plan] = [subscription.reference, subscription.isPaid(), await ports.plans.of(subscription.plan, subscription.planVersion)];
  const isEmpty = period.to <= period.from;
  if (!isEmpty) await creditIncluded(ports, subscription, { period, plan, isPaid });
  const next = given.begin();
  if (subscription.isPaid()) await ports.ledger.post(feeEntries(subscription, next, { begins: subscription.period(), billedWith: period.from }));
  if (!isEmpty) await bill(ports, { tenantId, plan, period, now: given.now, reference: subscription.reference ?? before });
}

async function creditIncluded({ ledger }: Ports, { id, tenantId }: Subscription, { period, plan, isPaid }: { period: Period; plan: Plan; isPaid: boolean }): Promise<void> {
  const lines = await ledger.lines(tenantId, period.from);
  await ledger.post(currenciesOf(lines).flatMap((currency) => creditEntries({
    tenantId, currency, period: period.from, at: new Date(Math.max(period.from.getTime(), period.to.getTime() - 1)),
    source: `${id}/${period.from.toISOString()}/${currency}`, credits: giftsOf(linesIn(lines, currency), { plan, isPaid, period }),
  })));
}

async function bill({ ledger, invoices, tasks }: Ports, given: { tenantId: Subscription['tenantId']; plan: Plan; period: Period; now: Date; reference: string | null }): Promise<void> {
  const all = await ledger.lines(given.tenantId, given.period.from);
  for (const currency of currenciesOf(all)) {
    const lines = linesIn(all, currency);
    if (!isOwed(lines)) continue;
    const credit = (await ledger.balance(given.tenantId, 'credit')).find((one) => one.currency === currency);
    const { invoice, entries } = Invoice.close({
      tenantId: given.tenantId, number: await invoices.nextNumber(given.now.getUTCFullYear()), plan: given.plan.key, period: given.period, currency, lines,
      // The account is below zero by what the tenant is owed.
      owed: negated(credit?.amount ?? ZERO), now: given.now,
    });
    invoices.add(invoice);
    await ledger.post(entries);
    if (invoice.state === 'OPEN' && given.reference) await tasks.add(taskOf({ tenantId: given.tenantId, reference: given.reference, wish: { kind: 'CHARGE', invoiceId: invoice.id }, now: given.now }));
  }
}

import { Aggregate } from '../../../platform/aggregate.ts';
import { compare, isNegative, isZero, least, minus, negated, rounded, sum, ZERO, type Decimal } from '../../../platform/decimal.ts';
import { newId, type InvoiceId, type TenantId } from '../../../platform/ids.ts';
import { invoiceClosed, invoiceSettled } from '../events.ts';
import { entryOf, type EntryKind, type NewEntry } from './ledger.ts';
import type { Period } from './period.ts';
import type { PlanKey } from './plan.ts';

export const INVOICE_STATES = ['OPEN', 'PAID', 'VOID', 'UNCOLLECTIBLE'] as const;
export type InvoiceState = (typeof INVOICE_STATES)[number];
/** Both currencies have cents. */
const MINOR_PLACES = 2;

/** Entries of one kind about one thing, together. */
export interface InvoiceLine { kind: EntryKind; memo: string; metric: string | null; quantity: Decimal | null; amount: Decimal; late: boolean; /** Of a time in which nobody paid. */ free: boolean }

/** What an invoice comes to: its lines to the last digit, rounded once, less what the tenant was owed. */
export function totalsOf(lines: readonly Pick<InvoiceLine, 'amount'>[], owed: Decimal): { exact: Decimal; total: Decimal; credited: Decimal; due: Decimal } {
  const exact = sum(...lines.map(({ amount }) => amount));
  const total = rounded(exact, MINOR_PLACES);
  // Less than nothing is owed to the tenant, and taken off the next one.
  const credited = isNegative(total) ? total : least(total, owed);
  return { exact, total, credited, due: minus(total, credited) };
}

export class Invoice extends Aggregate {
  readonly id: InvoiceId;
  readonly tenantId: TenantId;
  readonly number: string;
  state: InvoiceState;
  readonly plan: PlanKey;
  readonly periodFrom: Date;
  readonly periodTo: Date;
  readonly currency: string;
  readonly lines: InvoiceLine[];
  readonly total: Decimal;
  readonly credited: Decimal;
  readonly due: Decimal;
  readonly closedAt: Date;
  settledAt: Date | null;

  private constructor(given: { tenantId: TenantId; number: string; plan: PlanKey; period: Period; currency: string; lines: InvoiceLine[]; total: Decimal; credited: Decimal; due: Decimal; now: Date }) {
    super();
    this.id = newId('ivc');
    this.tenantId = given.tenantId;
    this.number = given.number;
    this.plan = given.plan;
    this.periodFrom = given.period.from;
    this.periodTo = given.period.to;
    this.currency = given.currency;
    this.lines = given.lines;
    this.total = given.total;
    this.credited = given.credited;
    this.due = given.due;
    this.closedAt = given.now;
    this.state = isZero(given.due) ? 'PAID' : 'OPEN';
    this.settledAt = isZero(given.due) ? given.now : null;
  }

  /** `owed` is what the tenant has to its credit. The entry moves what was unbilled to what is owed. */
  static close(given: { tenantId: TenantId; number: string; plan: PlanKey; period: Period; currency: string; lines: InvoiceLine[]; owed: Decimal; now: Date }): { invoice: Invoice; entries: NewEntry[] } {
    const { exact, ...totals } = totalsOf(given.lines, given.owed);
    const invoice = new Invoice({ ...given, ...totals });
    invoice.record(invoiceClosed(invoice.facts(), { audit: { entityType: 'Invoice', entityId: invoice.id, before: undefined, after: invoice.facts() } }));
    return { invoice, entries: [invoice.entry('INVOICE', given.period.from, given.period.to, [
      { account: 'unbilled', amount: negated(exact) }, { account: 'rounding', amount: minus(exact, totals.total) },
      { account: 'credit', amount: totals.credited }, { account: 'receivable', amount: totals.due },
    ])] };
  }

  /** What the provider charges beside its own price of the plan. */
  beyondFee(): InvoiceLine[] { return this.lines.filter(({ kind }) => kind !== 'SUBSCRIPTION'); }

  /** Answers what to post; nothing when it was settled before. */
  settle(state: Exclude<InvoiceState, 'OPEN'>, { now, period }: { now: Date; period: Date }): NewEntry[] {
    if (this.state === state || this.state === 'PAID') return [];
    const before = this.state;
    this.state = state;
    this.settledAt = now;
    this.record(invoiceSettled({ ...this.facts(), state }, { audit: { entityType: 'Invoice', entityId: this.id, before: { state: before }, after: { state } } }));
    const owes = before === 'OPEN' ? 'receivable' : 'uncollectible';
    const to = state === 'PAID' ? 'cash' : 'uncollectible';
    return owes === to ? [] : [this.entry(state === 'PAID' ? 'PAYMENT' : 'WRITE_OFF', period, now, [{ account: to, amount: this.due }, { account: owes, amount: negated(this.due) }])];
  }

  private facts() {
    const { tenantId, number, currency, total, due, state } = this;
    return { tenantId, invoiceId: this.id, number, total, due, currency, state, periodFrom: this.periodFrom.toISOString(), periodTo: this.periodTo.toISOString() };
  }

  private entry(kind: EntryKind, period: Date, at: Date, postings: NewEntry['postings']): NewEntry {
    return entryOf({ tenantId: this.tenantId, kind, source: this.id, memo: this.number, currency: this.currency, period, at, postings });
  }
}

/** Whether there is anything to say on an invoice: what was wholly included is none. */
export const isOwed = (lines: readonly Pick<InvoiceLine, 'amount'>[]): boolean => compare(sum(...lines.map(({ amount }) => amount)), ZERO) !== 0;

/** What the use cases need of the world. A port is the plural noun of what it keeps; infrastructure says with what. */
import type { Decimal, Money } from '../../../platform/decimal.ts';
import type { InvoiceId, LedgerEntryId, ProviderTaskId, TenantId } from '../../../platform/ids.ts';
import type { Invoice, InvoiceLine } from './invoice.ts';
import type { Account, EntryKind, NewEntry } from './ledger.ts';
import type { Currency, Plan, PlanKey } from './plan.ts';
import type { ProviderTask, Wish } from './provider-task.ts';
import type { Subscription, SubscriptionState } from './subscription.ts';

/** Part of a list: up to `first + 1` rows after the row with these keys; the one more only says that there is one. */
export interface Span { first: number; after: readonly string[] | null }

/** Every version of every plan that was ever sold. */
export interface Plans {
  /** Throws when there is none: whoever names one has bought it. */
  of(key: PlanKey, version: number): Promise<Plan>;
  /** The newest of each, the least first. */
  onSale(): Promise<Plan[]>;
}

/** What a tenant had bought at a moment: what usage of then is worth goes by it. */
export interface Held { plan: PlanKey; planVersion: number; currency: Currency; sandbox: boolean }

export interface Subscriptions {
  of(tenantId: TenantId): Promise<Subscription | null>;
  byTenants(tenantIds: readonly TenantId[]): Promise<Subscription[]>;
  /** Nobody else changes it, and nothing is posted beside it, until this work is done. */
  locked(tenantId: TenantId): Promise<Subscription | null>;
  /** It stays in the period that it is in until this work is done; others may post beside it. */
  shared(tenantId: TenantId): Promise<Subscription | null>;
  add(subscription: Subscription): void;
  /** Null: nothing is known of the tenant yet. Before its first moment it is what it was then. */
  heldAt(tenantId: TenantId, at: Date): Promise<Held | null>;
}

/** The books of one tenant: entries are added, and nothing that is in them ever changes. */
export interface Ledger {
  /** Each in full or none; an entry of a source that is there already is refused. */
  post(entries: readonly NewEntry[]): Promise<void>;
  /** Of the entries up to this moment, it included; of all without one. */
  balance(tenantId: TenantId, account: Account, at?: Date): Promise<Money[]>;
  /** What a period is billed with, in one currency: entries of a kind about one thing together. */
  lines(tenantId: TenantId, period: Date): Promise<(InvoiceLine & { currency: string })[]>;
  /** Postings with what they are of, the newest first. */
  page(tenantId: TenantId, span: Span): Promise<PostingView[]>;
}
export interface PostingView { entryId: LedgerEntryId; seq: number; at: Date; lateAt: Date | null; kind: EntryKind; account: Account; amount: Money; source: string; memo: string }

export interface Invoices {
  byIds(tenantId: TenantId, ids: readonly InvoiceId[]): Promise<Invoice[]>;
  /** The newest first. */
  page(tenantId: TenantId, span: Span): Promise<Invoice[]>;
  /** Those that nobody has paid yet, the oldest first; nobody else changes them until this work is done. */
  unpaid(tenantId: TenantId): Promise<Invoice[]>;
  /** The next number of that year; nobody else has one until this work is done, so that there is no gap. */
  nextNumber(year: number): Promise<string>;
  add(invoice: Invoice): void;
}

export interface ProviderTasks {
  add(task: ProviderTask): Promise<void>;
  /** The first of the tenant's that is not done, if it is due; its turn until so many seconds have passed. */
  take(tenantId: TenantId, now: Date, seconds: number): Promise<ProviderTask | null>;
  done(id: ProviderTaskId): Promise<void>;
  again(id: ProviderTaskId, dueAt: Date, fault: string): Promise<void>;
  /** What is wanted and not done yet. */
  waiting(tenantId: TenantId): Promise<Wish['kind'][]>;
}

/** Of all tenants: those whose period is over, and those of which something is wanted of the provider. */
export interface Due {
  periods(now: Date): Promise<TenantId[]>;
  tasks(now: Date): Promise<TenantId[]>;
}

export interface Ports { plans: Plans; subscriptions: Subscriptions; ledger: Ledger; invoices: Invoices; tasks: ProviderTasks }

/** What a provider says of a subscription at the moment. */
export interface ProviderState {
  customer: string;
  state: SubscriptionState;
  plan: PlanKey;
  planVersion: number;
  seats: number;
  currency: Currency;
  periodFrom: Date;
  periodTo: Date;
  cancelAtPeriodEnd: boolean;
  /** `number` is ours, as `charge` gave it; null on an invoice that is the provider's own. */
  latestInvoice: { reference: string; number: string | null; state: ProviderInvoiceState; amount: Decimal; currency: string } | null;
  disputed: boolean;
}
export type ProviderInvoiceState = 'OPEN' | 'PAID' | 'VOID' | 'UNCOLLECTIBLE';

/** What a line of an invoice says. */
export interface ChargedLine { memo: string; amount: Decimal; metric: string | null; quantity: Decimal | null }

/** Whoever takes the money. Never called in a work: what is wanted is a row first, and is asked for until it is done. */
export interface Payments {
  readonly name: 'local' | 'stripe';
  checkout(asked: { tenantId: TenantId; subscriptionId: string; plan: PlanKey; planVersion: number; seats: number; currency: Currency; returnUrl: string; email: string | null }): Promise<{ url: string; reference: string | null }>;
  portal(asked: { tenantId: TenantId; customer: string; returnUrl: string }): Promise<{ url: string }>;
  /** Moves the subscription there to what ours wants; the same key again does nothing more. */
  change(asked: { reference: string; plan: PlanKey; planVersion: number; seats: number; at: 'now' | 'period-end'; key: string }): Promise<void>;
  cancel(asked: { reference: string; at: 'now' | 'period-end'; key: string }): Promise<void>;
  reactivate(asked: { reference: string; key: string }): Promise<void>;
  /** What it is now: a provider's event is only a reason to look. */
  look(reference: string): Promise<ProviderState>;
  /** The usage of a closed period, onto the provider's invoice. */
  charge(invoice: { number: string; tenantId: TenantId; amount: Money; lines: readonly ChargedLine[]; reference: string; key: string }): Promise<void>;
  report?(usage: readonly { key: string; customer: string; metric: string; quantity: Decimal; at: Date }[]): Promise<void>;
}

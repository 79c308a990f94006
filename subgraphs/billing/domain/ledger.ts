/** Double entry: what is added to one account is taken from another, so that the sum of an entry, and of all books, is zero. */
import { isZero, negated, sum, type Decimal, type Money } from '../../../platform/decimal.ts';
import { newId, type LedgerEntryId, type TenantId } from '../../../platform/ids.ts';
import type { Period } from './period.ts';

/** `unbilled` and `receivable` are what the tenant owes, `cash` what it has paid, `credit` what it is owed; `included` is what its plan gave it. */
export const ACCOUNTS = ['unbilled', 'receivable', 'cash', 'revenue.usage', 'revenue.subscription', 'included', 'credit', 'rounding', 'uncollectible'] as const;
export type Account = (typeof ACCOUNTS)[number];
export const ENTRY_KINDS = ['USAGE', 'SUBSCRIPTION', 'PRORATION', 'INCLUDED', 'INVOICE', 'PAYMENT', 'REFUND', 'WRITE_OFF'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export interface Posting { account: Account; amount: Decimal }
export interface NewEntry {
  id: LedgerEntryId;
  tenantId: TenantId;
  /** When what it says took place; never in a period that is closed. */
  at: Date;
  /** The beginning of the period with which it is billed. */
  period: Date;
  /** When it really took place, if that period was closed by then. */
  lateAt: Date | null;
  kind: EntryKind;
  /** What it came of: an event and its line, an invoice. One source is posted once. */
  source: string;
  metric: string | null;
  quantity: Decimal | null;
  memo: string;
  currency: string;
  postings: readonly Posting[];
}

type Told = Pick<NewEntry, 'tenantId' | 'at' | 'period' | 'kind' | 'source' | 'memo' | 'currency' | 'postings'> & Partial<Pick<NewEntry, 'lateAt' | 'metric' | 'quantity'>>;

/** Refuses what does not sum to zero; the database does so once more. */
export function entryOf(told: Told): NewEntry {
  const postings = told.postings.filter(({ amount }) => !isZero(amount));
  if (postings.length < 2 || !isZero(sum(...postings.map(({ amount }) => amount)))) throw new Error(`An entry of kind ${told.kind} does not sum to zero.`);
  return { id: newId('led'), lateAt: null, metric: null, quantity: null, ...told, postings };
}

/** A line of usage, as worth as it was then. Null when it was worth nothing. What took place in a period that is closed is booked at the beginning of the one that runs. */
export function usageEntry({ running, ...told }: { running: Period; tenantId: TenantId; at: Date; source: string; metric: string; quantity: Decimal; amount: Money }): NewEntry | null {
  const { amount, currency } = told.amount;
  if (isZero(amount)) return null;
  const isLate = told.at < running.from;
  return entryOf({
    tenantId: told.tenantId, kind: 'USAGE', source: told.source, metric: told.metric, quantity: told.quantity, memo: told.metric, currency,
    at: isLate ? running.from : told.at,
    // A period that is over is closed a moment later: what took place since belongs to the next.
    period: told.at < running.to ? running.from : running.to,
    lateAt: isLate ? told.at : null,
    postings: [{ account: 'unbilled', amount }, { account: 'revenue.usage', amount: negated(amount) }],
  });
}

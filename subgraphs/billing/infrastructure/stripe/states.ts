/** What a subscription at Stripe is in Atlas's words. */
import type { Stripe } from 'stripe';
import { isId, type TenantId } from '../../../../platform/ids.ts';
import type { ProviderInvoiceState, ProviderState } from '../../domain/ports.ts';
import type { Currency, Plan, PlanKey } from '../../domain/plan.ts';
import type { Seen } from '../../domain/provider-signals.ts';
import type { SubscriptionState } from '../../domain/subscription.ts';
import { amountOf } from './amounts.ts';
import { partOf } from './prices.ts';

/** What was begun and never paid is nothing that anybody has bought. */
const STATES: Record<string, SubscriptionState> = {
  trialing: 'TRIALING', active: 'ACTIVE', past_due: 'PAST_DUE', unpaid: 'PAST_DUE', paused: 'PAST_DUE', canceled: 'CANCELED', incomplete: 'CANCELED', incomplete_expired: 'CANCELED',
};
const INVOICE_STATES: Record<string, ProviderInvoiceState> = { open: 'OPEN', paid: 'PAID', void: 'VOID', uncollectible: 'UNCOLLECTIBLE' };
/** Of a dispute that is over, or was only asked about, nothing follows. One that is lost has taken the money back. */
const SETTLED = ['won', 'warning_closed', 'prevented'];

export const isOpenDispute = ({ status }: Pick<Stripe.Dispute, 'status'>): boolean => !SETTLED.includes(status);
export const dateOf = (seconds: number): Date => new Date(seconds * 1_000);
export const idOf = (one: string | { id: string } | null | undefined): string | null => (typeof one === 'string' ? one : one?.id ?? null);

/** Whose it is; null when it is nothing of ours: an account may sell other things too. */
export function tenantOf({ metadata }: Pick<Stripe.Subscription, 'metadata'>): TenantId | null {
  const { atlas_tenant: tenant = '' } = metadata;
  return isId('tnt', tenant) ? tenant : null;
}

export interface Items { plan: PlanKey; planVersion: number; month: Stripe.SubscriptionItem; seat: Stripe.SubscriptionItem | null; further: number }

/** The one item of the plan, and that of further seats where there are any. */
export function itemsOf(subscription: Stripe.Subscription): Items {
  const parts = subscription.items.data.map((item) => ({ item, part: partOf(item.price) }));
  const month = parts.find(({ part }) => part?.part === 'month');
  const seat = parts.find(({ part }) => part?.part === 'seat')?.item ?? null;
  if (!month?.part) throw new Error(`The subscription ${subscription.id} holds no plan of ours.`);
  return { plan: month.part.plan, planVersion: month.part.planVersion, month: month.item, seat, further: seat?.quantity ?? 0 };
}

/** Seats that the plan includes are not counted at Stripe; how many were asked for stands beside, and holds where it fits what is paid. */
function seatsOf(subscription: Stripe.Subscription, further: number, { seats: { included } }: Plan): number {
  const asked = Number(subscription.metadata.atlas_seats);
  return Number.isSafeInteger(asked) && Math.max(0, asked - included) === further ? asked : included + further;
}

const standing = (state: SubscriptionState, overdue: boolean): SubscriptionState => (overdue && state !== 'CANCELED' ? 'PAST_DUE' : state);

export async function stateOf(subscription: Stripe.Subscription, given: { planOf: (key: PlanKey, version: number) => Promise<Plan>; invoice: Stripe.Invoice | null; disputed: boolean; overdue: boolean }): Promise<ProviderState> {
  const { plan, planVersion, month, further } = itemsOf(subscription);
  const ends = subscription.cancel_at_period_end || (subscription.cancel_at !== null && subscription.cancel_at <= month.current_period_end);
  return {
    customer: idOf(subscription.customer)!, state: standing(STATES[subscription.status] ?? 'PAST_DUE', given.overdue), plan, planVersion,
    currency: subscription.currency.toUpperCase() as Currency, seats: seatsOf(subscription, further, await given.planOf(plan, planVersion)),
    periodFrom: dateOf(month.current_period_start), periodTo: dateOf(month.current_period_end), cancelAtPeriodEnd: ends,
    latestInvoice: given.invoice && invoiceOf(given.invoice), disputed: given.disputed,
  };
}

/** A draft is nothing yet. */
export function invoiceOf({ id, status, total, currency, metadata }: Stripe.Invoice): ProviderState['latestInvoice'] {
  const state = INVOICE_STATES[status ?? ''];
  const said = currency.toUpperCase();
  return state ? { reference: id, number: metadata?.atlas_invoice ?? null, state, amount: amountOf(total, said), currency: said } : null;
}

/** Whose it is and what it is, for whoever applies it. */
export const seenAs = ({ subscription, state }: { subscription: Stripe.Subscription; state: ProviderState }): Seen =>
  ({ tenantId: tenantOf(subscription)!, reference: subscription.id, state });

export const subscriptionOf = ({ parent }: Stripe.Invoice): string | null => idOf(parent?.subscription_details?.subscription);

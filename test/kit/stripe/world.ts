/**
 * What a Stripe account holds, and its clock. Objects have the shapes that Stripe documents for the API version that the
 * SDK is pinned to, as far as Atlas reads them; every change is told as an event.
 */
import { randomBytes } from 'node:crypto';
import { missing, type Params } from './form.ts';

export interface StripeObject extends Params { id: string; object: string }
export interface StripeEvent { id: string; object: 'event'; type: string; created: number; livemode: boolean; api_version: string; data: { object: StripeObject }; pending_webhooks: number; request: null }

const PREFIX: Record<string, string> = {
  customer: 'cus', product: 'prod', price: 'price', 'checkout.session': 'cs_test', 'billing_portal.session': 'bps', subscription: 'sub', subscription_item: 'si',
  subscription_schedule: 'sub_sched', invoice: 'in', invoiceitem: 'ii', invoice_payment: 'inpay', payment_intent: 'pi', charge: 'ch', dispute: 'du', 'billing.meter': 'mtr', event: 'evt', request: 'req',
};

export class StripeWorld {
  readonly objects = new Map<string, StripeObject>();
  readonly events: StripeEvent[] = [];
  readonly meterEvents: StripeObject[] = [];
  /** What the cards of a customer do: those that are not here pay. */
  readonly declining = new Set<string>();
  private aheadSeconds = 0;

  constructor(readonly version: string, readonly livemode: boolean) {}

  now(): number { return Math.floor(Date.now() / 1_000) + this.aheadSeconds; }
  advance(seconds: number): void { this.aheadSeconds += seconds; }

  id(kind: string): string { return `${PREFIX[kind]!}_${randomBytes(9).toString('hex')}`; }

  add(kind: string, fields: Params): StripeObject {
    const made: StripeObject = { id: this.id(kind), object: kind, created: this.now(), livemode: this.livemode, ...fields };
    this.objects.set(made.id, made);
    return made;
  }
  get(kind: string, id: unknown): StripeObject {
    const found = this.objects.get(String(id));
    if (!found || found.object !== kind) throw missing(kind, String(id));
    return found;
  }
  /** The newest first, as Stripe lists. */
  all(kind: string): StripeObject[] { return [...this.objects.values()].filter(({ object }) => object === kind).reverse(); }

  /** The object as it is now is what the event holds, for ever. */
  tell(type: string, object: StripeObject): StripeEvent {
    const event: StripeEvent = {
      id: this.id('event'), object: 'event', type, created: this.now(), livemode: this.livemode, api_version: this.version,
      data: { object: structuredClone(object) }, pending_webhooks: 1, request: null,
    };
    this.events.push(event);
    return event;
  }
}

/** Seconds of the same day a month later; the last one of a shorter month. */
export function monthAfter(seconds: number): number {
  const at = new Date(seconds * 1_000);
  const day = at.getUTCDate();
  at.setUTCDate(1);
  at.setUTCMonth(at.getUTCMonth() + 1);
  at.setUTCDate(Math.min(day, new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate()));
  return at.getTime() / 1_000;
}

export const listOf = (url: string, data: readonly unknown[], hasMore = false): Params => ({ object: 'list', url, has_more: hasMore, data });

/** Webhooks of a Stripe for a test: each event as it was, signed as Stripe signs, sent when and as often as the test says. */
import Stripe from 'stripe';
import type { StripeEvent, StripeWorld } from './world.ts';

export const HOOK_SECRET = 'whsec_atlas_local_one';

export interface Sending { secret?: string; atSeconds?: number; header?: string; body?: string }
export interface Hooks {
  /** Where they go. */
  url: string | null;
  /** Sends what has not been sent, oldest first; `order` may put them otherwise, leave some out or name some twice. The statuses that came back. */
  flush(order?: (waiting: StripeEvent[]) => StripeEvent[]): Promise<number[]>;
  send(event: StripeEvent, how?: Sending): Promise<Response>;
}

const sdk = new Stripe('sk_test_only_signs');

/** The header that Stripe would send with this body. */
export const signed = (payload: string, { secret = HOOK_SECRET, atSeconds = Math.floor(Date.now() / 1_000) }: Sending = {}): string =>
  sdk.webhooks.generateTestHeaderString({ payload, secret, timestamp: atSeconds });

export function hooksOf(world: StripeWorld): Hooks {
  const sent = new Set<string>();
  const hooks: Hooks = {
    url: null,
    async send(event, how = {}) {
      const body = how.body ?? JSON.stringify(event, null, 2);
      sent.add(event.id);
      return fetch(hooks.url!, { method: 'POST', headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)', 'stripe-signature': how.header ?? signed(body, how) }, body });
    },
    async flush(order = (waiting) => waiting) {
      const statuses: number[] = [];
      const waiting = world.events.filter(({ id }) => !sent.has(id));
      // Also those that the order leaves out; not what happens while these are sent.
      for (const { id } of waiting) sent.add(id);
      for (const event of order(waiting)) statuses.push((await hooks.send(event)).status);
      return statuses;
    },
  };
  return hooks;
}

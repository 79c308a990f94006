/** Everything at Stripe that is ours, listed: for whoever compares. */
import type { Stripe } from 'stripe';
import type { Plan } from '../../domain/plan.ts';
import type { Difference, ProviderListing } from '../../domain/provider-compare.ts';
import type { Seen } from '../../domain/provider-signals.ts';
import { reached } from './account.ts';
import type { Looks } from './looks.ts';
import type { Prices } from './prices.ts';
import { seenAs, tenantOf } from './states.ts';

interface Given { stripe: Stripe; looks: Looks; prices: Prices; plans: () => Promise<Plan[]> }

export function stripeListing({ stripe, looks, prices, plans }: Given): ProviderListing {
  const look = async (reference: string): Promise<Seen | null> => {
    const seen = await looks.at(reference);
    return seen && seenAs(seen);
  };
  return {
    look: (reference) => reached(() => look(reference)),
    async *subscriptions() {
      const pages = stripe.subscriptions.list({ status: 'all', limit: 100 })[Symbol.asyncIterator]();
      for (let next = await reached(() => pages.next()); !next.done; next = await reached(() => pages.next())) {
        const { id } = next.value;
        const seen = tenantOf(next.value) ? await reached(() => look(id)) : null;
        if (seen) yield seen;
      }
    },
    faults: (mend) => reached(async () => {
      const faults: Difference[] = [];
      for (const plan of await plans()) {
        const found = await prices.check(plan);
        if (mend && found.length > 0) await prices.mend(plan).catch(() => undefined); // what is left is said below
        const left = mend ? await prices.check(plan) : found;
        faults.push(...found.map((what) => ({ about: 'prices', what, mended: mend ? !left.includes(what) : null })));
      }
      return faults;
    }),
  };
}

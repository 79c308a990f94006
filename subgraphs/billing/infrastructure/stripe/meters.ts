/**
 * What was used, in whole numbers, as Stripe's meters show it: others they do not take. No price hangs on a meter: what usage is worth is reckoned in Atlas's books alone
 * and charged by invoice, so that nothing is charged twice.
 */
import { createHash } from 'node:crypto';
import type { Stripe } from 'stripe';
import { isZero, rounded } from '../../../../platform/decimal.ts';
import type { Payments } from '../../domain/ports.ts';
import { isCode, says } from './account.ts';

type Usage = Parameters<NonNullable<Payments['report']>>[0];
export interface Meters { report(usage: Usage): Promise<void> }

/** Older events are not taken any more. */
const TAKEN_DAYS = 34;
const NAME_MAX = 100;

/** As long as Stripe takes it. */
const nameOf = (key: string): string => (key.length <= NAME_MAX ? key : createHash('sha256').update(key).digest('hex'));

export const meterOf = (metric: string): string => `atlas_${metric.replace(/[^a-z0-9]+/g, '_')}`;

export function metersAt(stripe: Stripe): Meters {
  let known: Promise<Set<string>> | null = null;
  const ensure = async (metric: string): Promise<string> => {
    const name = meterOf(metric);
    known ??= active(stripe);
    const names = await known.catch((error: unknown) => { known = null; throw error; });
    if (names.has(name)) return name;
    await stripe.billing.meters.create({ display_name: metric, event_name: name, default_aggregation: { formula: 'sum' } })
      .catch((error: unknown) => { if (!isCode(error, 'resource_already_exists')) throw error; });
    names.add(name);
    return name;
  };
  return {
    async report(usage) {
      const oldest = Date.now() - TAKEN_DAYS * 86_400_000;
      for (const { key, customer, metric, quantity, at } of usage) {
        const value = rounded(quantity, 0);
        if (isZero(value) || at.getTime() < oldest) continue;
        const name = await ensure(metric);
        const identifier = nameOf(key);
        await stripe.billing.meterEvents.create({ event_name: name, identifier, timestamp: Math.floor(at.getTime() / 1_000), payload: { stripe_customer_id: customer, value } }, { idempotencyKey: identifier })
          .catch((error: unknown) => { if (!says(error, /already exists with identifier/)) throw error; });
      }
    },
  };
}

async function active(stripe: Stripe): Promise<Set<string>> {
  const names = new Set<string>();
  for await (const { event_name: name } of stripe.billing.meters.list({ status: 'active', limit: 100 })) names.add(name);
  return names;
}

import { times } from '../../../platform/decimal.ts';
import type { TenantId } from '../../../platform/ids.ts';
import type { Counted } from '../domain/counted.ts';
import type { MeterPorts, Priced } from '../domain/meter-ports.ts';
import { isLevel } from '../domain/metric.ts';
import { unitPricesFor, type UnitPrices } from '../domain/plan.ts';
import type { Held } from '../domain/ports.ts';
import type { Subscription } from '../domain/subscription.ts';

/** What each line is worth by the plan of its moment, or by the one that whoever told it went by and said so. A change of a level costs nothing by itself: what is asked for is how long it lasts. */
export async function priceLines(lines: readonly Counted[], tenantId: TenantId, subscription: Subscription | null, ports: Pick<MeterPorts, 'plans' | 'subscriptions'>): Promise<Priced[]> {
  const priced: Priced[] = [];
  for (const line of lines) {
    const free = { ...line, amount: null, currency: null };
    if (isLevel(line.metric)) {
      priced.push(free);
      continue;
    }
    const held = heldNow(subscription, line.at) ?? await ports.subscriptions.heldAt(tenantId, line.at);
    // Its first moment is told to this service too, on another way: the next try finds it.
    if (!held) throw new Error('What the tenant has bought is not known here yet.');
    const price = (await pricesOf(held, line.plan, ports))[line.metric];
    priced.push(price === undefined ? free : { ...line, amount: times(line.quantity, price), currency: held.currency });
  }
  return priced;
}

const heldNow = (subscription: Subscription | null, at: Date): Held | null => (subscription && at >= subscription.heldSince ? subscription : null);

const PLAN = /^([A-Z]+)@(\d{1,9})$/;
async function pricesOf(held: Held, said: string | null, { plans }: Pick<MeterPorts, 'plans'>): Promise<UnitPrices> {
  const [, key, version] = PLAN.exec(said ?? '') ?? [];
  const plan = await plans.of((key ?? held.plan) as Held['plan'], version === undefined ? held.planVersion : Number(version));
  return unitPricesFor(plan, held);
}

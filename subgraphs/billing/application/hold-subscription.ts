import type { TenantId } from '../../../platform/ids.ts';
import type { Ports } from '../domain/ports.ts';
import { Subscription } from '../domain/subscription.ts';
import { closePeriod } from './close-period.ts';

/** Part of a work: the tenant's subscription, held until the work is done, with every period closed that is over. Null: nothing is known of the tenant. */
export async function holdSubscription(ports: Ports, tenantId: TenantId, now: Date): Promise<Subscription | null> {
  const held = await ports.subscriptions.locked(tenantId);
  while (held?.isOver(now)) {
    const { plan: key, seats } = held.following();
    const plan = key === held.plan ? await ports.plans.of(key, held.planVersion) : (await ports.plans.onSale()).find((one) => one.key === key)!;
    const at = held.periodTo;
    await closePeriod(ports, held, { at, now, begin: () => { held.turn(plan, { seats: seats ?? plan.seats.included, at }); return plan; } });
  }
  return held;
}

/** The same; one that there is not is begun, for whoever asks knows whether the tenant is a sandbox. */
export async function holdOrOpen(ports: Ports, { tenantId, sandbox, now }: { tenantId: TenantId; sandbox: boolean; now: Date }): Promise<Subscription> {
  const held = await holdSubscription(ports, tenantId, now);
  if (held) return held;
  const [plan] = await ports.plans.onSale();
  const opened = Subscription.open({ tenantId, sandbox, plan: plan!, now });
  ports.subscriptions.add(opened);
  return opened;
}

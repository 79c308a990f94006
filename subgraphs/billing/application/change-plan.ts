import { AtlasError } from '../../../platform/errors.ts';
import { invalid } from '../../../platform/text.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import { prorationEntries } from '../domain/charges.ts';
import { isAbove, type Plan, type PlanKey } from '../domain/plan.ts';
import type { Ports } from '../domain/ports.ts';
import { taskOf, type Moment, type Wish } from '../domain/provider-task.ts';
import type { Subscription } from '../domain/subscription.ts';
import { viewOf, type SubscriptionView } from '../domain/subscription-view.ts';
import { closePeriod } from './close-period.ts';
import { holdOrOpen } from './hold-subscription.ts';
import { tenantOf } from './tenant-of.ts';

export interface ChangePlanInput { plan: PlanKey; seats?: number | null }
export type ChangePlan = ReturnType<typeof changePlan>;
interface Wanted { plan: Plan; seats: number }

/** Up at once, down when the period ends. The plan that it has again takes back whatever was to follow, a cancellation too. */
export const changePlan = (given: { work: Work<Ports>; now: () => Date; wished: () => void }) => async (viewer: Viewer, input: ChangePlanInput): Promise<{ subscription: SubscriptionView }> => {
  const tenantId = tenantOf(viewer);
  const changed = await given.work(viewer, async (ports) => {
    const now = given.now();
    const held = await holdOrOpen(ports, { tenantId, sandbox: viewer.sandbox, now });
    const wanted = await wantedOf(ports, held, input);
    const isSame = wanted.plan.key === held.plan && wanted.seats === held.seats;
    if (isSame) await keepOn(ports, held, now);
    else if (wanted.plan.key === 'FREE') await end(ports, held, now);
    else if (held.isPaid()) await move(ports, held, wanted, now);
    else await moveUnpaid(ports, held, wanted, now);
    return { subscription: viewOf(held) };
  });
  given.wished();
  return changed;
};

/** A plan that is held stays the version that was bought. */
export async function wantedOf({ plans }: Ports, held: Subscription, { plan: key, seats }: ChangePlanInput): Promise<Wanted> {
  const plan = key === held.plan ? await plans.of(key, held.planVersion) : (await plans.onSale()).find((one) => one.key === key)!;
  const wanted = seats ?? (key === held.plan ? held.seats : plan.seats.included);
  if (wanted < plan.seats.included || wanted > plan.seats.max) throw invalid(`${plan.name} has from ${plan.seats.included} to ${plan.seats.max} seats.`, 'seats');
  return { plan, seats: wanted };
}

const wish = ({ tasks }: Ports, { tenantId, reference }: Subscription, wanted: Wish, now: Date): Promise<void> =>
  (reference === null ? Promise.resolve() : tasks.add(taskOf({ tenantId, reference, wish: wanted, now })));

const endOf = ({ periodTo }: Subscription): Moment => ({ periodTo: periodTo.toISOString() });

async function keepOn(ports: Ports, held: Subscription, now: Date): Promise<void> {
  const had = held.nextPlan !== null;
  held.goOn();
  if (had) await wish(ports, held, { kind: 'REACTIVATE' }, now);
}

export async function end(ports: Ports, held: Subscription, now: Date, reason: string | null = null): Promise<void> {
  const before = held.state;
  held.cancel(reason);
  if (before !== 'CANCELED') await wish(ports, held, { kind: 'CANCEL', at: endOf(held) }, now);
}

async function move(ports: Ports, held: Subscription, { plan, seats }: Wanted, now: Date): Promise<void> {
  const isUp = isAbove(plan.key, held.plan) || (plan.key === held.plan && seats > held.seats);
  if (isUp) {
    const before = { plan: await ports.plans.of(held.plan, held.planVersion), seats: held.seats };
    await ports.ledger.post(prorationEntries(held, { before, after: { plan, seats }, period: held.period(), now }));
    held.switch(plan, seats, now);
  } else {
    held.schedule(plan.key, seats);
  }
  await wish(ports, held, { kind: 'CHANGE', plan: plan.key, planVersion: plan.version, seats, at: isUp ? 'now' : endOf(held) }, now);
}

/** Nobody pays: a sandbox takes what it likes, and a tenant tries out a plan once. */
async function moveUnpaid(ports: Ports, held: Subscription, { plan, seats }: Wanted, now: Date): Promise<void> {
  if (held.sandbox || held.state === 'TRIALING') return held.switch(plan, seats, now);
  if (held.state === 'CANCELED') throw new AtlasError('WRONG_STATE', 'The trial is cancelled: take that back first, or begin to pay.');
  await closePeriod(ports, held, { at: now, now, begin: () => { held.try(plan, seats, now); return plan; } });
}

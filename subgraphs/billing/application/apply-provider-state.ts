import type { TenantId } from '../../../platform/ids.ts';
import { prorationEntries } from '../domain/charges.ts';
import { DAY_MS } from '../domain/period.ts';
import type { Ports, ProviderState } from '../domain/ports.ts';
import { taskOf } from '../domain/provider-task.ts';
import type { Subscription } from '../domain/subscription.ts';
import { closePeriod } from './close-period.ts';
import { holdSubscription } from './hold-subscription.ts';

export interface Look { tenantId: TenantId; reference: string; state: ProviderState; now: Date }

/** Part of a work: what the provider says of a subscription becomes ours, whoever the provider is. What is applied again changes nothing. */
export async function applyProviderState(ports: Ports, look: Look): Promise<void> {
  const subscription = await holdSubscription(ports, look.tenantId, look.now);
  if (!subscription) return;
  if (subscription.reference === look.reference) await follow(ports, subscription, look);
  else if (subscription.reference === null && look.state.state !== 'CANCELED' && !(await isAsked(ports, look))) await begin(ports, subscription, look);
  await settle(ports, subscription, look);
}

/** Somebody has begun to pay: what ran until then is over. */
async function begin(ports: Ports, subscription: Subscription, { reference, state, now }: Look): Promise<void> {
  const plan = await ports.plans.of(state.plan, state.planVersion);
  const from = new Date(Math.max(state.periodFrom.getTime(), subscription.periodFrom.getTime()));
  await closePeriod(ports, subscription, { at: from, now, begin: () => {
    subscription.pay(plan, { seats: state.seats, currency: state.currency, reference, customer: state.customer, period: { from, to: state.periodTo }, anchor: state.periodFrom });
    return plan;
  } });
}

async function follow(ports: Ports, subscription: Subscription, { state, now }: Look): Promise<void> {
  if (state.state === 'CANCELED') {
    const [free] = await ports.plans.onSale();
    return closePeriod(ports, subscription, { at: now, now, begin: () => { subscription.turn(free!, { seats: free!.seats.included, at: new Date(Math.max(now.getTime(), subscription.periodFrom.getTime())) }); return free!; } });
  }
  if (!(await isAsked(ports, subscription))) await adopt(ports, subscription, state, now);
  subscription.stand(state.state === 'PAST_DUE' || state.disputed ? 'PAST_DUE' : 'ACTIVE');
}

/** What we want of it and it has not heard yet is not undone by what it was before. */
const isAsked = async ({ tasks }: Ports, { tenantId }: { tenantId: TenantId }): Promise<boolean> => (await tasks.waiting(tenantId)).some((kind) => kind !== 'LOOK' && kind !== 'CHARGE');

/** What was changed over there, by whoever pays. */
async function adopt(ports: Ports, subscription: Subscription, state: ProviderState, now: Date): Promise<void> {
  if (state.plan !== subscription.plan || state.seats !== subscription.seats) {
    const [before, after] = [await ports.plans.of(subscription.plan, subscription.planVersion), await ports.plans.of(state.plan, state.planVersion)];
    await ports.ledger.post(prorationEntries(subscription, { before: { plan: before, seats: subscription.seats }, after: { plan: after, seats: state.seats }, period: subscription.period(), now }));
    subscription.switch(after, state.seats, now);
  }
  subscription.fit({ from: state.periodFrom, to: state.periodTo });
  if (state.cancelAtPeriodEnd && subscription.state !== 'CANCELED') subscription.cancel();
  if (!state.cancelAtPeriodEnd && subscription.state === 'CANCELED') subscription.goOn();
}

async function settle({ invoices, ledger, tasks }: Ports, { tenantId, periodFrom }: Subscription, { reference, state, now }: Look): Promise<void> {
  const said = state.latestInvoice;
  if (!said) return;
  if (said.state === 'OPEN') {
    // A payment that was declined is looked at again, whether or not anybody tells us of it.
    if (!(await tasks.waiting(tenantId)).includes('LOOK')) await tasks.add(taskOf({ tenantId, reference, wish: { kind: 'LOOK' }, now, afterMs: DAY_MS }));
    return;
  }
  const outcome = said.state;
  const unpaid = await invoices.unpaid(tenantId);
  // One that is the provider's own is for the plan alone, and pays those of ours that are.
  const meant = said.number === null ? unpaid.filter((invoice) => outcome === 'PAID' && invoice.beyondFee().length === 0) : unpaid.filter(({ number }) => number === said.number);
  await ledger.post(meant.flatMap((invoice) => invoice.settle(outcome, { now, period: periodFrom })));
}

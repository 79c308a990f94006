/** A wish that the provider hears of after its period is over is about that period all the same. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, type TenantId } from '../../platform/ids.ts';
import { systemViewer } from '../../platform/viewer.ts';
import { movedClock } from '../../test/kit/billing.ts';
import { openBillingTables, type BillingTables } from '../../test/kit/stripe-billing.ts';
import { cancelSubscription } from './application/cancel-subscription.ts';
import { changePlan } from './application/change-plan.ts';
import { doProviderTasks } from './application/do-provider-tasks.ts';
import { holdSubscription } from './application/hold-subscription.ts';
import type { PlanKey } from './domain/plan.ts';
import type { Payments } from './domain/ports.ts';
import { taskOf } from './domain/provider-task.ts';
import { Subscription } from './domain/subscription.ts';
import { localPayments } from './infrastructure/local-payments.ts';
import { postgresDue } from './infrastructure/postgres-provider-tasks.ts';

let tables: BillingTables;
beforeAll(async () => { tables = await openBillingTables(); });
afterAll(() => tables?.stop());

/** A tenant that has paid for a month of a plan, and the rounds of whoever speaks with the provider: begun by the test. */
async function paying(plan: PlanKey) {
  const clock = movedClock();
  const local: Payments = localPayments({ database: tables.database, now: clock.now });
  const hooks = { reactivated: () => {} };
  const payments: Payments = { ...local, reactivate: async (asked) => { await local.reactivate(asked); hooks.reactivated(); } };
  const given = { ...tables.desk, now: clock.now, wished: () => undefined };
  const faults: unknown[] = [];
  const tenantId = newId('tnt');
  const viewer = systemViewer('billing', tenantId);
  await tables.desk.work(viewer, async ({ plans, subscriptions }) => subscriptions.add(Subscription.open({ tenantId, sandbox: false, plan: (await plans.onSale())[0]!, now: clock.now() })));
  const { reference } = await payments.checkout({ tenantId, subscriptionId: newId('sub'), plan, planVersion: 1, seats: plan === 'TEAM' ? 10 : 25, currency: 'USD', returnUrl: 'https://app.example.com/', email: null });
  await tables.desk.work(viewer, ({ tasks }) => tasks.add(taskOf({ tenantId, reference: reference!, wish: { kind: 'LOOK' }, now: clock.now() })));
  const round = doProviderTasks({ ...given, due: postgresDue(tables.database), payments, onFault: (fault) => faults.push(fault) });
  const tenant = {
    clock, faults, hooks,
    change: (to: PlanKey) => changePlan(given)(viewer, { plan: to }),
    cancel: () => cancelSubscription(given)(viewer, {}),
    /** One wish is done. */
    one: () => round(),
    /** All of them are. */
    async all() { while (await round()); },
    held: (): Promise<Subscription> => tables.desk.work(viewer, async (ports) => (await holdSubscription(ports, tenantId, clock.now()))!),
    there: () => payments.look(reference!),
    fees: (): Promise<string[]> => tables.desk.look(viewer, async ({ invoices }) => feesIn(await invoices.page(tenantId as TenantId, { first: 20, after: null }))),
  };
  await tenant.all();
  expect(await tenant.held()).toMatchObject({ plan, reference });
  return tenant;
}
const feesIn = (invoices: readonly { lines: readonly { kind: string; amount: string }[] }[]): string[] =>
  invoices.flatMap(({ lines }) => lines.filter(({ kind }) => kind === 'SUBSCRIPTION').map(({ amount }) => amount)).reverse();

describe('a wish that is heard of after the period it was about', () => {
  it('to cancel costs not a month more', async () => {
    const tenant = await paying('TEAM');
    await tenant.cancel();
    tenant.clock.forwardDays(32);
    expect(await tenant.there()).toMatchObject({ state: 'ACTIVE' }); // another month has begun over there
    await tenant.all();
    expect(await tenant.there()).toMatchObject({ state: 'CANCELED' });
    expect(await tenant.held()).toMatchObject({ plan: 'FREE', state: 'ACTIVE', reference: null });
    expect(await tenant.fees()).toEqual(['49']);
    expect(tenant.faults).toEqual([]);
  });

  it('to cancel after all, with the end of the period between the two wishes, buys nothing anew', async () => {
    const tenant = await paying('TEAM');
    await tenant.cancel();
    await tenant.change('TEAM');
    await tenant.cancel();
    // That it goes on is heard of, and looked at once the period is over; that it ends has still to be said.
    tenant.hooks.reactivated = () => tenant.clock.forwardDays(32);
    const steps: { plan: PlanKey; reference: string | null }[] = [];
    await tenant.one();
    while (await tenant.one()) steps.push(await tenant.held());
    expect(steps.map(({ plan, reference }) => [plan, reference])).toEqual(steps.map(() => ['FREE', null]));
    expect(steps).not.toEqual([]);
    expect(await tenant.there()).toMatchObject({ state: 'CANCELED' });
    expect(await tenant.fees()).toEqual(['49']);
    expect(tenant.faults).toEqual([]);
  });

  it('to have less is made at once', async () => {
    const tenant = await paying('BUSINESS');
    await tenant.change('TEAM');
    tenant.clock.forwardDays(32);
    expect(await tenant.there()).toMatchObject({ plan: 'BUSINESS' });
    await tenant.all();
    expect(await tenant.there()).toMatchObject({ plan: 'TEAM', seats: 10, state: 'ACTIVE' });
    expect(await tenant.held()).toMatchObject({ plan: 'TEAM', seats: 10, state: 'ACTIVE', nextPlan: null });
    expect(await tenant.fees()).toEqual(['249', '49']);
  });

  it('to go on is forgotten where it has ended, and keeps no later wish waiting', async () => {
    const tenant = await paying('TEAM');
    await tenant.cancel();
    await tenant.all();
    await tenant.change('TEAM');
    tenant.clock.forwardDays(32);
    await tenant.all();
    expect(await tenant.there()).toMatchObject({ state: 'CANCELED' });
    expect(await tenant.held()).toMatchObject({ plan: 'FREE', reference: null });
    expect(tenant.faults).toEqual([]);
  });
});

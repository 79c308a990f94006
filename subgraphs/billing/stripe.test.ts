/** Billing with Stripe for whoever takes the money: from the webhook's door to what a tenant may do, and what the doctor says. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { examineBilling } from '../../platform/commands/billing.ts';
import { negated, sum, times, type Decimal } from '../../platform/decimal.ts';
import { systemViewer } from '../../platform/viewer.ts';
import { cancel, change, checkout, invoicesOf, movedClock, portal, whenSubscribed } from '../../test/kit/billing.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { startServices, WHOLE, type Kit } from '../../test/kit/services.ts';
import { HOOK_SECRET, signed } from '../../test/kit/stripe/hooks.ts';
import { openStripe, TEST_KEY, type StripeServer } from '../../test/kit/stripe-server.ts';
import { codeOf, done, newTenant, stranger, type TestTenant } from '../../test/kit/tenants.ts';

const clock = movedClock();
let stripe: StripeServer;
let kit: Kit;
beforeAll(async () => {
  stripe = await openStripe();
  // Stripe knows whole seconds: nobody goes through a checkout within the second in which the tenant began.
  stripe.world.advance(2);
  kit = await startServices(WHOLE, { env: { STRIPE_SECRET_KEY: TEST_KEY, STRIPE_API_URL: stripe.url, STRIPE_WEBHOOK_SECRETS: HOOK_SECRET }, override: { now: clock.now } });
  stripe.hooks.url = `${kit.atlas.url!}/webhooks/stripe`;
});
afterAll(async () => {
  await kit?.stop();
  await stripe?.stop();
});

const begun = async (): Promise<TestTenant> => {
  const tenant = await newTenant(kit);
  await whenSubscribed(kit, tenant, { plan: 'FREE' });
  return tenant;
};
/** Through the checkout, and told of it. */
async function pays(tenant: TestTenant, input: Record<string, unknown>): Promise<{ reference: string; customer: string }> {
  const { url } = done(await checkout(kit, tenant.owner, input));
  const { id: reference, customer } = stripe.acts.completeCheckout((url as string).split('/').pop()!);
  await told();
  await whenSubscribed(kit, tenant, { plan: input.plan, isPaid: true });
  return { reference, customer: customer as string };
}
const told = async () => { for (const status of await stripe.hooks.flush()) expect(status).toBe(200); };
const atStripe = (reference: string) => stripe.world.get('subscription', reference);
const linesOf = ({ lines }: { lines: { kind: string; amount: Decimal }[] }, kind: string): Decimal[] => lines.filter((line) => line.kind === kind).map(({ amount }) => amount);
const monthLater = (reference: string) => { clock.forwardDays(32); stripe.world.advance(32 * 86_400 - 60); stripe.acts.renew(reference); };

describe('a tenant that pays through Stripe', () => {
  it('tries, pays, moves up, is billed, moves down, leaves and is asked no more', async () => {
    const tenant = await begun();
    expect(done(await change(kit, tenant.owner, { plan: 'TEAM' })).subscription).toMatchObject({ state: 'TRIALING' });
    const { reference, customer } = await pays(tenant, { plan: 'TEAM', seats: 12 });
    await whenSubscribed(kit, tenant, { plan: 'TEAM', state: 'ACTIVE', seats: 12 });
    expect(done(await portal(kit, tenant.owner)).url).toMatch(/^https:\/\/billing\.stripe\.com\//);

    done(await change(kit, tenant.owner, { plan: 'BUSINESS' }));
    await eventually('Business at Stripe', () => atStripe(reference).items.data[0].price.lookup_key === 'atlas_business_v1_month');
    await told();
    await whenSubscribed(kit, tenant, { plan: 'BUSINESS', state: 'ACTIVE' });
    // What is beyond the price of the plan is paid by an invoice of ours at Stripe, to the cent.
    monthLater(reference);
    const [prorated] = await eventually('all of it paid', async () => {
      await told();
      const invoices = await invoicesOf(kit, tenant);
      return invoices.every(({ state }) => state === 'PAID') && invoices.filter((one) => linesOf(one, 'PRORATION').length > 0).length > 0 && invoices.filter((one) => linesOf(one, 'PRORATION').length > 0);
    });
    const beyond = sum(prorated.due.amount as Decimal, ...linesOf(prorated, 'SUBSCRIPTION').map(negated));
    expect(stripe.world.all('invoice').find(({ metadata }) => metadata.atlas_invoice === prorated.number)).toMatchObject({ status: 'paid', total: Number(times(beyond, 100)) });
    // What Stripe has taken is what the invoices say, in all.
    const taken = stripe.world.all('invoice').filter((one) => one.customer === customer).reduce((all, one) => all + (one.amount_paid as number), 0);
    expect(times(sum(...(await invoicesOf(kit, tenant)).map(({ due }): Decimal => due.amount)), 100)).toBe(String(taken));

    done(await cancel(kit, tenant.owner));
    await eventually('the end at Stripe', () => atStripe(reference).cancel_at_period_end === true);
    monthLater(reference);
    await told();
    await whenSubscribed(kit, tenant, { plan: 'FREE', isPaid: false });
    expect(atStripe(reference).status).toBe('canceled');
  });

  it('whose card declines is past due until it pays, and on its own when it never does', async () => {
    const tenant = await begun();
    const { reference, customer } = await pays(tenant, { plan: 'TEAM' });
    stripe.acts.card(customer, 'declines');
    monthLater(reference);
    await told();
    await whenSubscribed(kit, tenant, { state: 'PAST_DUE' });
    stripe.acts.card(customer, 'pays');
    stripe.acts.retry(reference);
    await told();
    await whenSubscribed(kit, tenant, { plan: 'TEAM', state: 'ACTIVE' });
    stripe.acts.card(customer, 'declines');
    monthLater(reference);
    for (let tries = 0; tries < 3; tries += 1) stripe.acts.retry(reference);
    await told();
    await whenSubscribed(kit, tenant, { plan: 'FREE', isPaid: false });
  });

  it('that asks its bank for the money back is past due until that is settled', async () => {
    const tenant = await begun();
    const { reference } = await pays(tenant, { plan: 'TEAM' });
    const dispute = stripe.acts.dispute(atStripe(reference).latest_invoice as string);
    await told();
    await whenSubscribed(kit, tenant, { state: 'PAST_DUE' });
    stripe.acts.closeDispute(dispute.id, 'won');
    await told();
    await whenSubscribed(kit, tenant, { state: 'ACTIVE' });
  });
});

describe('while Stripe is away', () => {
  it('what is wanted of it waits, and is done once when it is back', async () => {
    const tenant = await begun();
    const { reference } = await pays(tenant, { plan: 'TEAM' });
    stripe.faults.push({ fits: /^POST \/v1\/subscriptions\//, times: 1, status: 429 }, { fits: /^POST \/v1\/subscriptions\//, times: 2, how: 'answer-lost' });
    const before = stripe.world.events.length;
    done(await change(kit, tenant.owner, { plan: 'TEAM', seats: 20 }));
    await eventually('twenty seats at Stripe', () => atStripe(reference).metadata.atlas_seats === '20' && stripe.faults.every(({ times }) => times === 0));
    await told();
    await whenSubscribed(kit, tenant, { seats: 20, state: 'ACTIVE' });
    expect(stripe.world.events.slice(before).filter(({ type }) => type === 'customer.subscription.updated')).toHaveLength(1);
  });
});

describe('the door of webhooks', () => {
  const post = (body: string, headers: Record<string, string> = {}) => fetch(stripe.hooks.url!, { method: 'POST', body, headers });
  it('answers 2xx to what is signed and kept, and to nothing else', async () => {
    const body = JSON.stringify(stripe.world.events[0]);
    expect((await post(body, { 'stripe-signature': signed(body) })).status).toBe(200);
    expect((await post(body)).status).toBe(400);
    expect((await post(body, { 'stripe-signature': signed(body, { secret: 'whsec_of_somebody_else' }) })).status).toBe(400);
    expect((await post(body, { 'stripe-signature': signed(body, { atSeconds: 1 }) })).status).toBe(400);
    expect((await post('x'.repeat(1_000_001), { 'stripe-signature': 't=1,v1=0' })).status).toBe(413);
    expect((await fetch(stripe.hooks.url!)).status).toBe(405);
  });
  it('takes the bytes as they came', async () => {
    const body = JSON.stringify({ ...stripe.world.events[0], id: 'evt_bytes', note: 'ä\u2028\\u00e4 "' }, null, '\t');
    expect((await post(body, { 'stripe-signature': signed(body) })).status).toBe(200);
  });
  it('is the gateway’s: nobody else says what the provider has told', async () => {
    const body = JSON.stringify(stripe.world.events[0]);
    const say = 'mutation($payload: String!, $signature: String!) { receiveProviderSignal(payload: $payload, signature: $signature) { kept } }';
    for (const viewer of [undefined, stranger().viewer, systemViewer('tenants')]) {
      expect(codeOf(await kit.ask('billing', say, { payload: body, signature: signed(body) }, viewer))).toMatch(/FORBIDDEN|UNAUTHENTICATED/);
    }
  });
});

describe('the doctor', () => {
  const examine = async (mend: boolean) => {
    const said: string[] = [];
    const well = await examineBilling(kit.atlas.services.get('billing')!, { mend }, (line) => void said.push(line));
    return { well, said };
  };
  it('says what differs, mends it when told, and leaves to people what money hangs on', async () => {
    await told();
    const [cancelled, moved, unknown, twice] = [await begun(), await begun(), await begun(), await begun()];
    const ended = await pays(cancelled, { plan: 'TEAM' });
    const other = await pays(moved, { plan: 'TEAM' });
    const first = await pays(twice, { plan: 'TEAM' });
    expect((await examine(false)).said).toEqual(['Nothing differs.']);

    // None of this is ever told.
    stripe.acts.cancelAtOnce(ended.reference);
    atStripe(other.reference).metadata.atlas_seats = '14';
    stripe.acts.addSeats(other.reference, 4);
    const { url } = done(await checkout(kit, unknown.owner, { plan: 'TEAM' }));
    const paid = stripe.acts.completeCheckout((url as string).split('/').pop()!);
    const second = stripe.acts.subscribeAgain(first.reference);
    stripe.world.all('price').find(({ lookup_key: key }) => key === 'atlas_business_v1_seat')!.lookup_key = null;

    const expected = [
      'prices: The price atlas_business_v1_seat is missing.',
      `${cancelled.id} ${ended.reference}: has ended there, and is held to be paid here`,
      `${moved.id} ${other.reference}: seats is 10 here and 14 there`,
      `${unknown.id} ${paid.id}: is paid there and unknown here`,
      `${twice.id} ${second.id}: is paid there besides ${first.reference}, which is the one known here: end one of them`,
    ];
    const found = await examine(false);
    expect(found.well).toBe(false);
    expect(found.said.slice(0, -1).sort()).toEqual([...expected].sort());
    const mended = await examine(true);
    expect(mended.said.filter((line) => line.endsWith('– LEFT TO YOU'))).toEqual([`${expected[4]!} – LEFT TO YOU`]);
    await whenSubscribed(kit, cancelled, { plan: 'FREE', isPaid: false });
    await whenSubscribed(kit, moved, { seats: 14 });
    await whenSubscribed(kit, unknown, { plan: 'TEAM', isPaid: true });
    expect((await examine(false)).said).toEqual([expected[4]!, '1 difference, 1 left.']);
    stripe.acts.cancelAtOnce(second.id);
    expect((await examine(false)).said).toEqual(['Nothing differs.']);
  });
});

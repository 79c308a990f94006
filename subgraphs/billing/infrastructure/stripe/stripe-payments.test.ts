/** Payments through the SDK, against a server that speaks Stripe's documented shapes: what is asked for is done once, whatever is lost on the way. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decimal } from '../../../../platform/decimal.ts';
import { newId, type TenantId } from '../../../../platform/ids.ts';
import { openStripe as openServer, STRIPE_VERSION, TEST_KEY, type StripeServer } from '../../../../test/kit/stripe-server.ts';
import { CATALOG } from '../../domain/catalog.ts';
import type { Plan } from '../../domain/plan.ts';
import type { Payments } from '../../domain/ports.ts';
import { openStripe, type StripeAccount } from './account.ts';
import { customersOf } from './customers.ts';
import { looksAt } from './looks.ts';
import { metersAt } from './meters.ts';
import { lookupKey, pricesAt, type Prices } from './prices.ts';
import { stripePayments } from './stripe-payments.ts';

const planOf = async (key: string, version: number): Promise<Plan> => CATALOG.find((plan) => plan.key === key && plan.version === version)!;
const TEAM = CATALOG.find(({ key }) => key === 'TEAM')!;

let server: StripeServer;
let account: StripeAccount;
let prices: Prices;
let payments: Payments;
let tenantId: TenantId;
beforeEach(async () => {
  server = await openServer();
  account = await openStripe({ key: TEST_KEY, url: server.url, timeoutMs: 1_000 });
  prices = pricesAt(account.stripe);
  const book = new Map<TenantId, string>();
  const customers = customersOf(account.stripe, { find: async (tenant) => book.get(tenant) ?? null, keep: async (tenant, customer) => { book.set(tenant, book.get(tenant) ?? customer); return book.get(tenant)!; } });
  payments = stripePayments({ account, customers, prices, looks: looksAt(account.stripe, planOf), meters: metersAt(account.stripe), planOf });
  tenantId = newId('tnt');
});
afterEach(async () => {
  account.close();
  await server.stop();
});

const checkout = (over: Partial<Parameters<Payments['checkout']>[0]> = {}) => payments.checkout({
  tenantId, subscriptionId: newId('sub'), plan: 'TEAM', planVersion: 1, seats: 12, currency: 'USD', returnUrl: 'https://app.example.com/billing?tab=plan', email: 'owner@example.com', ...over,
});
/** A tenant that pays for TEAM with twelve seats. */
async function subscribed(over: Parameters<typeof checkout>[0] = {}): Promise<string> {
  const { url } = await checkout(over);
  return server.acts.completeCheckout(url.split('/').pop()!).id;
}
const done = (path: RegExp) => server.asked.filter(({ method, path: asked, status, replayed }) => method !== 'GET' && path.test(asked) && status === 200 && !replayed);
const codeOf = async (asked: Promise<unknown>): Promise<unknown> => asked.then(() => 'done', (error: { code?: string; message: string }) => error.code ?? error.message);

describe('a checkout', () => {
  it('leads to a page of Stripe, and its subscription is what was asked for', async () => {
    const { url, reference } = await checkout();
    expect(url).toMatch(/^https:\/\/checkout\.stripe\.com\//);
    expect(reference).toBeNull();
    const { success_url: success, cancel_url: canceled } = server.world.all('checkout.session')[0]!;
    expect([success, canceled]).toEqual(['https://app.example.com/billing?tab=plan&checkout=done', 'https://app.example.com/billing?tab=plan&checkout=canceled']);
    const subscription = server.acts.completeCheckout(url.split('/').pop()!);
    expect(await payments.look(subscription.id)).toMatchObject({
      customer: subscription.customer, state: 'ACTIVE', plan: 'TEAM', planVersion: 1, seats: 12, cancelAtPeriodEnd: false, disputed: false,
      latestInvoice: { state: 'PAID', number: null, amount: '67', currency: 'USD' }, // 49 + 2 × 9
    });
  });

  it('sells in the currency of the tenant', async () => {
    expect(await payments.look(await subscribed({ currency: 'EUR' }))).toMatchObject({ latestInvoice: { amount: '61', currency: 'EUR' } });
  });

  it('makes one customer of a tenant, however often it is gone to', async () => {
    await Promise.all([checkout(), checkout(), checkout()]);
    await checkout();
    expect(server.world.all('customer')).toHaveLength(1);
  });

  it('makes products and prices once, by keys that name plan and version', async () => {
    const { stripe } = account;
    await Promise.all([pricesAt(stripe).of(TEAM), pricesAt(stripe).of(TEAM), prices.of(TEAM)]);
    await pricesAt(stripe).of(TEAM);
    await prices.of({ ...TEAM, version: 2, prices: { ...TEAM.prices, USD: { ...TEAM.prices.USD, month: decimal('59') } } });
    expect(server.world.all('price').map(({ lookup_key: key }) => key as string).sort()).toEqual(['atlas_team_v1_month', 'atlas_team_v1_seat', 'atlas_team_v2_month', 'atlas_team_v2_seat']);
    expect(server.world.all('product')).toHaveLength(1);
  });

  it('is refused where the price there is not the price here', async () => {
    await prices.of(TEAM);
    server.world.all('price').find(({ lookup_key: key }) => key === lookupKey(TEAM, 'month'))!.unit_amount = 100;
    const { stripe } = account;
    await expect(pricesAt(stripe).of(TEAM)).rejects.toThrow('The price atlas_team_v1_month is 100 in USD, and 4900 here.');
    expect(await pricesAt(stripe).check(TEAM)).toEqual(['The price atlas_team_v1_month is 100 in USD, and 4900 here.']);
  });

  it('is asked for in the version of the API that this was written for', async () => {
    await checkout();
    expect(new Set(server.asked.map(({ version }) => version))).toEqual(new Set([STRIPE_VERSION]));
  });
});

describe('a subscription', () => {
  it('moves at once, without Stripe reckoning anything', async () => {
    const reference = await subscribed();
    await payments.change({ reference, plan: 'BUSINESS', planVersion: 1, seats: 30, at: 'now', key: 'task-1' });
    expect(await payments.look(reference)).toMatchObject({ plan: 'BUSINESS', seats: 30 });
    expect(done(/^\/v1\/subscriptions\//)[0]!.params).toMatchObject({ proration_behavior: 'none' });
    await payments.change({ reference, plan: 'BUSINESS', planVersion: 1, seats: 20, at: 'now', key: 'task-2' });
    expect(await payments.look(reference)).toMatchObject({ plan: 'BUSINESS', seats: 20 });
    expect(server.world.get('subscription', reference).items.data).toHaveLength(1);
  });

  it('moves when its period ends, not before, and stays when that is taken back', async () => {
    const reference = await subscribed({ plan: 'BUSINESS' });
    const down = { reference, plan: 'TEAM', planVersion: 1, seats: 11, at: 'period-end' } as const;
    await payments.change({ ...down, key: 'task-1' });
    expect(await payments.look(reference)).toMatchObject({ plan: 'BUSINESS', seats: 12 });
    await payments.change({ reference, plan: 'BUSINESS', planVersion: 1, seats: 12, at: 'period-end', key: 'task-2' });
    server.acts.renew(reference);
    expect(await payments.look(reference)).toMatchObject({ plan: 'BUSINESS' });
    await payments.change({ ...down, key: 'task-3' });
    server.acts.renew(reference);
    expect(await payments.look(reference)).toMatchObject({ plan: 'TEAM', seats: 11, latestInvoice: { amount: '58' } });
  });

  it('ends with its period, and goes on when that is taken back before', async () => {
    const reference = await subscribed();
    await payments.change({ reference, plan: 'TEAM', planVersion: 1, seats: 10, at: 'period-end', key: 'task-1' });
    await payments.cancel({ reference, at: 'period-end', key: 'task-2' });
    expect(await payments.look(reference)).toMatchObject({ state: 'ACTIVE', cancelAtPeriodEnd: true });
    await payments.reactivate({ reference, key: 'task-3' });
    expect(await payments.look(reference)).toMatchObject({ state: 'ACTIVE', cancelAtPeriodEnd: false });
    await payments.cancel({ reference, at: 'period-end', key: 'task-4' });
    server.acts.renew(reference);
    expect(await payments.look(reference)).toMatchObject({ state: 'CANCELED' });
    expect(await codeOf(payments.reactivate({ reference, key: 'task-5' }))).toBe('INVALID_INPUT');
    await payments.cancel({ reference, at: 'now', key: 'task-6' });
  });

  it('that moves to what costs nothing ends there', async () => {
    const reference = await subscribed();
    await payments.change({ reference, plan: 'FREE', planVersion: 1, seats: 10, at: 'period-end', key: 'task-1' });
    expect(await payments.look(reference)).toMatchObject({ cancelAtPeriodEnd: true });
  });

  it('of somebody else in the same account is none of ours', async () => {
    const reference = await subscribed();
    server.world.get('subscription', reference).metadata = {};
    await expect(payments.look(reference)).rejects.toThrow(`no subscription ${reference} of ours`);
  });
});

describe('an invoice that is charged', () => {
  const lines = ['0.333333', '0.333333', '0.333334', '11.004999'].map((amount) => ({ memo: `api.points ${amount}`, amount: decimal(amount), metric: 'api.points', quantity: null }));
  const invoice = (reference: string) => ({ number: 'ATL-2026-000007', tenantId, amount: { amount: decimal('12'), currency: 'USD' }, lines, reference, key: 'task-9' });

  it('is ours to the cent, line by line, and bears our number', async () => {
    const reference = await subscribed();
    await payments.charge(invoice(reference));
    const made = server.world.all('invoice')[0]!;
    expect(made).toMatchObject({ status: 'paid', total: 1_200, metadata: { atlas_invoice: 'ATL-2026-000007' } });
    expect(made.lines.data.map(({ amount }: { amount: number }) => amount)).toEqual([33, 34, 33, 1_100]);
    server.world.get('subscription', reference).latest_invoice = made.id;
    expect(await payments.look(reference)).toMatchObject({ latestInvoice: { number: 'ATL-2026-000007', state: 'PAID', amount: '12' } });
  });

  it('is charged once, though the answer to every step is lost once', async () => {
    const reference = await subscribed();
    for (const fits of [/^POST \/v1\/invoices$/, /^POST \/v1\/invoiceitems$/, /^POST \/v1\/invoiceitems$/, /finalize$/]) server.faults.push({ fits, times: 2, how: 'answer-lost' });
    for (let tries = 0; tries < 12 && await codeOf(payments.charge(invoice(reference))) !== 'done'; tries += 1);
    const ours = server.world.all('invoice').filter(({ metadata }) => metadata.atlas_invoice === 'ATL-2026-000007');
    expect(ours).toMatchObject([{ status: 'paid', total: 1_200 }]);
    expect(ours[0]!.lines.data).toHaveLength(4);
    expect(server.faults.every(({ times }) => times === 0)).toBe(true);
  });

  it('is charged once, though Stripe has forgotten the keys meanwhile', async () => {
    const reference = await subscribed();
    await payments.charge(invoice(reference));
    await payments.charge({ ...invoice(reference), key: 'task-forgotten' });
    expect(server.world.all('invoice').filter(({ metadata }) => metadata.atlas_invoice)).toHaveLength(1);
  });

  it('that is not paid makes the subscription past due until it is', async () => {
    const reference = await subscribed();
    const customer = server.world.get('subscription', reference).customer as string;
    server.acts.card(customer, 'declines');
    await payments.charge(invoice(reference));
    const made = server.world.all('invoice')[0]!;
    expect(await payments.look(reference)).toMatchObject({ state: 'PAST_DUE' });
    server.acts.card(customer, 'pays');
    await account.stripe.invoices.pay(made.id);
    expect(await payments.look(reference)).toMatchObject({ state: 'ACTIVE' });
  });

  it.each([['nothing', '0', 0], ['less than nothing', '-7.25', -725]] as const)('of %s is paid at once, and gives back what it gives back', async (_, amount, cents) => {
    const reference = await subscribed();
    await payments.charge({ ...invoice(reference), amount: { amount: decimal(amount), currency: 'USD' }, lines: [{ memo: 'Team, unused', amount: decimal(amount), metric: null, quantity: null }] });
    const [made] = server.world.all('invoice');
    expect(made).toMatchObject({ status: 'paid', total: cents, amount_due: 0, metadata: { atlas_invoice: 'ATL-2026-000007' } });
    expect(server.world.get('customer', made!.customer).balance).toBe(cents);
  });

  it('beyond the price of the plan with nothing on it is none: that price is on one of Stripe’s own', async () => {
    await payments.charge({ ...invoice(await subscribed()), amount: { amount: decimal('0'), currency: 'USD' }, lines: [] });
    expect(server.world.all('invoice')).toHaveLength(1);
  });

  it('whose lines do not make it up, for something was taken off, says the sum alone', async () => {
    await payments.charge({ ...invoice(await subscribed()), amount: { amount: decimal('9.5'), currency: 'USD' } });
    expect(server.world.all('invoice')[0]!.lines.data).toMatchObject([{ amount: 950, description: 'ATL-2026-000007' }]);
  });
});

describe('when Stripe is not there', () => {
  it.each([['too many requests', { status: 429 }], ['a fault of its own', { status: 500 }], ['away', { how: 'hangs' }], ['an answer that is lost', { how: 'answer-lost' }]] as const)('%s: it is said in one sentence, and asked again it happens once', async (_, fault) => {
    const reference = await subscribed();
    const move = { reference, plan: 'BUSINESS', planVersion: 1, seats: 12, at: 'now', key: 'task-1' } as const;
    // A connection that closes is tried once more by the SDK itself, with the same key.
    server.faults.push({ fits: /^POST \/v1\/subscriptions\//, times: 2, ...fault });
    expect(await codeOf(payments.change(move))).toBe('PAYMENTS_UNAVAILABLE');
    while (server.faults.some(({ times }) => times > 0)) await codeOf(payments.change(move));
    await payments.change(move);
    expect(await payments.look(reference)).toMatchObject({ plan: 'BUSINESS' });
    const told = server.world.events.filter(({ type }) => type === 'customer.subscription.updated');
    expect(told).toHaveLength(1);
  });

  it('a fault that Stripe remembers under a key does not hold it up for a day', async () => {
    const reference = await subscribed();
    const cancel = { reference, at: 'period-end', key: 'task-1' } as const;
    server.faults.push({ fits: /^POST \/v1\/subscriptions\//, times: 1, status: 500, how: 'kept' });
    expect(await codeOf(payments.cancel(cancel))).toBe('PAYMENTS_UNAVAILABLE');
    await payments.cancel(cancel);
    expect(await payments.look(reference)).toMatchObject({ cancelAtPeriodEnd: true });
  });

  it('whatever Stripe says is for the log, and not for whoever asked', async () => {
    const other = await openStripe({ key: 'sk_test_another', url: server.url });
    const error = await stripePayments({ account: other, customers: customersOf(other.stripe, { find: async () => null, keep: async (_, customer) => customer }), prices: pricesAt(other.stripe), looks: looksAt(other.stripe, planOf), meters: metersAt(other.stripe), planOf })
      .look('sub_x').catch((thrown: unknown) => thrown);
    other.close();
    expect(error).toMatchObject({ code: 'PAYMENTS_UNAVAILABLE', message: 'The provider of payments does not do what it is asked at the moment; nothing has been paid by this.', cause: { type: 'StripeAuthenticationError' } });
  });
});

describe('usage', () => {
  it('is told to meters once an event, in the whole numbers that they take, and nothing too old', async () => {
    const customer = server.world.add('customer', {}).id;
    const usage = { key: 'use-1', customer, metric: 'api.points', quantity: decimal('1234'), at: new Date() };
    await payments.report!([usage, usage, { ...usage, key: 'use-2', metric: 'ai.input-tokens', quantity: decimal('-3') }, { ...usage, key: 'use-4', quantity: decimal('0.2') }, { ...usage, key: 'use-3', at: new Date(Date.now() - 40 * 86_400_000) }]);
    await payments.report!([usage]);
    expect(server.world.meterEvents.map(({ event_name: name, identifier, payload }) => [name, identifier, payload.value])).toEqual([
      ['atlas_api_points', 'use-1', '1234'], ['atlas_ai_input_tokens', 'use-2', '-3'],
    ]);
    expect(server.world.all('billing.meter')).toHaveLength(2);
  });
});

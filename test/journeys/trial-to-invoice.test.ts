/**
 * The way of a tenant from a trial to the bill for what it has used, through the gateway's door: tried, used, held by a
 * budget, paid for, let go on, and billed for what was beyond the plan. On the provider of our own, and on Stripe's shapes.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { minus, rounded, sum, times, type Decimal } from '../../platform/decimal.ts';
import type { TenantId } from '../../platform/ids.ts';
import { movedClock } from '../kit/billing.ts';
import { eventually } from '../kit/eventually.ts';
import { startServices, WHOLE, type Kit } from '../kit/services.ts';
import { HOOK_SECRET } from '../kit/stripe/hooks.ts';
import { openStripe, TEST_KEY, type StripeServer } from '../kit/stripe-server.ts';
import { count, line, usageEvent } from '../kit/usage.ts';

interface Provider {
  env(): Record<string, string>;
  begin(kit: Kit): void;
  /** Whoever was led to this URL pays there. */
  pay(url: string): Promise<void>;
  /** A month is over, also for whoever takes the money. */
  month(): Promise<void>;
  told(): Promise<void>;
  stop(): Promise<void>;
}

const nothing = async (): Promise<void> => undefined;
const ours = (): Provider => ({ env: () => ({}), begin: () => undefined, pay: nothing, month: nothing, told: nothing, stop: nothing });
async function stripes(): Promise<Provider> {
  const stripe: StripeServer = await openStripe();
  let reference = '';
  const told = async () => { for (const status of await stripe.hooks.flush()) expect(status).toBe(200); };
  return {
    env: () => ({ STRIPE_SECRET_KEY: TEST_KEY, STRIPE_API_URL: stripe.url, STRIPE_WEBHOOK_SECRETS: HOOK_SECRET }),
    begin: (kit) => { stripe.hooks.url = `${kit.atlas.url!}/webhooks/stripe`; },
    async pay(url) {
      reference = stripe.acts.completeCheckout(url.split('/').pop()!).id;
      await told();
    },
    async month() {
      stripe.world.advance(32 * 86_400 - 60);
      stripe.acts.renew(reference);
      await told();
    },
    told,
    stop: () => stripe.stop(),
  };
}

const SUBSCRIPTION = '{ tenant { subscription { plan state isPaid } } }';
const INVOICES = '{ tenant { invoices(first: 10) { nodes { state total { amount currency } lines { kind metric quantity amount } } } } }';
const mutation = (name: string, payload: string) => `mutation($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${payload} userErrors { code message } } }`;

describe.each<[string, () => Provider | Promise<Provider>]>([['the provider of our own', ours], ['Stripe', stripes]])('from a trial to a bill, by %s', (_, open) => {
  const clock = movedClock();
  let [provider, kit]: [Provider?, Kit?] = [];
  let owner: Record<string, string>;
  let key: Record<string, string>;
  let [tenantId, keyId]: string[] = [];
  const ask = async (headers: Record<string, string>, query: string, variables: object = {}): Promise<any> =>
    (await fetch(`${kit!.atlas.url!}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query, variables }) })).json();
  const done = async (headers: Record<string, string>, name: string, payload: string, input: object): Promise<any> => {
    const { data, errors } = await ask(headers, mutation(name, payload), { input });
    expect([errors, data?.[name].userErrors]).toEqual([undefined, []]);
    return data[name];
  };
  const subscribed = (wanted: object) => eventually(`a subscription with ${JSON.stringify(wanted)}`, async () => {
    await provider!.told();
    const { data } = await ask(owner, SUBSCRIPTION);
    return Object.entries(wanted).every(([name, value]) => data?.tenant?.subscription?.[name] === value);
  }, 60_000);
  const asKey = () => ask(key, '{ tenant { id } }');

  beforeAll(async () => {
    provider = await open();
    kit = await startServices(WHOLE, { env: provider.env(), override: { now: clock.now } });
    provider.begin(kit);
    const { session } = await done({}, 'register', 'session { accessToken }', { email: `p${randomBytes(6).toString('hex')}@example.org`, password: 'a lighthouse of paper', name: 'Ada' });
    const authorization = `Bearer ${session.accessToken}`;
    const { tenant } = await done({ authorization }, 'createTenant', 'tenant { id slug }', { name: 'Engines' });
    owner = { authorization, 'atlas-tenant': tenant.slug };
    tenantId = tenant.id;
    const { apiKey, secret } = await done(owner, 'createApiKey', 'apiKey { id } secret', { name: 'robot', scopes: ['tenants:read'] });
    [key, keyId] = [{ authorization: `Bearer ${secret}` }, apiKey.id];
    await subscribed({ plan: 'FREE' });
  }, 120_000);
  afterAll(async () => {
    await kit?.stop();
    await provider?.stop();
  });

  it('tries a plan out, uses it, comes to its budget and is refused before the work', async () => {
    await done(owner, 'changePlan', 'subscription { state }', { plan: 'TEAM' });
    await subscribed({ plan: 'TEAM', state: 'TRIALING' });
    expect((await asKey()).data.tenant.id).toBe(tenantId);
    await done(owner, 'setBudget', 'budget { id }', { period: 'MONTH', points: '20', hard: true, apiKeyId: keyId });
    const refused = await eventually('a refusal', async () => {
      const answer = await asKey();
      return answer.errors?.[0].extensions.code === 'BUDGET_EXCEEDED' && answer;
    }, 60_000);
    expect(refused.errors[0].extensions.budget).toMatchObject({ remaining: expect.anything(), resetAt: expect.any(String) });
    expect(refused.extensions.cost).toMatchObject({ actual: 0, money: { amount: '0', currency: 'USD' } });
  });

  it('begins to pay, gives the key more, and goes on', async () => {
    const { url } = await done(owner, 'startCheckout', 'url', { plan: 'TEAM', returnUrl: 'https://app.example.org/done' });
    await provider!.pay(url);
    await subscribed({ plan: 'TEAM', state: 'ACTIVE', isPaid: true });
    await done(owner, 'setBudget', 'budget { id }', { period: 'MONTH', points: '1000000', hard: true, apiKeyId: keyId });
    await eventually('the key to be let in', async () => (await asKey()).data?.tenant?.id === tenantId, 60_000);
  });

  it('is billed for what it has used beyond what the plan includes', async () => {
    await count(kit!, [usageEvent(tenantId as TenantId, [line('api.points', 25_000_000, { keyId: keyId! })])]);
    clock.forwardDays(32);
    await provider!.month();
    const invoice = await eventually('the bill of the month, paid', async () => {
      await provider!.told();
      const { data } = await ask(owner, INVOICES);
      return data.tenant.invoices.nodes.find(({ state, lines }: { state: string; lines: { kind: string; quantity: string | null }[] }) =>
        state === 'PAID' && lines.some(({ kind, quantity }) => kind === 'USAGE' && Number(quantity) > 1_000_000)); // the trial had a bill too, of what it used for nothing
    }, 90_000);
    const of = (kind: string) => invoice.lines.find((one: { kind: string; metric: string | null }) => one.kind === kind && (kind === 'SUBSCRIPTION' || one.metric === 'api.points')) as { quantity: Decimal; amount: Decimal };
    expect(Number(of('USAGE').quantity)).toBeGreaterThan(25_000_000);
    expect(of('USAGE').amount).toBe(times(of('USAGE').quantity, '0.000001' as Decimal));
    expect(of('INCLUDED')).toMatchObject({ quantity: '20000000', amount: '-20' });
    expect(invoice.total).toEqual({ amount: rounded(sum(of('SUBSCRIPTION').amount, minus(of('USAGE').amount, '20' as Decimal)), 2), currency: 'USD' });
    const amounts: Decimal[] = [];
    for (let after: string | null = null, more = true; more;) {
      const { data } = await ask(owner, 'query($after: String) { tenant { ledger(first: 100, after: $after) { nodes { amount { amount } } pageInfo { hasNextPage endCursor } } } }', { after });
      const { nodes, pageInfo } = data.tenant.ledger as { nodes: { amount: { amount: Decimal } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      amounts.push(...nodes.map(({ amount }) => amount.amount));
      [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
    }
    expect(sum(...amounts)).toBe('0');
  });
});

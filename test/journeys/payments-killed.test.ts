/** Whoever speaks to the provider of payments is killed between the deed and its answer; another does it again, and it was done once. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { CreateTenantDocument, RegisterDocument } from '../../clients/typescript/index.ts';
import { startArrangement, type Running } from '../kit/arrangements.ts';
import { eventually } from '../kit/eventually.ts';
import { freshDatabase, type TestDatabase } from '../kit/databases.ts';
import { HOOK_SECRET } from '../kit/stripe/hooks.ts';
import { openStripe, TEST_KEY, type StripeServer } from '../kit/stripe-server.ts';

const CHANGED = /^POST \/v1\/subscriptions\//;

let stripe: StripeServer;
let database: TestDatabase;
let atlas: Running;
let headers: Record<string, string>;
let tenantId: string;
beforeAll(async () => {
  stripe = await openStripe();
  stripe.world.advance(2);
  database = await freshDatabase();
  atlas = await startArrangement([['users', 'tenants', 'collections', 'search', 'billing:api', 'gateway'], ['billing:consumers']],
    { STRIPE_SECRET_KEY: TEST_KEY, STRIPE_API_URL: stripe.url, STRIPE_WEBHOOK_SECRETS: HOOK_SECRET }, database);
  stripe.hooks.url = atlas.url.replace('/graphql', '/webhooks/stripe');
  const { register } = await atlas.client().mutate(RegisterDocument, { input: { email: 'ada@example.com', password: 'a long enough pass phrase', name: 'Ada' } });
  const { createTenant } = await atlas.client({ session: register!.session! }).mutate(CreateTenantDocument, { input: { name: 'Engines', slug: 'engines' } });
  tenantId = createTenant!.tenant!.id;
  headers = { authorization: `Bearer ${register!.session!.accessToken}`, 'atlas-tenant': createTenant!.tenant!.slug };
});
afterAll(async () => {
  await atlas?.stop();
  await stripe?.stop();
});

async function ask(query: string, variables: object = {}): Promise<any> {
  const response = await fetch(atlas.url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await response.json() as { data: any; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}
const subscribed = (plan: string, isPaid: boolean) => eventually(`a subscription to ${plan}`, async () => {
  await stripe.hooks.flush();
  const { tenant: { subscription } } = await ask('{ tenant { subscription { plan isPaid } } }');
  return subscription?.plan === plan && subscription.isPaid === isPaid;
}, 60_000);
interface Wanted { id: string; isLeased: boolean }
/** What is still wanted of Stripe, as the database has it; with `sql`, after that. */
async function wanted(sql = 'SELECT 1'): Promise<Wanted[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query(`BEGIN; SET LOCAL ROLE atlas_billing; SET LOCAL app.tenant_id = '${tenantId}'; ${sql}`);
    const { rows } = await client.query<Wanted>('SELECT id, leased_until > now() AS "isLeased" FROM billing.provider_task WHERE done_at IS NULL');
    await client.query('COMMIT');
    return rows;
  } finally {
    await client.end();
  }
}

describe('a change that Stripe has made and whose answer nobody heard', () => {
  it('is finished by whoever comes after, made once, and known here; and the doctor, a process of its own, finds nothing that differs', async () => {
    await subscribed('FREE', false);
    const { startCheckout } = await ask('mutation($input: StartCheckoutInput!) { startCheckout(input: $input) { url userErrors { code message } } }', { input: { plan: 'TEAM' } });
    expect(startCheckout.userErrors).toEqual([]);
    const { id: reference } = stripe.acts.completeCheckout((startCheckout.url as string).split('/').pop()!);
    await subscribed('TEAM', true);

    stripe.faults.push({ fits: CHANGED, times: 1, how: 'answer-hangs' });
    const before = stripe.asked.length;
    const changes = () => stripe.asked.slice(before).filter(({ method, path }) => CHANGED.test(`${method} ${path}`));
    expect((await ask('mutation($input: ChangePlanInput!) { changePlan(input: $input) { userErrors { code message } } }', { input: { plan: 'BUSINESS' } })).changePlan.userErrors).toEqual([]);
    await eventually('Stripe to have made the change', () => changes().length === 1);
    const dying = atlas.process('billing:consumers');
    const died = new Promise((resolve) => { dying.once('exit', resolve); });
    dying.kill('SIGKILL');
    await died;
    // It is held by somebody dead, until the lease is over.
    expect(await wanted()).toMatchObject([{ isLeased: true }]);
    await wanted('UPDATE billing.provider_task SET leased_until = now() WHERE done_at IS NULL');
    await atlas.restart('billing:consumers');
    await subscribed('BUSINESS', true);

    await eventually('nothing to be wanted any more', async () => (await wanted()).length === 0);
    // With the key of the first, if it is asked for again at all: who looks first sees that it is so already.
    for (const again of changes()) expect([again.key, again.params]).toEqual([changes()[0]!.key, changes()[0]!.params]);
    expect(stripe.world.get('subscription', reference).items.data[0].price.lookup_key).toBe('atlas_business_v1_month');
    expect(await atlas.run('billing', 'doctor')).toBe('Nothing differs.\n');
  }, 180_000);
});

/** What Stripe's meters are told of usage: each day's sum, once, whoever dies meanwhile. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openBillingTables, openStripeProcess, paysFor, type BillingTables, type Paid, type StripeProcess } from '../../test/kit/stripe-billing.ts';
import { openStripe, type StripeServer } from '../../test/kit/stripe-server.ts';
import { selfIn } from './application/on-tenant-created.ts';

const DAY_MS = 86_400_000;
let tables: BillingTables;
let stripe: StripeServer;
let processes: [StripeProcess, StripeProcess];
beforeAll(async () => {
  tables = await openBillingTables();
  stripe = await openStripe();
  const open = () => openStripeProcess(tables, stripe, async () => undefined);
  processes = [await open(), await open()];
});
afterAll(async () => {
  for (const one of processes ?? []) one.close();
  await stripe?.stop();
  await tables?.stop();
});

const use = ({ tenantId }: Paid, daysAgo: number, metric: string, quantity: string) => tables.database.transaction(selfIn(tenantId), 'write', (em) => em.execute(
  `INSERT INTO billing.usage_day AS u (tenant_id, at, metric, quantity, amount) VALUES (?, date_trunc('day', now() - make_interval(days => ?), 'UTC'), ?, ?::numeric, 0)
   ON CONFLICT (tenant_id, at, metric, user_id, key_id, collection_id, model, currency) DO UPDATE SET quantity = u.quantity + excluded.quantity`, [tenantId, daysAgo, metric, quantity], 'run'));
const told = ({ customer }: Paid): Record<string, number> => {
  const sums: Record<string, number> = {};
  for (const { event_name: name, payload, timestamp } of stripe.world.meterEvents as unknown as { event_name: string; payload: { stripe_customer_id: string; value: string }; timestamp: number }[]) {
    if (payload.stripe_customer_id !== customer) continue;
    const key = `${name} ${Math.floor(Date.now() / DAY_MS) - Math.floor(timestamp * 1_000 / DAY_MS)}`;
    sums[key] = (sums[key] ?? 0) + Number(payload.value);
  }
  return sums;
};

it('is told by the day and the metric, and later only what has come since', async () => {
  const [paid, other] = [await paysFor(stripe, processes[0]), await paysFor(stripe, processes[0])];
  await use(paid, 0, 'api.points', '120');
  await use(paid, 1, 'api.points', '7.5');
  await use(other, 0, 'api.points', '3');
  await processes[0].tellUsage();
  expect([told(paid), told(other)]).toEqual([{ 'atlas_api_points 0': 120, 'atlas_api_points 1': 7 }, { 'atlas_api_points 0': 3 }]);
  await use(paid, 0, 'api.points', '-20');
  await use(paid, 1, 'api.points', '0.5');
  await processes[1].tellUsage();
  await processes[0].tellUsage();
  expect(told(paid)).toEqual({ 'atlas_api_points 0': 100, 'atlas_api_points 1': 8 });
  await use(paid, 0, 'api.points', '20'); // what it was before
  await processes[1].tellUsage();
  expect(told(paid)).toEqual({ 'atlas_api_points 0': 120, 'atlas_api_points 1': 8 });
});

it('is told once by two processes at the same time, and when answers are lost', async () => {
  const paid = await paysFor(stripe, processes[0]);
  await use(paid, 0, 'ai.input-tokens', '4000');
  stripe.faults.push({ fits: /meter_events/, times: 2, how: 'answer-lost' });
  for (let rounds = 0; rounds < 4; rounds += 1) await Promise.all(processes.map((one) => one.tellUsage()));
  expect(told(paid)).toEqual({ 'atlas_ai_input_tokens 0': 4_000 });
});

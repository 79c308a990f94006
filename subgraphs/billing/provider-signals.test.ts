/** What Stripe tells: kept before it is answered, heeded by looking, in whatever order and however often it comes. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomFrom } from '../../test/kit/random.ts';
import { openBillingTables, openStripeProcess, OTHER_SECRET, paysFor, type BillingTables, type Paid, type StripeProcess } from '../../test/kit/stripe-billing.ts';
import { HOOK_SECRET, signed } from '../../test/kit/stripe/hooks.ts';
import type { StripeEvent } from '../../test/kit/stripe/world.ts';
import { openStripe, type StripeServer } from '../../test/kit/stripe-server.ts';
import type { ProviderState } from './domain/ports.ts';
import type { Seen } from './domain/provider-signals.ts';
import { Subscription } from './domain/subscription.ts';

let tables: BillingTables;
beforeAll(async () => { tables = await openBillingTables(); });
afterAll(() => tables?.stop());

let stripe: StripeServer;
let processes: [StripeProcess, StripeProcess];
/** What was applied, in order. */
let applied: Seen[];
let refusing: boolean;
const open = (secrets?: string) => openStripeProcess(tables, stripe, async (seen) => {
  if (refusing) throw new Error('The database is away.');
  applied.push(seen);
}, secrets);
beforeEach(async () => {
  stripe = await openStripe();
  applied = [];
  refusing = false;
  processes = [await open(), await open()];
});
afterEach(async () => {
  for (const one of processes) one.close();
  await stripe.stop();
  await tables.rows('DELETE FROM billing.provider_lane RETURNING subject');
});

const tellAll = async (events: readonly StripeEvent[]) => { for (const event of events) await processes[0].tell(event); };
const { rows, hurry }: Pick<BillingTables, 'rows' | 'hurry'> = { rows: (sql) => tables.rows(sql), hurry: () => tables.hurry() };
/** Until nothing is due any more. */
async function heedAll(): Promise<void> {
  while ((await hurry()).length > 0) await Promise.all(processes.map((one) => one.heed()));
}
const subscribed = (): Promise<Paid> => paysFor(stripe, processes[0]);
const last = (reference: string): ProviderState | undefined => applied.filter((seen) => seen.reference === reference).at(-1)?.state;
const latest = (reference: string): string => stripe.world.get('subscription', reference).latest_invoice as string;

const LIVES: Record<string, { lives: (paid: { reference: string; customer: string }) => void; ends: Partial<ProviderState> }> = {
  paid: { lives: ({ reference }) => stripe.acts.renew(reference), ends: { state: 'ACTIVE', disputed: false } },
  failed: { lives: ({ reference, customer }) => { stripe.acts.card(customer, 'declines'); stripe.acts.renew(reference); }, ends: { state: 'PAST_DUE' } },
  retried: { lives: ({ reference, customer }) => { stripe.acts.card(customer, 'declines'); stripe.acts.renew(reference); stripe.acts.retry(reference); stripe.acts.card(customer, 'pays'); stripe.acts.retry(reference); }, ends: { state: 'ACTIVE' } },
  'given up': { lives: ({ reference, customer }) => { stripe.acts.card(customer, 'declines'); stripe.acts.renew(reference); for (let tries = 0; tries < 3; tries += 1) stripe.acts.retry(reference); }, ends: { state: 'CANCELED' } },
  disputed: { lives: ({ reference }) => { stripe.acts.renew(reference); stripe.acts.dispute(latest(reference)); }, ends: { state: 'ACTIVE', disputed: true } },
  'a dispute won': { lives: ({ reference }) => stripe.acts.closeDispute(stripe.acts.dispute(latest(reference)).id, 'won'), ends: { disputed: false } },
  'a dispute lost': { lives: ({ reference }) => stripe.acts.closeDispute(stripe.acts.dispute(latest(reference)).id, 'lost'), ends: { disputed: true } },
  canceled: { lives: ({ reference }) => { stripe.acts.cancelInPortal(reference); stripe.acts.renew(reference); }, ends: { state: 'CANCELED' } },
  'about to end': { lives: ({ reference }) => stripe.acts.cancelInPortal(reference), ends: { state: 'ACTIVE', cancelAtPeriodEnd: true } },
};

describe('a life of a subscription', () => {
  const random = randomFrom(7);
  const shuffled = <T>(all: readonly T[]): T[] => all.map((one) => [random(), one] as const).sort(([a], [b]) => a - b).map(([, one]) => one);
  const ORDERS: Record<string, (events: readonly StripeEvent[]) => StripeEvent[]> = {
    'as it happened': (events) => [...events], 'backwards': (events) => [...events].reverse(), 'each three times, shuffled': (events) => shuffled([...events, ...events, ...events]),
  };
  const cases = Object.keys(LIVES).flatMap((life) => Object.keys(ORDERS).map((order) => [life, order] as const));
  it.each(cases)('%s, told %s: what is applied last is what is so', async (life, order) => {
    const paid = await subscribed();
    LIVES[life]!.lives(paid);
    await tellAll(ORDERS[order]!(stripe.world.events));
    await heedAll();
    expect(last(paid.reference)).toMatchObject(LIVES[life]!.ends);
    expect(new Set(applied.map(({ tenantId }) => tenantId))).toEqual(new Set([paid.tenantId]));
  });

  it('that goes on while it is looked at, by two processes: what is applied last is what is so', async () => {
    const paid = await subscribed();
    for (let months = 0; months < 7; months += 1) {
      stripe.acts.card(paid.customer, months % 2 === 0 ? 'declines' : 'pays');
      const before = stripe.world.events.length;
      stripe.acts.renew(paid.reference);
      const heeding = Promise.all(processes.map((one) => one.heed()));
      await tellAll(shuffled(stripe.world.events.slice(before)));
      await heeding;
    }
    expect(last(paid.reference)).toBeDefined();
    stripe.acts.card(paid.customer, 'pays');
    stripe.acts.retry(paid.reference);
    await tellAll(stripe.world.events);
    await heedAll();
    expect(last(paid.reference)!.state).toBe((await processes[0].payments.look(paid.reference)).state);
  });

  it('each invoice is told with how it is, not with how the newest is', async () => {
    const paid = await subscribed();
    stripe.acts.card(paid.customer, 'declines');
    stripe.acts.renew(paid.reference);
    const unpaid = latest(paid.reference);
    stripe.acts.card(paid.customer, 'pays');
    stripe.acts.renew(paid.reference);
    await tellAll(stripe.world.events);
    await heedAll();
    const invoices = new Map(applied.map(({ state }) => [state.latestInvoice?.reference, state.latestInvoice?.state]));
    expect(invoices.get(unpaid)).toBe('OPEN');
    expect(invoices.get(latest(paid.reference))).toBe('PAID');
  });
});

describe('what is told', () => {
  it('is heeded once, however often it comes', async () => {
    await subscribed();
    const event = stripe.world.events.find(({ type }) => type === 'customer.subscription.created')!;
    await Promise.all([processes[0].tell(event), processes[1].tell(event), processes[0].tell(event)]);
    await heedAll();
    await processes[1].tell(event);
    expect(await hurry()).toEqual([]);
    expect(applied).toHaveLength(1);
    // Whoever kept it begins at once.
    expect(processes.map((one) => one.nudges()).sort()).toEqual([0, 1]);
  });

  it('of a kind that nobody knows, or of nothing of ours, is kept and does nothing', async () => {
    stripe.acts.tellSomethingElse();
    const paid = await subscribed();
    stripe.world.get('subscription', paid.reference).metadata = {};
    await tellAll(stripe.world.events);
    await heedAll();
    expect(applied).toEqual([]);
    for (const { id } of stripe.world.events) expect(await rows(`SELECT 1 AS one FROM billing.provider_signal WHERE id = '${id}'`)).toHaveLength(1);
  });

  it('that is gone by now does nothing', async () => {
    const paid = await subscribed();
    stripe.world.objects.delete(paid.reference);
    await tellAll(stripe.world.events);
    await heedAll();
    expect(applied).toEqual([]);
  });

  it.each([['Stripe is away', 503, false], ['Stripe has enough', 429, false], ['we are away ourselves', undefined, true]] as const)('while %s is not lost', async (_, status, ours) => {
    const paid = await subscribed();
    await tellAll(stripe.world.events);
    if (status) stripe.faults.push({ fits: /^GET/, times: 6, status });
    refusing = ours;
    await processes[0].heed();
    await processes[1].heed();
    expect(applied).toEqual([]);
    refusing = false;
    await heedAll();
    expect(last(paid.reference)).toMatchObject({ state: 'ACTIVE' });
  });

  it('to a process that dies while it looks is looked at by another when its lease has ended', async () => {
    const paid = await subscribed();
    await tellAll(stripe.world.events);
    await rows(`UPDATE billing.provider_lane SET lease = 'of a dead one', leased_until = now() + interval '1 hour' WHERE due_at IS NOT NULL RETURNING subject`);
    await processes[1].heed();
    expect(applied).toEqual([]);
    await rows(`UPDATE billing.provider_lane SET leased_until = now() WHERE lease IS NOT NULL RETURNING subject`);
    await heedAll();
    expect(last(paid.reference)).toMatchObject({ state: 'ACTIVE' });
  });
});

describe('what was never told', () => {
  it('is seen within a day, by looking at what is paid', async () => {
    const paid = await subscribed();
    const hour = async () => { await processes[0].lookDaily(); await heedAll(); };
    await tables.desk.work({ kind: 'system', id: 'system:billing', userId: null, tenantId: paid.tenantId }, async ({ plans, subscriptions }) => {
      const ours = Subscription.open({ tenantId: paid.tenantId, sandbox: false, plan: await plans.of('FREE', 1), now: new Date() });
      ours.reference = paid.reference;
      subscriptions.add(ours);
    });
    await hour();
    expect(applied).toHaveLength(1);
    stripe.acts.cancelAtOnce(paid.reference);
    await hour();
    expect(applied).toHaveLength(1);
    await rows(`UPDATE billing.provider_lane SET looked_at = now() - interval '25 hours' RETURNING subject`);
    await hour();
    expect(last(paid.reference)).toMatchObject({ state: 'CANCELED' });
  });
});

describe('a signature', () => {
  const refused = async (process: StripeProcess, payload: string, header: string) => {
    const before = await rows('SELECT id FROM billing.provider_signal');
    expect(await process.receive(payload, header).catch((error: unknown) => error)).toMatchObject({ code: 'BAD_REQUEST' });
    expect(await rows('SELECT id FROM billing.provider_signal')).toEqual(before);
  };
  const eventText = async () => { await subscribed(); return JSON.stringify(stripe.world.events[0]); };

  it('of either secret is good, while one takes the place of another', async () => {
    const payload = await eventText();
    await processes[0].receive(payload, signed(payload, { secret: OTHER_SECRET }));
    await processes[0].receive(payload, signed(payload, { secret: HOOK_SECRET }));
    const later = await open(OTHER_SECRET);
    await refused(later, payload, signed(payload, { secret: HOOK_SECRET }));
    later.close();
  });

  it('that is forged, of another body, too old or no signature at all keeps nothing', async () => {
    const payload = await eventText();
    const now = Math.floor(Date.now() / 1_000);
    const [process] = processes;
    await refused(process, payload, signed(payload, { secret: 'whsec_of_somebody_else' }));
    await refused(process, payload.replace('customer', 'costumer'), signed(payload));
    await refused(process, `${payload} `, signed(payload));
    await refused(process, payload, signed(payload, { atSeconds: now - 301 }));
    for (const header of ['', 't=1,v1=', `t=${now},v1=${'0'.repeat(64)}`, `t=${now},v0=${signed(payload).split('v1=')[1]!}`, 'nonsense']) await refused(process, payload, header);
    await refused(process, 'not JSON', signed('not JSON'));
  });

  it('of real money is refused where the key is a test key', async () => {
    await subscribed();
    const payload = JSON.stringify({ ...stripe.world.events[0], livemode: true });
    await refused(processes[0], payload, signed(payload));
  });
});

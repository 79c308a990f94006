import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { sum, type Decimal } from '../../platform/decimal.ts';
import { cancel, change, checkout, invoicesOf, movedClock, ofTenant, portal, subscriptionOf, whenSubscribed } from '../../test/kit/billing.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { startServices, type Kit } from '../../test/kit/services.ts';
import { codeOf, done, newTenant, type TestTenant } from '../../test/kit/tenants.ts';

const clock = movedClock();
let kit: Kit;
let owner: pg.Client;
beforeAll(async () => {
  kit = await startServices(['tenants', 'billing'], { override: { now: clock.now } });
  owner = new pg.Client({ connectionString: kit.database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await kit?.stop();
});

const begun = async (input = {}): Promise<TestTenant> => {
  const tenant = await newTenant(kit, input);
  await whenSubscribed(kit, tenant, { plan: 'FREE' });
  return tenant;
};
const paying = async (input: Record<string, unknown>): Promise<TestTenant> => {
  const tenant = await begun();
  done(await checkout(kit, tenant.owner, input));
  await whenSubscribed(kit, tenant, { plan: input.plan, isPaid: true });
  return tenant;
};
const whenInvoiced = (tenant: TestTenant, count: number, state = 'PAID') => eventually(`${count} invoice(s), the newest ${state}`, async () => {
  const found = await invoicesOf(kit, tenant);
  return found.length === count && found[0].state === state && found;
});
const days = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

describe('a trial', () => {
  it('is of fourteen days, paid by nobody, and ends in what costs nothing', async () => {
    const tenant = await begun();
    const { subscription } = done(await change(kit, tenant.owner, { plan: 'TEAM' }));
    expect(subscription).toMatchObject({ plan: 'TEAM', state: 'TRIALING', seats: 10, isPaid: false, trialAvailable: false });
    expect(days(subscription.periodFrom, subscription.periodTo)).toBe(14);
    clock.forwardDays(15);
    await whenSubscribed(kit, tenant, { plan: 'FREE', state: 'ACTIVE' });
    expect(await invoicesOf(kit, tenant)).toEqual([]);
  });

  it('is had once: afterwards a plan wants a way to pay', async () => {
    const tenant = await begun();
    done(await change(kit, tenant.owner, { plan: 'BUSINESS' }));
    clock.forwardDays(15);
    await whenSubscribed(kit, tenant, { plan: 'FREE' });
    expect(codeOf(await change(kit, tenant.owner, { plan: 'TEAM' }))).toBe('PAYMENT_REQUIRED');
  });

  it('goes on as another plan, and is over when somebody pays', async () => {
    const tenant = await begun();
    done(await change(kit, tenant.owner, { plan: 'TEAM' }));
    expect(done(await change(kit, tenant.owner, { plan: 'BUSINESS' })).subscription).toMatchObject({ plan: 'BUSINESS', state: 'TRIALING' });
    done(await checkout(kit, tenant.owner, { plan: 'TEAM' }));
    await whenSubscribed(kit, tenant, { plan: 'TEAM', state: 'ACTIVE', isPaid: true });
  });
});

describe('a checkout', () => {
  it('begins what is paid for, and its first period is billed in advance', async () => {
    const tenant = await begun();
    const { url } = done(await checkout(kit, tenant.owner, { plan: 'TEAM', seats: 12, currency: 'EUR', returnUrl: 'https://app.example.org/billing?x=1' }));
    expect(url).toBe('https://app.example.org/billing?x=1&checkout=done');
    const subscription = await whenSubscribed(kit, tenant, { plan: 'TEAM', state: 'ACTIVE', isPaid: true });
    expect(subscription).toMatchObject({ seats: 12, currency: 'EUR' });
    const [invoice] = await whenInvoiced(tenant, 1);
    expect(invoice).toMatchObject({ number: expect.stringMatching(/^ATL-\d{4}-\d{6}$/), total: { amount: '61', currency: 'EUR' }, lines: [{ kind: 'SUBSCRIPTION', amount: '61' }] });
    expect(done(await portal(kit, tenant.owner, { returnUrl: 'https://app.example.org/' })).url).toBe('https://app.example.org/?portal=local');
  });

  it('refuses bad input', async () => {
    const tenant = await begun();
    for (const [input, code] of [
      [{ plan: 'FREE' }, 'INVALID_INPUT'], [{ plan: 'TEAM', seats: 9 }, 'INVALID_INPUT'], [{ plan: 'TEAM', seats: 101 }, 'INVALID_INPUT'],
      [{ plan: 'TEAM', currency: 'XXX' }, 'INVALID_INPUT'], [{ plan: 'TEAM', returnUrl: 'javascript:alert(1)' }, 'INVALID_INPUT'],
    ] as const) expect([input, codeOf(await checkout(kit, tenant.owner, input))]).toEqual([input, code]);
    expect(codeOf(await portal(kit, tenant.owner))).toBe('WRONG_STATE');
    const paid = await paying({ plan: 'TEAM' });
    expect(codeOf(await checkout(kit, paid.owner, { plan: 'BUSINESS' }))).toBe('WRONG_STATE');
  });
});

describe('a change of what is paid for', () => {
  it('upwards is made at once, and billed to the second', async () => {
    const tenant = await paying({ plan: 'TEAM' });
    clock.forwardDays(10);
    const { subscription } = done(await change(kit, tenant.owner, { plan: 'BUSINESS' }));
    expect(subscription).toMatchObject({ plan: 'BUSINESS', state: 'ACTIVE', seats: 25 });
    const { invoicePreview: { lines, total } } = await ofTenant(kit, tenant, tenant.owner.viewer, 'invoicePreview { lines { kind amount } total { amount } }');
    expect(lines.map(({ kind }: { kind: string }) => kind)).toEqual(['PRORATION', 'PRORATION']);
    // Of a month of 28 to 31 days all but ten are left, and 200 more are charged for the whole.
    const part = Number(sum(...lines.map(({ amount }: { amount: Decimal }) => amount))) / 200;
    const length = days(subscription.periodFrom, subscription.periodTo);
    expect(part).toBeCloseTo((length - 10) / length, 4);
    expect(Number(total.amount)).toBeCloseTo(part * 200, 1);
  });

  it('downwards is made when the period ends, and can be taken back until then', async () => {
    const tenant = await paying({ plan: 'BUSINESS' });
    expect(done(await change(kit, tenant.owner, { plan: 'TEAM' })).subscription).toMatchObject({ plan: 'BUSINESS', nextPlan: 'TEAM', nextSeats: 10 });
    expect(done(await change(kit, tenant.owner, { plan: 'BUSINESS' })).subscription).toMatchObject({ plan: 'BUSINESS', nextPlan: null });
    done(await change(kit, tenant.owner, { plan: 'TEAM' }));
    clock.forwardDays(32);
    expect(await whenSubscribed(kit, tenant, { plan: 'TEAM' })).toMatchObject({ seats: 10, state: 'ACTIVE', nextPlan: null });
    const [second, first] = await whenInvoiced(tenant, 2);
    expect([first.total.amount, second.total.amount]).toEqual(['249', '49']);
  });

  it('with a key that was used before is made once', async () => {
    const tenant = await paying({ plan: 'TEAM' });
    const twice = [await change(kit, tenant.owner, { plan: 'TEAM', seats: 20 }, { idempotencyKey: 'k' }), await change(kit, tenant.owner, { plan: 'TEAM', seats: 20 }, { idempotencyKey: 'k' })].map(done);
    expect(twice[1]).toEqual(twice[0]);
    const { ledger } = await ofTenant(kit, tenant, tenant.owner.viewer, 'ledger(first: 100) { nodes { kind } }');
    expect(ledger.nodes.filter(({ kind }: { kind: string }) => kind === 'PRORATION')).toHaveLength(4);
  });
});

describe('a cancellation', () => {
  it('is felt when the period ends, and taken back by the same plan until then', async () => {
    const tenant = await paying({ plan: 'TEAM' });
    expect(done(await cancel(kit, tenant.owner, { reason: 'too dear' })).subscription).toMatchObject({ plan: 'TEAM', state: 'CANCELED', nextPlan: 'FREE' });
    expect(done(await change(kit, tenant.owner, { plan: 'TEAM' })).subscription).toMatchObject({ plan: 'TEAM', state: 'ACTIVE', nextPlan: null });
    done(await cancel(kit, tenant.owner));
    clock.forwardDays(32);
    await whenSubscribed(kit, tenant, { plan: 'FREE', state: 'ACTIVE', isPaid: false });
    expect(await whenInvoiced(tenant, 1)).toHaveLength(1);
  });
  it('of what costs nothing is refused', async () => {
    const tenant = await begun();
    expect(codeOf(await cancel(kit, tenant.owner))).toBe('WRONG_STATE');
  });
});

describe('a payment that is declined', () => {
  it('makes what was bought overdue, is tried again, and in the end given up', async () => {
    const tenant = await paying({ plan: 'TEAM' });
    await whenInvoiced(tenant, 1);
    await owner.query('ALTER TABLE billing.local_subscription NO FORCE ROW LEVEL SECURITY; ALTER TABLE billing.provider_task NO FORCE ROW LEVEL SECURITY');
    const declines = (value: boolean) => owner.query('UPDATE billing.local_subscription SET declines = $2 WHERE tenant_id = $1', [tenant.id, value]);
    await declines(true);
    clock.forwardDays(32);
    await whenSubscribed(kit, tenant, { state: 'PAST_DUE' });
    await whenInvoiced(tenant, 2, 'OPEN');
    await declines(false);
    clock.forwardDays(1.1);
    await whenSubscribed(kit, tenant, { state: 'ACTIVE' });
    await whenInvoiced(tenant, 2);
    await declines(true);
    clock.forwardDays(31);
    // Looked at as often as one likes within a day, it is one try.
    await eventually('the first try', async () => (await owner.query('SELECT 1 FROM billing.local_subscription WHERE tenant_id = $1 AND attempts = 1', [tenant.id])).rowCount === 1);
    for (const wish of [cancel, change, cancel, change]) {
      done(await wish(kit, tenant.owner, wish === change ? { plan: 'TEAM' } : {}));
      await eventually('nothing more to be asked of the provider', async () => (await owner.query(`SELECT 1 FROM billing.provider_task WHERE tenant_id = $1 AND done_at IS NULL AND wish ->> 'kind' <> 'LOOK'`, [tenant.id])).rowCount === 0);
    }
    expect((await owner.query('SELECT attempts FROM billing.local_subscription WHERE tenant_id = $1', [tenant.id])).rows).toEqual([{ attempts: 1 }]);
    for (const tries of [1, 2, 3]) {
      await eventually(`what comes after try ${tries}`, async () => (await owner.query(
        `SELECT 1 FROM billing.local_subscription l JOIN billing.provider_task t ON t.tenant_id = l.tenant_id AND t.done_at IS NULL AND t.due_at > $3
         WHERE l.tenant_id = $1 AND l.attempts = $2`, [tenant.id, tries, clock.now()])).rowCount === 1);
      clock.forwardDays(1.1);
    }
    await whenSubscribed(kit, tenant, { plan: 'FREE', isPaid: false });
    await whenInvoiced(tenant, 3, 'UNCOLLECTIBLE');
  });
});

describe('a sandbox', () => {
  it('takes any plan, pays nothing and has no bill', async () => {
    const tenant = await newTenant(kit, { sandbox: true });
    await whenSubscribed(kit, tenant, { plan: 'FREE' });
    expect(done(await change(kit, tenant.owner, { plan: 'BUSINESS' })).subscription).toMatchObject({ plan: 'BUSINESS', state: 'ACTIVE', isPaid: false });
    expect(codeOf(await checkout(kit, tenant.owner, { plan: 'TEAM' }))).toBe('WRONG_STATE');
    clock.forwardDays(32);
    expect(await subscriptionOf(kit, tenant)).toMatchObject({ plan: 'BUSINESS' });
    expect(await invoicesOf(kit, tenant)).toEqual([]);
  });
});

describe('numbers of invoices', () => {
  it('have no gaps, whoever is billed', async () => {
    const tenants = await Promise.all(Array.from({ length: 6 }, () => paying({ plan: 'TEAM' })));
    await Promise.all(tenants.map((tenant) => whenInvoiced(tenant, 1)));
    await owner.query('ALTER TABLE billing.invoice NO FORCE ROW LEVEL SECURITY');
    const { rows } = await owner.query<{ number: string }>('SELECT number FROM billing.invoice ORDER BY number');
    const ofYear = new Map<string, number[]>();
    for (const { number } of rows) ofYear.set(number.slice(0, 8), [...ofYear.get(number.slice(0, 8)) ?? [], Number(number.slice(-6))]);
    for (const [year, numbers] of ofYear) expect([year, numbers]).toEqual([year, numbers.map((_, index) => index + 1)]);
    expect(rows.length).toBeGreaterThan(10);
  });
});

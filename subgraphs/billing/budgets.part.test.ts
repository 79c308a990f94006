import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { databaseOpener, type Database } from '../../platform/database/database.ts';
import { compare, decimal, sum } from '../../platform/decimal.ts';
import { newId } from '../../platform/ids.ts';
import { openLog } from '../../platform/log.ts';
import { systemViewer } from '../../platform/viewer.ts';
import { checkout, whenSubscribed } from '../../test/kit/billing.ts';
import { eventually } from '../../test/kit/eventually.ts';
import type { Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, done, newMember, newTenant, type TestTenant } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';
import { askBudgets, budgetsOf, count, knownToBilling, line, usageEvent } from '../../test/kit/usage.ts';

const SET = 'mutation($input: SetBudgetInput!) { setBudget(input: $input) { budget { id unit amount hard spent leased remaining limit { amount currency } } userErrors { code message path } } }';
const DELETE = 'mutation($input: DeleteBudgetInput!) { deleteBudget(input: $input) { budgetId userErrors { code } } }';
const LEASE = `mutation($input: LeaseBudgetsInput!) { leaseBudgets(input: $input) { leases { budgetId unit granted limit remaining resetAt hard expiresAt } refusal { budgetId unit limit remaining resetAt } userErrors { code path } } }`;
const RETURN = 'mutation($input: ReturnLeasesInput!) { returnLeases(input: $input) { returned userErrors { code } } }';
const gateway = systemViewer('gateway');

let kit: Kit;
beforeAll(async () => { kit = await startTogether(['tenants', 'billing']); });
afterAll(() => kit?.stop());

const fresh = async (): Promise<TestTenant> => {
  const made = await newTenant(kit);
  await knownToBilling(kit, made.id);
  return made;
};
const set = async (tenant: TestTenant, input: object, idempotencyKey: string | null = null) => kit.ask('billing', SET, { input: { period: 'DAY', hard: true, ...input } }, tenant.owner.viewer, { idempotencyKey });
/** Whoever is told that too much is going on asks again, as the gateway does. */
const lease = async (tenant: TestTenant, input: object) => eventually('a lease, or its refusal', async () => {
  const answer = await leaseOnce(tenant, input);
  return answer.errors?.[0]?.extensions.code === 'OVERLOADED' ? null : done(answer);
});
const leaseOnce = (tenant: TestTenant, input: object) => kit.ask('billing', LEASE, { input: { tenantId: tenant.id, holder: 'gateway-1', wants: [{ unit: 'POINTS', amount: '100', atLeast: '1' }], ...input } }, gateway);
const giveBack = async (tenant: TestTenant, budgetId: string, resetAt: string, amount: string, holder = 'gateway-1') => done(await kit.ask('billing', RETURN, { input: { tenantId: tenant.id, holder, leases: [{ budgetId, resetAt, amount }] } }, gateway));
const only = async (tenant: TestTenant) => (await budgetsOf(kit, tenant.id, tenant.owner.viewer))[0];

describe('a budget of money', () => {
  it('of a currency that the tenant is not billed in any more holds nobody', async () => {
    const tenant = await fresh();
    const money = { wants: [{ unit: 'MONEY', amount: '1', atLeast: '1' }] };
    done(await set(tenant, { limit: { amount: '0.5', currency: 'USD' } }));
    expect((await lease(tenant, money)).refusal).toMatchObject({ unit: 'MONEY' });
    done(await checkout(kit, tenant.owner, { plan: 'TEAM', currency: 'EUR' }));
    await whenSubscribed(kit, tenant, { plan: 'TEAM', currency: 'EUR' });
    expect(await lease(tenant, money)).toMatchObject({ leases: [], refusal: null });
  });
});

describe('setBudget', () => {
  it('answers the budget, with what was used already in the running period', async () => {
    const tenant = await fresh();
    const user = newId('usr');
    await count(kit, [usageEvent(tenant.id, [line('api.points', 40, { userId: user }), line('api.points', 2, { userId: newId('usr') })])]);
    const { budget } = done(await set(tenant, { points: '100' }));
    expect(budget).toMatchObject({ unit: 'POINTS', amount: '100', spent: '42', leased: '0', remaining: '58', hard: true, limit: null });
    expect(done(await set(tenant, { points: '100', userId: user })).budget).toMatchObject({ spent: '40' });
    expect(done(await set(tenant, { limit: { amount: '1.5', currency: 'USD' }, period: 'MONTH' })).budget).toMatchObject({ unit: 'MONEY', spent: '0.000042', limit: { amount: '1.5', currency: 'USD' } });
    await count(kit, [usageEvent(tenant.id, [line('api.points', 8, { userId: user })])]);
    expect((await budgetsOf(kit, tenant.id, tenant.owner.viewer)).map(({ spent }: { spent: string }) => spent)).toEqual(['50', '48', '0.00005']);
  });

  it('set once more changes it; twins with one key are one, and so is the answer', async () => {
    const tenant = await fresh();
    const [first, twin] = await Promise.all([set(tenant, { tokens: '10' }, 'k'), set(tenant, { tokens: '10' }, 'k')]);
    const again = await set(tenant, { tokens: '20', hard: false });
    expect([done(twin), done(again).budget.id]).toEqual([done(first), done(first).budget.id]);
    expect(await only(tenant)).toMatchObject({ amount: '20', hard: false });
    done(await kit.ask('billing', DELETE, { input: { id: done(first).budget.id } }, tenant.owner.viewer));
    expect(await budgetsOf(kit, tenant.id, tenant.owner.viewer)).toEqual([]);
    const told = () => kit.events.filter(({ type, tenant: of }) => of === tenant.id && type.startsWith('billing.budget-')).map(({ type }) => type);
    await eventually('the last of it to be told', () => told().includes('billing.budget-deleted'));
    expect(told()).toEqual(['billing.budget-set', 'billing.budget-set', 'billing.budget-deleted']);
  });

  it.each([
    ['two amounts', { points: '1', tokens: '1' }, 'limit'], ['none', {}, 'limit'], ['nothing', { points: '0' }, 'points'], ['less than nothing', { tokens: '-1' }, 'tokens'],
    ['two targets', { points: '1', userId: newId('usr'), apiKeyId: newId('key') }, 'userId'], ['a stranger thing', { points: '1', collectionId: newId('itm') }, 'collectionId'],
    ['another currency', { limit: { amount: '1', currency: 'EUR' } }, 'limit'],
  ])('refuses %s', async (_what, input, field) => {
    const answer = await set(await fresh(), input);
    expect(dataOf(answer).setBudget.userErrors[0]).toMatchObject({ code: 'INVALID_INPUT', path: expect.arrayContaining(['input', field]) });
  });

  it('refuses whoever looks after no money, and budgets of others are nobody’s', async () => {
    const [tenant, other] = [await fresh(), await fresh()];
    const member = await newMember(kit, tenant, 'MEMBER');
    const { id } = done(await set(tenant, { points: '5' })).budget;
    expect(codeOf(await kit.ask('billing', SET, { input: { period: 'DAY', hard: true, points: '1' } }, member.viewer))).toBe('FORBIDDEN');
    expect(codeOf(await askBudgets(kit, tenant.id, member.viewer))).toBe('FORBIDDEN');
    expect(codeOf(await kit.ask('billing', DELETE, { input: { id } }, other.owner.viewer))).toBe('NOT_FOUND');
    expect(codeOf(await kit.ask('billing', LEASE, { input: { tenantId: tenant.id, holder: 'x', wants: [] } }, tenant.owner.viewer))).toBe('FORBIDDEN');
  });
});

describe('leases', () => {
  it('shrink with what is left, become used as they are counted, and come back where they are not', async () => {
    const tenant = await fresh();
    const { id } = done(await set(tenant, { points: '400' })).budget;
    const { leases: [first] } = await lease(tenant, {});
    expect(first).toMatchObject({ budgetId: id, granted: '50', limit: '400', hard: true }); // an eighth of what was left
    expect(await only(tenant)).toMatchObject({ spent: '0', leased: '50', remaining: '350' });
    await count(kit, [usageEvent(tenant.id, [line('api.points', 20, { holder: 'gateway-1' })])]);
    expect(await only(tenant)).toMatchObject({ spent: '20', leased: '30', remaining: '350' });
    await giveBack(tenant, id, first.resetAt, '25');
    expect(await only(tenant)).toMatchObject({ spent: '20', leased: '5', remaining: '375' });
    await giveBack(tenant, id, first.resetAt, '25'); // never more than is there
    expect(await only(tenant)).toMatchObject({ spent: '20', leased: '0', remaining: '380' });
  });

  it('are of all budgets that somebody comes under, or of none', async () => {
    const tenant = await fresh();
    const [user, key] = [newId('usr'), newId('key')];
    for (const more of [{ points: '1000' }, { points: '10', userId: user }, { points: '10', apiKeyId: key }, { tokens: '10' }]) done(await set(tenant, more));
    const granted = await lease(tenant, { userId: user });
    expect(granted.leases.map(({ limit }: { limit: string }) => limit)).toEqual(['1000', '10']);
    const refused = await lease(tenant, { userId: user, holder: 'gateway-2', wants: [{ unit: 'POINTS', amount: '100', atLeast: '20' }] });
    expect(refused).toMatchObject({ leases: [], refusal: { unit: 'POINTS', limit: '10' } });
    expect((await budgetsOf(kit, tenant.id, tenant.owner.viewer)).map(({ leased }: { leased: string }) => leased)).toEqual(['100', '1', '0', '0']);
    expect(await lease(await fresh(), {})).toMatchObject({ leases: [], refusal: null });
  });

  it('of soft budgets are as wished and in nobody’s way', async () => {
    const tenant = await fresh();
    done(await set(tenant, { points: '10', hard: false }));
    expect((await lease(tenant, {})).leases).toMatchObject([{ granted: '100', hard: false, remaining: '10' }]);
    expect(await only(tenant)).toMatchObject({ leased: '0' });
  });

  it.each([['20 at once', 20], ['one behind the other', 1]])('taken by many never pass the line by a digit: %s', async (_what, atOnce) => {
    const tenant = await fresh();
    done(await set(tenant, { limit: { amount: '1.000000000007', currency: 'USD' } }));
    const wants = [{ unit: 'MONEY', amount: '0.11', atLeast: '0.013' }];
    const granted: string[] = [];
    let refused = 0;
    await Promise.all(Array.from({ length: atOnce }, async (_, holder) => {
      for (let n = 0; n < Math.ceil(120 / atOnce); n += 1) {
        const { leases, refusal } = await lease(tenant, { holder: `holder-${holder}`, wants });
        if (refusal) refused += 1;
        else granted.push(leases[0].granted);
      }
    }));
    const all = sum(...granted.map(decimal));
    expect(refused).toBeGreaterThan(0);
    expect(compare(all, decimal('1.000000000007'))).toBeLessThanOrEqual(0);
    expect(await only(tenant)).toMatchObject({ leased: all, spent: '0' });
    expect(compare(decimal((await only(tenant)).remaining), decimal('0.013'))).toBeLessThan(0); // and what is left is too little for anybody
  });

  it('that expired are returned a while after, and what was on its way until then was counted within them', async () => {
    const tenant = await fresh();
    done(await set(tenant, { points: '80', period: 'MONTH' }));
    await lease(tenant, { holder: 'dead' });
    await count(kit, [usageEvent(tenant.id, [line('api.points', 4, { holder: 'dead' })])]);
    expect(await only(tenant)).toMatchObject({ spent: '4', leased: '6' });
    const expired = await expiredRound(kit);
    await expired.round();
    expect(await only(tenant)).toMatchObject({ leased: '6' });
    await setBack(kit, tenant.id);
    await expired.round();
    await expired.close();
    expect(await only(tenant)).toMatchObject({ spent: '4', leased: '0' });
    await count(kit, [usageEvent(tenant.id, [line('api.points', 2, { holder: 'dead' })])]);
    expect(await only(tenant)).toMatchObject({ spent: '6', leased: '0' });
  });
});

describe('steps', () => {
  it('are told once a period each, whoever is over them at once, and what comes late into a past one tells nothing', async () => {
    const tenant = await fresh();
    const { id } = done(await set(tenant, { points: '100', hard: false })).budget;
    const shares = () => kit.events.filter(({ type, tenant: of }) => type === 'billing.budget-reached' && of === tenant.id).map(({ body }) => (body as { share: number }).share);
    await count(kit, [usageEvent(tenant.id, [line('api.points', 49)])]);
    await count(kit, [usageEvent(tenant.id, [line('api.points', 1)])]);
    const [told] = await eventually('the first step', () => { const all = kit.events.filter(({ type, tenant: of }) => type === 'billing.budget-reached' && of === tenant.id); return all.length > 0 && all; });
    expect(told).toMatchObject({ subject: id, body: { budgetId: id, share: 50, spent: '50', amount: '100', unit: 'POINTS', hard: false } });
    // One by one or all in one work: each of these reaches one step more.
    for (const many of [3, 7]) await count(kit, Array.from({ length: many }, () => usageEvent(tenant.id, [line('api.points', 10)])));
    await count(kit, [usageEvent(tenant.id, [line('api.points', 500)], { at: new Date(Date.now() - 86_400_000).toISOString() })]);
    await eventually('the last step', () => shares().includes(100));
    expect(shares()).toEqual([50, 80, 100]);
  });

  it('that are passed already when it is set are told at once', async () => {
    const tenant = await fresh();
    await count(kit, [usageEvent(tenant.id, [line('api.points', 90)])]);
    done(await set(tenant, { points: '100' }));
    const told = await eventually('the step', () => kit.events.find(({ type, tenant: of }) => type === 'billing.budget-reached' && of === tenant.id));
    expect(told.body).toMatchObject({ share: 80, spent: '90' });
  });
});

/** The round of the service's own loop, got hold of by starting it once more aside. */
async function expiredRound(of: Kit): Promise<{ round(): Promise<unknown>; close(): Promise<void> }> {
  const resources = of.atlas.host.resourcesFor('billing');
  const open = databaseOpener({ ...of.database, poolMax: 2, statementMs: 10_000, log: openLog({ level: 'silent', pretty: false }) });
  let aside: Database | undefined;
  let found: (() => Promise<unknown>) | undefined;
  const { start } = await import('./index.ts');
  const events: typeof resources.events = { ...resources.events, listen: () => undefined, sweep: ({ name, round }) => { if (name === 'billing expired leases') found = round; return { nudge: () => undefined }; } };
  await start({ ...resources, events, openDatabase: async (wanted) => (aside = await open(wanted)) });
  return { round: found!, close: () => aside!.close() };
}
/** Two minutes ago all that is leased expired. */
async function setBack(of: Kit, tenantId: string): Promise<void> {
  const client = new pg.Client({ connectionString: of.database.url });
  await client.connect();
  await client.query(`BEGIN; SET LOCAL ROLE atlas_billing; SET LOCAL app.tenant_id = '${tenantId}'; UPDATE billing.budget_lease SET expires_at = now() - interval '2 minutes'; COMMIT`);
  await client.end();
}

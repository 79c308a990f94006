import { afterEach, describe, expect, it } from '@jest/globals';
import { fakeBilling, fakeTail, PRICES, type FakeBilling } from '../../test/kit/fake-billing.ts';
import { silent } from '../../test/kit/toy-subgraph.ts';
import { decimal, minus, sum, times, type Decimal } from '../../platform/decimal.ts';
import type { AtlasError } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { openBudgets, type Budgets } from './budgets.ts';
import type { Spender } from '../../platform/billing/ports.ts';
import { tariffOf } from '../../platform/billing/tariff.ts';

const team = tariffOf({ plan: 'TEAM', planVersion: 3, currency: 'EUR', limits: {}, prices: PRICES });
const tenantId = newId('tnt');
const person = (tenant = tenantId): Spender => ({ tenantId: tenant, userId: newId('usr'), keyId: null });
const open: Budgets[] = [];
const opened = (billing: FakeBilling = fakeBilling()) => {
  const events = fakeTail();
  const budgets = openBudgets({ billing, holder: 'one', tail: events.tail as never, log: silent });
  open.push(budgets);
  return { billing, budgets, events };
};
afterEach(async () => { await Promise.all(open.splice(0).map((budgets) => budgets.stop())); });
const refusalOf = async (budgets: Budgets, who: Spender, points: number): Promise<AtlasError> => {
  try {
    await budgets.draw(who, points, team);
  } catch (error) {
    return error as AtlasError;
  }
  throw new Error('It was not refused.');
};

describe('a budget', () => {
  it('is asked for once while there is room, and is a matter of memory then', async () => {
    const { billing, budgets } = opened();
    billing.add({ unit: 'POINTS', limit: decimal(10_000_000) });
    const who = person();
    await budgets.draw(who, 10, team);
    for (let n = 0; n < 500; n += 1) expect(budgets.draw(who, 10, team)).not.toBeInstanceOf(Promise);
    expect(billing.asked).toBe(1);
  });

  it('that there is not is believed, until an event says that there is one', async () => {
    const { billing, budgets, events } = opened();
    const who = person();
    await budgets.draw(who, 10, team);
    expect(budgets.draw(who, 1_000_000, team)).not.toBeInstanceOf(Promise);
    billing.add({ unit: 'POINTS', limit: decimal(5) });
    await events.say({ type: 'billing.budget-set', tenant: tenantId });
    expect(await refusalOf(budgets, who, 10)).toMatchObject({ code: 'BUDGET_EXCEEDED', status: 402, retryable: false, budget: { unit: 'POINTS', limit: '5', remaining: '5', resetAt: expect.stringMatching(/Z$/) } });
  });

  it.each(['POINTS', 'MONEY'] as const)('in %s is never overdrawn, whoever asks at once, and is used to its end', async (unit) => {
    const billing = fakeBilling();
    const inPoints = (points: number): Decimal => (unit === 'POINTS' ? decimal(points) : times(PRICES['api.points'], points));
    const budget = billing.add({ unit, limit: inPoints(3_000) });
    const gateways = [opened(billing).budgets, opened(billing).budgets, opened(billing).budgets];
    const people = Array.from({ length: 8 }, () => person());
    let spent = 0;
    const outcomes = await Promise.all(Array.from({ length: 900 }, async (_, n) => {
      const points = 1 + (n % 7);
      try {
        const drawn = await gateways[n % 3]!.draw(people[n % 8]!, points, team);
        await new Promise((resolve) => setImmediate(resolve));
        const worth = Math.ceil(points / 2);
        drawn.settle(worth);
        spent += worth;
        return 'ok';
      } catch (error) {
        return (error as AtlasError).code;
      }
    }));
    expect(outcomes.filter((outcome) => outcome !== 'ok' && outcome !== 'BUDGET_EXCEEDED')).toEqual([]);
    await Promise.all(open.splice(0).map((one) => one.stop()));
    // What is not spent was given back, and nothing is left that was.
    expect(budget.leased).toBe(inPoints(spent));
    expect(spent).toBeLessThanOrEqual(3_000);
  });

  it('refuses what does not fit and lets through what does, to the last point', async () => {
    const { billing, budgets } = opened();
    const budget = billing.add({ unit: 'POINTS', limit: decimal(100) });
    const who = person();
    let drawn = 0;
    for (;;) {
      try {
        await budgets.draw(who, 7, team);
        drawn += 7;
      } catch (error) {
        expect(error).toMatchObject({ code: 'BUDGET_EXCEEDED' });
        break;
      }
    }
    expect(drawn).toBe(98);
    await budgets.draw(who, 2, team);
    expect(await refusalOf(budgets, who, 1)).toMatchObject({ code: 'BUDGET_EXCEEDED', budget: { remaining: '0' } });
    expect(budget.leased).toBe('100');
  });

  it('whose end has been reached costs billing little, however often it is tried', async () => {
    const { billing, budgets } = opened();
    billing.add({ unit: 'POINTS', limit: decimal(3) });
    const who = person();
    for (let n = 0; n < 200; n += 1) await refusalOf(budgets, who, 10);
    expect(billing.asked).toBeLessThan(10);
  });

  it('of another person, one in another currency and one that is soft refuse nobody', async () => {
    const { billing, budgets } = opened();
    billing.add({ unit: 'POINTS', limit: decimal(1), of: newId('usr') });
    billing.add({ unit: 'MONEY', limit: decimal('0.0000001'), currency: 'USD' });
    billing.add({ unit: 'POINTS', limit: decimal(1), hard: false });
    await budgets.draw(person(), 1_000, team);
  });

  it('that was leased is spent while billing is away, and no more of it; who has none goes on', async () => {
    const { billing, budgets } = opened();
    const [held, free] = [person(), person(newId('tnt'))];
    await budgets.draw(free, 1, team);
    const budget = billing.add({ unit: 'POINTS', limit: decimal(8_000), of: held.userId });
    await budgets.draw(held, 1, team);
    const granted = budget.leased;
    billing.away = new Error('Away.');
    let spent = 1;
    let refusal: unknown = null;
    while (refusal === null) await Promise.resolve(budgets.draw(held, 10, team)).then(() => { spent += 10; }, (error: unknown) => { refusal = error; });
    expect(refusal).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE', retryable: true });
    expect(spent).toBeLessThanOrEqual(Number(granted));
    expect(spent).toBeGreaterThan(Number(granted) - 11);
    await budgets.draw(free, 1_000_000, team);
    await budgets.draw(person(), 1_000_000, team);
  });

  it('is given back when the process ends, less what was used', async () => {
    const { billing, budgets } = opened();
    const budget = billing.add({ unit: 'MONEY', limit: decimal(1_000) });
    const drawn = await budgets.draw(person(), 500, team);
    drawn.settle(120);
    const { leased } = budget;
    await open.splice(0)[0]!.stop();
    expect(budget.leased).toBe(team.points(120));
    expect(billing.returned.map(({ amount }) => amount).reduce((all, one) => sum(all, one))).toBe(minus(leased, team.points(120)));
  });

  it('that expires is begun with anew: what is left of it is somebody else’s', async () => {
    const billing = fakeBilling();
    billing.leaseMs = 40;
    const { budgets } = opened(billing);
    const budget = billing.add({ unit: 'POINTS', limit: decimal(1_000) });
    const who = person();
    (await budgets.draw(who, 5, team)).settle(5);
    await new Promise((resolve) => setTimeout(resolve, 60));
    (await budgets.draw(who, 5, team)).settle(5);
    await open.splice(0)[0]!.stop();
    expect(budget.leased).toBe('10');
  });
});

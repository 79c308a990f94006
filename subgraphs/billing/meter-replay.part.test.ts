/** R2 for the meter: in whatever order events come, however often, and read again from the beginning, the sums are those of one pass in order. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decimal } from '../../platform/decimal.ts';
import type { Envelope, UsageLine } from '../../platform/event.ts';
import { newId, type TenantId } from '../../platform/ids.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { randomFrom } from '../../test/kit/random.ts';
import type { Kit } from '../../test/kit/services.ts';
import { done, newTenant, type TestTenant } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';
import { count, keptOf, knownToBilling, METER_GROUP, usageEvent, type Kept } from '../../test/kit/usage.ts';

const EVENTS = 250;
const COPIES = 3;
const HOUR_MS = 3_600_000;
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);

let kit: Kit;
beforeAll(async () => { kit = await startTogether(['tenants', 'billing']); });
afterAll(() => kit?.stop());

const SET = 'mutation($input: SetBudgetInput!) { setBudget(input: $input) { budget { id } userErrors { message } } }';
async function withBudgets(userId: string): Promise<TestTenant> {
  const tenant = await newTenant(kit);
  await knownToBilling(kit, tenant.id);
  for (const input of [{ period: 'DAY', points: '5000', hard: true }, { period: 'MONTH', points: '100', hard: false, userId }, { period: 'MONTH', limit: { amount: '1', currency: 'USD' }, hard: true }]) {
    done(await kit.ask('billing', SET, { input }, tenant.owner.viewer));
  }
  return tenant;
}

/** The same events for another tenant: other ids, the same otherwise. */
const forTenant = (tenant: TenantId, events: readonly Envelope[]): Envelope[] => events.map((event) => ({ ...event, tenant, id: newId('evt') }));
/** What two tenants may differ in: the ids of what they were told, and of their budgets. The row of who has joined is each their own. */
const comparable = ({ raw, hour, day, level, latency, spent, booked }: Kept) => {
  // What is given back takes no word back: which steps a budget came to on the way depends on the way.
  const sums = spent.map((row) => ({ ...row, told: undefined }));
  const shared = (rows: object[]) => rows.filter((row) => (row as { metric?: string }).metric !== 'seats');
  const rowsOf = (rows: object[]) => rows.map((row) => JSON.stringify({ ...row, event_id: undefined, budget_id: undefined })).sort();
  return { raw: rowsOf(shared(raw)), hour: shared(hour), day: shared(day), level: shared(level), latency, spent: rowsOf(sums), booked };
};
const stepsTold = ({ spent }: Kept): unknown[] => (spent as { budget_id: string; period_from: Date; told: number }[]).map(({ budget_id: id, period_from: from, told }) => [id, from, told]);

describe('usage that comes three times, shuffled, and once more from the beginning', () => {
  it(`is counted as in one pass in order: ${EVENTS} events, seed ${SEED}`, async () => {
    const random = randomFrom(SEED);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
    const people = [newId('usr'), newId('usr')];
    const collections = [newId('col'), newId('col')];
    // No bytes: what their days cost is counted by the clock, be all of them here or not, and put right later (storage-days.test.ts).
    const someLine = (): UsageLine => ({
      metric: pick(['api.points', 'api.operations', 'ai.input-tokens', 'ai.output-tokens', 'ai.cost', 'items', 'custom.pages']),
      quantity: decimal(`${random() < 0.2 ? '-' : ''}${Math.floor(random() * 500)}.${Math.floor(random() * 1_000_000)}`),
      attributes: { userId: pick([...people, '']), ...(random() < 0.4 && { collectionId: pick(collections) }), ...(random() < 0.3 && { latencyMs: String(Math.floor(random() * 900)) }), ...(random() < 0.2 && { model: pick(['small', 'large']) }) },
    });
    // Some days ago to now, so that periods are passed in both directions.
    const events = Array.from({ length: EVENTS }, () => usageEvent(newId('tnt'), Array.from({ length: 1 + Math.floor(random() * 3) }, someLine), { at: new Date(Date.now() - Math.floor(random() * 60) * HOUR_MS).toISOString() }));

    const [inOrder, mixed] = [await withBudgets(people[0]!), await withBudgets(people[0]!)];
    await count(kit, forTenant(inOrder.id, events));
    const others = forTenant(mixed.id, events);
    const copies = Array.from({ length: COPIES }, () => others).flat();
    for (let last = copies.length - 1; last > 0; last -= 1) {
      const other = Math.floor(random() * (last + 1));
      [copies[last], copies[other]] = [copies[other]!, copies[last]!];
    }
    await count(kit, copies);
    const before = { inOrder: await keptOf(kit.database.url, inOrder.id), mixed: await keptOf(kit.database.url, mixed.id) };
    const expected = comparable(before.inOrder);
    expect(expected.raw.length).toBeGreaterThan(EVENTS);
    expect(comparable(before.mixed)).toEqual(expected);

    await kit.atlas.bus.rewind(METER_GROUP, 'start');
    await quiet();
    const after = { inOrder: await keptOf(kit.database.url, inOrder.id), mixed: await keptOf(kit.database.url, mixed.id) };
    expect([comparable(after.inOrder), comparable(after.mixed)]).toEqual([expected, expected]);
    expect([stepsTold(after.inOrder), stepsTold(after.mixed)]).toEqual([stepsTold(before.inOrder), stepsTold(before.mixed)]);
  }, 300_000);

  async function quiet(): Promise<void> {
    const lag = async () => (await kit.atlas.bus.lag()).find(({ group }) => group === METER_GROUP)?.waiting;
    await eventually('the log to be read again', async () => (await lag()) !== 0);
    await eventually('nothing to be left', async () => (await lag()) === 0, 120_000);
  }
});

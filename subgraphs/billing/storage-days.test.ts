import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/kit/eventually.ts';
import { movedClock } from '../../test/kit/billing.ts';
import { startServices, type Kit } from '../../test/kit/services.ts';
import { newTenant, type TestTenant } from '../../test/kit/tenants.ts';
import { count, keptOf, knownToBilling, line, usageEvent, usageOf } from '../../test/kit/usage.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const clock = movedClock();
let kit: Kit;
/** Two processes of it at once would count what one does. */
let other: Kit;
beforeAll(async () => {
  clock.forwardDays(1 / 24); // a day is counted an hour after its end
  kit = await startServices(['tenants', 'billing'], { override: { now: clock.now } });
  other = await startServices(['tenants', 'billing'], { override: { now: clock.now }, database: { ...kit.database, drop: async () => undefined } });
});
afterAll(async () => {
  await other?.stop();
  await kit?.stop();
});

const midnight = (days: number) => new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS + days * DAY_MS);
const at = (days: number, hours: number) => ({ at: new Date(midnight(days).getTime() + hours * HOUR_MS + 1_234).toISOString() });
const stored = async ({ id, owner }: TestTenant): Promise<string[]> => {
  const { series } = await usageOf(kit, id, owner.viewer, { from: midnight(-6).toISOString(), to: clock.now().toISOString() });
  return series.flatMap(({ from, lines }: { from: string; lines: { metric: string; quantity: string }[] }) => lines.filter(({ metric }) => metric === 'storage.gb-days').map(({ quantity }) => `${(Date.parse(from) - midnight(0).getTime()) / DAY_MS}: ${quantity}`));
};
const whenStored = (tenant: TestTenant, wanted: readonly string[]) => eventually(`${wanted.join(', ')} gigabyte-days`, async () => JSON.stringify(await stored(tenant)) === JSON.stringify(wanted), 90_000);

describe('what is stored', () => {
  it('costs by the gigabyte and the day, once, and what is heard of late is put right', async () => {
    const tenant = await newTenant(kit);
    await knownToBilling(kit, tenant.id);
    // Twelve gigabytes for eighteen hours of a day, then all of the next, and half of it from noon on.
    await count(kit, [usageEvent(tenant.id, [line('storage.bytes', 12_000_000_000, at(-3, 6)), line('storage.bytes', -6_000_000_000, at(-1, 12))])]);
    await whenStored(tenant, ['-3: 9', '-2: 12', '-1: 9']);
    const booked = (await keptOf(kit.database.url, tenant.id)).booked;
    expect(booked).toBe('0.36'); // thirty of them at 0.012

    // Nothing new is due before the day is over, and then it is counted with what has been heard of meanwhile.
    await count(kit, [usageEvent(tenant.id, [line('storage.bytes', 24_000_000_000, at(-2, 23)), line('storage.bytes', -24_000_000_000, at(-1, 0))])]);
    clock.forwardDays(1);
    await whenStored(tenant, ['-3: 9', '-2: 13', '-1: 9', '0: 6']);
    const { raw, booked: then } = await keptOf(kit.database.url, tenant.id);
    expect((raw as { metric: string; quantity: string }[]).filter(({ metric }) => metric === 'storage.gb-days').map(({ quantity }) => quantity).sort()).toEqual(['1', '12', '6', '9', '9']);
    expect(then).toBe('0.444');
  });
});

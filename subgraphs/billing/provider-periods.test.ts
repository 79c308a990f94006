/** The months of whoever takes the money are the months that are billed, however their clock and ours differ. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sum, type Decimal } from '../../platform/decimal.ts';
import { newId } from '../../platform/ids.ts';
import { openBillingTables, type BillingTables } from '../../test/kit/stripe-billing.ts';
import { applyProviderState } from './application/apply-provider-state.ts';
import { holdSubscription } from './application/hold-subscription.ts';
import { selfIn } from './application/on-tenant-created.ts';
import type { ProviderState } from './domain/ports.ts';
import { Subscription } from './domain/subscription.ts';

let tables: BillingTables;
beforeAll(async () => { tables = await openBillingTables(); });
afterAll(() => tables?.stop());

const stateAt = (from: string, to: string): ProviderState => ({
  customer: 'cus_1', state: 'ACTIVE', plan: 'BUSINESS', planVersion: 1, seats: 25, currency: 'USD', periodFrom: new Date(from), periodTo: new Date(to),
  cancelAtPeriodEnd: false, latestInvoice: null, disputed: false,
});

/** A tenant that began at a moment and is seen at the provider so, one look after the other. */
async function seen(began: string, looks: readonly { now: string; state: ProviderState | null }[]): Promise<{ periods: string[]; billed: Decimal }> {
  const tenantId = newId('tnt');
  const within = selfIn(tenantId);
  await tables.desk.work(within, async ({ plans, subscriptions }) => subscriptions.add(Subscription.open({ tenantId, sandbox: false, plan: (await plans.onSale())[0]!, now: new Date(began) })));
  const periods: string[] = [];
  for (const { now: moment, state } of looks) {
    const now = new Date(moment);
    await tables.desk.work(within, (ports) => (state ? applyProviderState(ports, { tenantId, reference: 'sub_1', state, now }) : holdSubscription(ports, tenantId, now).then(() => undefined)));
    const subscription = await tables.desk.look(within, ({ subscriptions }) => subscriptions.of(tenantId));
    periods.push(`${subscription!.periodFrom.toISOString()} ${subscription!.periodTo.toISOString()}`);
  }
  const invoices = await tables.desk.look(within, ({ invoices: kept }) => kept.page(tenantId, { first: 20, after: null }));
  return { periods, billed: sum(...invoices.flatMap(({ lines }) => lines.filter(({ kind }) => kind === 'SUBSCRIPTION').map(({ amount }) => amount))) };
}

describe('a period', () => {
  it('that begins with our milliseconds and ends with the provider’s second is followed by a month, and costs one fee', async () => {
    const { periods, billed } = await seen('2026-03-05T10:00:10.500Z', [
      { now: '2026-03-05T10:00:11.200Z', state: stateAt('2026-03-05T10:00:10.000Z', '2026-04-05T10:00:10.000Z') },
      { now: '2026-04-05T10:00:12.000Z', state: null },
      { now: '2026-05-05T10:00:12.000Z', state: null },
    ]);
    expect(periods.slice(1)).toEqual(['2026-04-05T10:00:10.000Z 2026-05-05T10:00:10.000Z', '2026-05-05T10:00:10.000Z 2026-06-05T10:00:10.000Z']);
    expect(billed).toBe(sum('249' as Decimal, '249' as Decimal, '249' as Decimal)); // the first two months and the third, in advance
  });

  it('ends when the provider says, where months are too short to tell from which day they are counted', async () => {
    const { periods } = await seen('2026-01-10T00:00:00.000Z', [
      { now: '2026-01-31T12:00:00.300Z', state: stateAt('2026-01-31T12:00:00.000Z', '2026-02-28T12:00:00.000Z') },
      { now: '2026-02-28T12:00:01.000Z', state: stateAt('2026-02-28T12:00:00.000Z', '2026-03-28T12:00:00.000Z') },
      { now: '2026-03-28T12:00:01.000Z', state: null },
    ]);
    expect(periods).toEqual(['2026-01-31T12:00:00.000Z 2026-02-28T12:00:00.000Z', '2026-02-28T12:00:00.000Z 2026-03-28T12:00:00.000Z', '2026-03-28T12:00:00.000Z 2026-04-28T12:00:00.000Z']);
  });
});

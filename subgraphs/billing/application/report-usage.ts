/** Tells the provider what was used, day by day, as far as it has not been told: to be seen there, not to be charged. */
import type { Work } from '../../../platform/work.ts';
import type { Payments } from '../domain/ports.ts';
import { usageOf, type Payer, type Payers, type UsageTold } from '../domain/provider-usage.ts';
import { selfIn } from './on-tenant-created.ts';

const DAYS = 30;
const BATCH_MAX = 100;

interface Given { work: Work<{ told: UsageTold }>; payers: Payers; report: NonNullable<Payments['report']>; now: () => Date; onFault: (error: unknown) => void }

/** One round; one tenant whose usage cannot be told keeps no other from it. */
export const reportUsage = (given: Given) => async (): Promise<void> => {
  for (const payer of await given.payers()) await reportOne(given, payer).catch(given.onFault);
};

async function reportOne({ work, report, now }: Given, payer: Payer): Promise<void> {
  const scope = selfIn(payer.tenantId);
  const since = new Date(now().getTime() - DAYS * 86_400_000);
  for (let full = true; full;) {
    const tellings = await work(scope, ({ told }) => told.claim(payer.tenantId, { since, max: BATCH_MAX }));
    if (tellings.length > 0) await report(tellings.map((telling) => usageOf(payer, telling, now())));
    await work(scope, ({ told }) => told.done(payer.tenantId, tellings));
    full = tellings.length === BATCH_MAX;
  }
}

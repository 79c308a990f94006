import type { TenantId } from '../../../platform/ids.ts';
import type { Work } from '../../../platform/work.ts';
import type { MeterPorts } from '../domain/meter-ports.ts';
import { DAY_MS } from '../domain/period.ts';
import { StorageCount, storedDays, untold, type Storage, type StorageDue } from '../domain/storage-days.ts';
import { billingIn } from './meter.ts';

/** For so many days what is heard of late is put right. */
const LATE_DAYS = 35;
/** A day is counted so long after its end: what happened in its last moments has been heard of by then. */
const GRACE_MS = 3_600_000;

interface Given { work: Work<MeterPorts & { storage: Storage }>; due: StorageDue; now: () => Date; onFault: (error: unknown) => void }

/** One round: each tenant in whose storage a day has ended, once; one that cannot be counted keeps nobody waiting. */
export const countStorage = (given: Given) => async (): Promise<boolean> => {
  const due = await given.due(given.now());
  let done = 0;
  for (const tenantId of due) await countOne(given, tenantId).then(() => { done += 1; }, given.onFault);
  return done > 0;
};

async function countOne({ work, now }: Given, tenantId: TenantId): Promise<void> {
  const today = new Date(Math.floor((now().getTime() - GRACE_MS) / DAY_MS) * DAY_MS);
  const from = new Date(today.getTime() - LATE_DAYS * DAY_MS);
  await work(billingIn(tenantId), async ({ subscriptions, storage, witness }) => {
    // Nothing is counted beside it, and no other round is in this tenant, until what it has come to is noted.
    await subscriptions.locked(tenantId);
    const days = storedDays({ from, to: today, ...await storage.since(tenantId, from) });
    const news = untold(days, await storage.told(tenantId, from));
    if (news.length > 0) witness(StorageCount.of(tenantId, news));
    const changed = new Set(news.map(({ day }) => day.getTime()));
    await storage.note(tenantId, days.filter(({ day }) => changed.has(day.getTime())), new Date(today.getTime() + DAY_MS + GRACE_MS));
  });
}

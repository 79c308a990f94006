import type { Work } from '../../../platform/work.ts';
import type { Due, Ports } from '../domain/ports.ts';
import { holdSubscription } from './hold-subscription.ts';
import { selfIn } from './on-tenant-created.ts';

/** One round: each tenant whose period is over, by itself, so that one that cannot be closed keeps nobody waiting. */
export const closePeriods = (given: { work: Work<Ports>; due: Due; now: () => Date; onFault: (error: unknown) => void; billed: () => void }) => async (): Promise<void> => {
  for (const tenantId of await given.due.periods(given.now())) {
    await given.work(selfIn(tenantId), (ports) => holdSubscription(ports, tenantId, given.now())).then(given.billed, given.onFault);
  }
};

import { lineOf } from '../../../platform/text.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';
import { viewOf, type SubscriptionView } from '../domain/subscription-view.ts';
import { end } from './change-plan.ts';
import { holdOrOpen } from './hold-subscription.ts';
import { tenantOf } from './tenant-of.ts';

const REASON_MAX = 500;
export type CancelSubscription = ReturnType<typeof cancelSubscription>;

/** What has been paid for goes on until its period ends. */
export const cancelSubscription = (given: { work: Work<Ports>; now: () => Date; wished: () => void }) => async (viewer: Viewer, input: { reason?: string | null }): Promise<{ subscription: SubscriptionView }> => {
  const reason = input.reason == null ? null : lineOf(input.reason, 'reason', REASON_MAX);
  const cancelled = await given.work(viewer, async (ports) => {
    const held = await holdOrOpen(ports, { tenantId: tenantOf(viewer), sandbox: viewer.sandbox, now: given.now() });
    await end(ports, held, given.now(), reason);
    return { subscription: viewOf(held) };
  });
  given.wished();
  return cancelled;
};

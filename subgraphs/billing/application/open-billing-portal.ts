import { AtlasError } from '../../../platform/errors.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Payments, Ports } from '../domain/ports.ts';
import { returnUrlOf } from './start-checkout.ts';
import { tenantOf } from './tenant-of.ts';

export type OpenBillingPortal = ReturnType<typeof openBillingPortal>;

/** Where whoever pays sees how, and pays otherwise. */
export const openBillingPortal = (given: { work: Work<Ports>; payments: Payments; publicUrl: string }) => async (viewer: Viewer, input: { returnUrl?: string | null }): Promise<{ url: string }> => {
  const tenantId = tenantOf(viewer);
  const returnUrl = returnUrlOf(input.returnUrl ?? given.publicUrl);
  const customer = await given.work(viewer, async ({ subscriptions }) => (await subscriptions.of(tenantId))?.customer ?? null);
  if (customer === null) throw new AtlasError('WRONG_STATE', 'Nobody has paid for this tenant yet: startCheckout comes first.');
  return given.payments.portal({ tenantId, customer, returnUrl });
};

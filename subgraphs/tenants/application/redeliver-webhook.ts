import { isId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { WebhookDelivery } from '../domain/webhook-delivery.ts';
import type { WebhookPorts } from '../domain/webhook-ports.ts';
import { notFound, tenantOf } from './act-in-tenant.ts';
import { refuseUnlessAdmin } from './hold-webhook.ts';

export type RedeliverWebhook = ReturnType<typeof redeliverWebhook>;

/** The same event under the same `webhook-id`, at once, whatever has become of it before; if need be with all further attempts. */
export const redeliverWebhook = (given: { work: Work<WebhookPorts>; queued: () => void }) => async (viewer: Viewer, { deliveryId }: { deliveryId: string }): Promise<{ delivery: WebhookDelivery }> => {
  const tenantId = tenantOf(viewer);
  const done = await given.work(viewer, async (ports) => {
    await refuseUnlessAdmin(viewer, ports);
    const [found] = isId('whd', deliveryId) ? await ports.webhookDeliveries.byIds(tenantId, [deliveryId]) : [];
    const webhook = found && await ports.webhooks.locked(tenantId, found.webhookId);
    if (!found || !webhook) throw notFound('deliveryId');
    webhook.refuseDisabled('deliveryId');
    await ports.webhookLanes.wake(webhook.id);
    const delivery = await ports.webhookDeliveries.locked(tenantId, found.id);
    if (!delivery) throw notFound('deliveryId');
    delivery.redeliver();
    return { delivery };
  });
  given.queued();
  return done;
};

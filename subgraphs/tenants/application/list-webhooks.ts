import type { TenantId, WebhookDeliveryId, WebhookId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { all, type Glance } from '../../../platform/work.ts';
import type { Span } from '../domain/ports.ts';
import type { DeliveryState, WebhookDelivery } from '../domain/webhook-delivery.ts';
import type { WebhookPorts } from '../domain/webhook-ports.ts';
import type { Webhook } from '../domain/webhook.ts';

/** The webhooks of a tenant and what they have sent. The policy has let the viewer in. */
export interface ListWebhooks {
  webhooks(viewer: Viewer, tenantId: TenantId, span: Span): Promise<Webhook[]>;
  deliveries(viewer: Viewer, of: { tenantId: TenantId; webhookId: WebhookId; state: DeliveryState | null }, span: Span): Promise<WebhookDelivery[]>;
  webhooksById(viewer: Viewer, ids: readonly WebhookId[]): Promise<Webhook[]>;
  deliveriesById(viewer: Viewer, ids: readonly WebhookDeliveryId[]): Promise<WebhookDelivery[]>;
}

export const listWebhooks = ({ glance }: { glance: Glance<WebhookPorts> }): ListWebhooks => ({
  webhooks: (viewer, tenantId, span) => glance({ ...viewer, tenantId }, ({ webhooks }) => webhooks.page(tenantId, span)),
  deliveries: (viewer, { tenantId, webhookId, state }, span) => glance({ ...viewer, tenantId }, ({ webhookDeliveries }) => webhookDeliveries.page(tenantId, webhookId, state, span)),
  webhooksById: async (viewer, ids) => (viewer.tenantId ? glance(viewer, ({ webhooks }) => webhooks.byIds(viewer.tenantId!, ids), all(ids)) : []),
  deliveriesById: async (viewer, ids) => (viewer.tenantId ? glance(viewer, ({ webhookDeliveries }) => webhookDeliveries.byIds(viewer.tenantId!, ids), all(ids)) : []),
});

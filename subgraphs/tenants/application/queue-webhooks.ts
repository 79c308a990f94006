import { consumeAll } from '../../../platform/outbox/inbox.ts';
import type { Look, Scope, Work } from '../../../platform/work.ts';
import type { PayloadOf, WebhookPorts } from '../domain/webhook-ports.ts';
import type { WebhookFormat } from '../domain/webhook.ts';

const FORMATS: readonly WebhookFormat[] = ['CLOUD_EVENT', 'SLACK'];

/**
 * Every event of every service becomes a delivery for each webhook of its tenant that wants it, once: the deliveries
 * commit with the mark that the event has been handled. Most events concern no webhook, and those are only looked at.
 */
export const queueWebhooks = (given: { work: Work<WebhookPorts>; look: Look<WebhookPorts>; payloadOf: PayloadOf; queued: () => void }) => consumeAll('webhooks', async (event) => {
  const tenantId = event.tenant;
  if (tenantId === null) return;
  const scope: Scope = { kind: 'system', id: 'system:tenants', userId: null, tenantId };
  const wanting = async ({ webhooks }: WebhookPorts) => (await webhooks.enabled(tenantId)).filter((webhook) => webhook.wants(event));
  if ((await given.look(scope, wanting)).length === 0) return;

  await given.work(scope, async (ports) => {
    const found = await wanting(ports);
    // Always in this order, for each locks the lanes of its format.
    for (const format of FORMATS) {
      const ids = found.filter((webhook) => webhook.format === format).map(({ id }) => id);
      if (ids.length > 0) await ports.webhookDeliveries.queue(tenantId, ids, { eventId: event.id, eventType: event.type, payload: given.payloadOf(event, format) });
    }
  });
  given.queued();
});

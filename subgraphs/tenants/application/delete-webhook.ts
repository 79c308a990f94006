import type { WebhookId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { WebhookPorts } from '../domain/webhook-ports.ts';
import { holdWebhook } from './hold-webhook.ts';

export type DeleteWebhook = ReturnType<typeof deleteWebhook>;

/** With all its deliveries, made and waiting. */
export const deleteWebhook = (given: { work: Work<WebhookPorts> }) => (viewer: Viewer, input: { id: string }): Promise<{ webhookId: WebhookId }> =>
  given.work(viewer, async (ports) => {
    const webhook = await holdWebhook(viewer, input.id, ports);
    webhook.delete();
    ports.webhooks.remove(webhook);
    return { webhookId: webhook.id };
  });

import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { WebhookPorts } from '../domain/webhook-ports.ts';
import type { Webhook } from '../domain/webhook.ts';
import { holdWebhook } from './hold-webhook.ts';

export type SendTestWebhook = ReturnType<typeof sendTestWebhook>;

/** A test goes the way of every event, so that whoever gets it will get the others. */
export const sendTestWebhook = (given: { work: Work<WebhookPorts> }) => (viewer: Viewer, input: { id: string }): Promise<{ webhook: Webhook }> =>
  given.work(viewer, async (ports) => {
    const webhook = await holdWebhook(viewer, input.id, ports);
    webhook.test();
    return { webhook };
  });

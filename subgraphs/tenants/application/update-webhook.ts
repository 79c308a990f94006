import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Receivers, WebhookPorts } from '../domain/webhook-ports.ts';
import type { Webhook } from '../domain/webhook.ts';
import type { CreateWebhookInput } from './create-webhook.ts';
import { reachable } from './create-webhook.ts';
import { holdWebhook } from './hold-webhook.ts';

export type UpdateWebhookInput = { id: string } & { [K in Exclude<keyof CreateWebhookInput, 'format'>]?: CreateWebhookInput[K] | null };
export type UpdateWebhook = ReturnType<typeof updateWebhook>;

/** What is left out stays. One that is switched off gives up what waits; one that is switched on again begins with a clean record. */
export const updateWebhook = (given: { work: Work<WebhookPorts>; receivers: Receivers }) => async (viewer: Viewer, input: UpdateWebhookInput): Promise<{ webhook: Webhook }> => {
  const url = input.url == null ? null : await reachable(input.url, given.receivers);
  return given.work(viewer, async (ports) => {
    const webhook = await holdWebhook(viewer, input.id, ports);
    const was = webhook.isEnabled();
    webhook.update({ ...input, url });
    if (was && !webhook.isEnabled()) await ports.webhookDeliveries.giveUp(webhook.tenantId, webhook.id, 'The webhook was disabled.');
    if (!was && webhook.isEnabled()) await ports.webhookLanes.wake(webhook.id);
    return { webhook };
  });
};
